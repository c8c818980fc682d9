/** The one thing to do next, readable from 1.5 m. Stage and tone change its word, its icon and its colour together. */
import type { ReactNode } from 'react';
import type { PackStage } from '#contract';
import { useLocale, useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { toneIcons } from '../../ui/parts.tsx';
import { noticeParts } from '../../ui/text.ts';

const stageIcons: Readonly<Record<PackStage, IconName>> = {
  idle: 'scan',
  items: 'items',
  weigh: 'scale',
  label: 'printer',
  'scan-back': 'label',
  stopped: 'stop',
};

export function NextPanel(): ReactNode {
  const stage = useStore((state) => state.pack?.stage ?? null);
  const next = useStore((state) => state.pack?.next ?? null);
  const typed = useStore((state) => state.typed);
  const reachable = useStore((state) => state.reach.kind === 'connected');
  const failed = useStore((state) => state.reach.kind === 'failed');
  const text = useText();
  const locale = useLocale();
  if (stage === null || next === null) {
    const words = failed ? 'ui.connection.cannot-pack' : 'ui.connection.connecting';
    return (
      <section
        className={`next${failed ? ' tone-stop' : ''}`}
        data-testid="next-panel"
        data-stage="none"
        data-tone={failed ? 'stop' : 'info'}
      >
        <div className="next-icon">
          <Icon name={failed ? 'stop' : 'sync'} />
        </div>
        <p className="next-words">{text(words)}</p>
      </section>
    );
  }
  const loud = next.tone === 'stop' || next.tone === 'warn' || next.tone === 'ask';
  return (
    <section
      className={`next tone-${next.tone} stage-${stage}${reachable ? '' : ' is-stale'}`}
      data-testid="next-panel"
      data-stage={stage}
      data-tone={next.tone}
      data-code={next.code}
    >
      <div className="next-icon">
        <Icon name={loud ? toneIcons[next.tone] : stageIcons[stage]} />
        <span className="next-stage">{text(`ui.stage.${stage}`)}</span>
      </div>
      <div className="next-body">
        <p className="next-words" aria-live="polite">
          {noticeParts(locale, next).map((part, index) => (
            <span key={index} className={part.value ? 'next-value' : undefined}>
              {part.text}
            </span>
          ))}
        </p>
        {typed === '' ? null : (
          <p className="next-typed" data-testid="typed">
            {text('ui.pack.typed')} <strong>{typed}</strong> <small>{text('ui.pack.typed-hint')}</small>
          </p>
        )}
      </div>
    </section>
  );
}
