/** A panel over the right half of the screen. Scanning goes on beneath it. */
import { useEffect, useRef, type ReactNode } from 'react';
import { Button } from './parts.tsx';

interface DrawerProps {
  readonly title: string;
  readonly closeText: string;
  readonly hint?: string;
  readonly testId: string;
  readonly onClose: () => void;
  /** For what needs most of the screen. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

export function Drawer({ title, closeText, hint, testId, onClose, wide, children }: DrawerProps): ReactNode {
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    frame.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <section
      className={wide === true ? 'drawer drawer-wide' : 'drawer'}
      role="dialog"
      aria-label={title}
      tabIndex={-1}
      ref={frame}
      data-testid={testId}
    >
      <header className="drawer-head">
        <h2>{title}</h2>
        {hint === undefined ? null : <small>{hint}</small>}
        <Button quiet keyName="Esc" onPress={onClose} testId={`${testId}-close`}>
          {closeText}
        </Button>
      </header>
      <div className="drawer-body">{children}</div>
    </section>
  );
}
