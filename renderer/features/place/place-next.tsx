/** What to do next at the bags or at the end of the day; the same shape as on the pack screen, read from as far. */
import type { ReactNode } from 'react';
import type { Notice } from '#contract';
import { useLocale, useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { toneIcons } from '../../ui/parts.tsx';
import { noticeParts } from '../../ui/text.ts';

interface PlaceNextProps {
  /** Null until the station has said anything. */
  readonly next: Notice | null;
  readonly stage: string;
  readonly word: string;
  readonly icon: IconName;
  /** The one code that is waited for; shown in training only. */
  readonly expects?: string | null;
}

export function PlaceNext({ next, stage, word, icon, expects }: PlaceNextProps): ReactNode {
  const typed = useStore((state) => state.typed);
  const reachable = useStore((state) => state.reach.kind === 'connected');
  const failed = useStore((state) => state.reach.kind === 'failed');
  const text = useText();
  const locale = useLocale();
  const said: Notice = next ?? {
    code: failed ? 'ui.connection.cannot-pack' : 'ui.connection.connecting',
    tone: failed ? 'stop' : 'info',
    params: {},
  };
  const loud = said.tone === 'stop' || said.tone === 'warn' || said.tone === 'ask';
  return (
    <section
      className={`next tone-${said.tone}${reachable ? '' : ' is-stale'}`}
      data-testid="next-panel"
      data-stage={next === null ? 'none' : stage}
      data-tone={said.tone}
      data-code={said.code}
    >
      <div className="next-icon">
        <Icon name={loud ? toneIcons[said.tone] : icon} />
        <span className="next-stage">{word}</span>
      </div>
      <div className="next-body">
        <p className="next-words" aria-live="polite">
          {noticeParts(locale, said).map((part, index) => (
            <span key={index} className={part.value ? 'next-value' : undefined}>
              {part.text}
            </span>
          ))}
        </p>
        {expects == null ? null : (
          <p className="next-expects" data-testid="expects">
            {text('ui.pack.expects')} <code>{expects}</code>
          </p>
        )}
        {typed === '' ? null : (
          <p className="next-typed" data-testid="typed">
            {text('ui.pack.typed')} <strong>{typed}</strong> <small>{text('ui.pack.typed-hint')}</small>
          </p>
        )}
      </div>
    </section>
  );
}
