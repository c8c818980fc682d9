/**
 * What the station asks about the chosen bag. Each answer has one key; nothing is the default. What may merely be done
 * with the bag as it stands is no question: it stands below, with the other keys.
 */
import type { ReactNode } from 'react';
import type { BagsSnapshot } from '#contract';
import { sendBagCommand } from '../../state/bag-actions.ts';
import { useNoticeText, useText } from '../../state/locale.ts';
import { useStore, type AppState } from '../../state/store.ts';
import { Button, toneIcons } from '../../ui/parts.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Mismatch } from './mismatch.tsx';

const none: BagsSnapshot['options'] = [];

/** True if something about the chosen bag has to be answered before it goes on. */
export function isAsking({ bags }: AppState): boolean {
  if (bags === null || bags.chosen === null) return false;
  return (
    bags.mismatch !== null || bags.recount !== null || bags.chosen.stage === 'attention' || bags.chosen.notice !== null
  );
}

export function BagOptions(): ReactNode {
  const options = useStore((state) => state.bags?.options ?? none);
  const chosen = useStore((state) => state.bags?.chosen ?? null);
  const mismatch = useStore((state) => state.bags?.mismatch ?? null);
  const asked = useStore((state) => state.question !== null);
  const text = useText();
  const notice = useNoticeText();
  const loud = useStore(isAsking);
  if (asked || !loud) return null;
  const said = chosen?.notice ?? null;
  const tone = mismatch === null ? (said?.tone ?? 'ask') : 'stop';
  return (
    <section className={`prompt bag-options tone-${tone}`} role="alert" data-testid="bag-options">
      {mismatch === null ? null : <Mismatch mismatch={mismatch} />}
      {said === null ? null : (
        <p className="prompt-words">
          <Icon name={toneIcons[said.tone]} />
          <span>{notice(said)}</span>
        </p>
      )}
      <div className="prompt-options">
        {options.map(({ command, key }) => (
          <Button
            key={command}
            keyName={key}
            testId={`bag-option-${command}`}
            onPress={() => sendBagCommand({ command })}
          >
            {text(`ui.bags.command.${command}`)}
          </Button>
        ))}
      </div>
    </section>
  );
}
