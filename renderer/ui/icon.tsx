/** Line icons, drawn on a 24 × 24 grid in the colour of the text around them. Always beside a word, never alone. */
import type { ReactNode } from 'react';

const shapes = {
  scan: 'M3 8V5a2 2 0 0 1 2-2h3M16 3h3a2 2 0 0 1 2 2v3M21 16v3a2 2 0 0 1-2 2h-3M8 21H5a2 2 0 0 1-2-2v-3M7 8v8M10.5 8v8M13.5 8v8M17 8v8',
  box: 'M3 8l9-5 9 5v8l-9 5-9-5zM3 8l9 5 9-5M12 13v8',
  bag: 'M9.5 6.5L8 3h8l-1.5 3.5M9.5 6.5h5C19 10 21 14 20 18a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3c-1-4 1-8 5.5-11.5zM9 14h6',
  items: 'M9 6h12M9 12h12M9 18h12M3.5 6l1 1 2-2M3.5 12l1 1 2-2M3.5 18l1 1 2-2',
  scale: 'M4 20h16l-1.5-11h-13zM8 9a4 4 0 0 1 8 0M12 9l2-3',
  label: 'M3 12V4h8l10 10-8 8zM7.5 8.5h.01',
  check: 'M4 12.5l5.5 5.5L20 6.5',
  stop: 'M8 2.5h8l5.5 5.5v8L16 21.5H8L2.5 16V8zM12 7v6M12 16.5h.01',
  warn: 'M12 3.5L22 20.5H2zM12 10v5M12 17.8h.01',
  ask: 'M12 21.5a9.5 9.5 0 1 0 0-19 9.5 9.5 0 0 0 0 19zM9.2 9.2a2.9 2.9 0 1 1 4 2.7c-.9.4-1.2 1-1.2 2M12 17h.01',
  info: 'M12 21.5a9.5 9.5 0 1 0 0-19 9.5 9.5 0 0 0 0 19zM12 11v6M12 7.2h.01',
  offline:
    'M3 3l18 18M8.5 15.5a5 5 0 0 1 5-1.3M5 12a10 10 0 0 1 4-2.5M2 8.5A15 15 0 0 1 7 5.6M13 5.1a15 15 0 0 1 9 3.4M16.5 10.6A10 10 0 0 1 19 12M12 19.5h.01',
  clock: 'M12 21.5a9.5 9.5 0 1 0 0-19 9.5 9.5 0 0 0 0 19zM12 6.5V12l3.5 2',
  printer: 'M7 8V3h10v5M7 17H4v-7a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v7h-3M7 14h10v7H7z',
  rack: 'M4 2.5v19M20 2.5v19M4 10h16M4 19h16M8 5.5h8V10H8zM7 14.5h6V19H7z',
  outbox: 'M3 14v5a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2v-5M12 16V3M7 8l5-5 5 5',
  sync: 'M20 7a9 9 0 0 0-15.5-.5L3 9M3 4v5h5M4 17a9 9 0 0 0 15.5.5L21 15M21 20v-5h-5',
  vendor:
    'M2.5 7h11v10h-11zM13.5 10.5h4l4 3.5v3h-8zM6.5 19.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM17 19.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  bell: 'M6 16V10a6 6 0 0 1 12 0v6l2 2H4zM10 21h4',
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={shapes[name]} />
    </svg>
  );
}
