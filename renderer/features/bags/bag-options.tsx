/** What the station asks about the chosen bag. Each answer has one key; nothing is the default. */
import type { ReactNode } from 'react';
import type { BagsSnapshot } from '#contract';
import { sendBagCommand } from '../../state/bag-actions.ts';
import { useNoticeText, useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Button, toneIcons } from '../../ui/parts.tsx';
import { Icon } from '../../ui/icon.tsx';

const none: BagsSnapshot['options'] = [];

export function BagOptions(): ReactNode {
  const options = useStore((state) => state.bags?.options ?? none);
  const chosen = useStore((state) => state.bags?.chosen ?? null);
  const asked = useStore((state) => state.question !== null);
  const text = useText();
  const notice = useNoticeText();
  if (options.length === 0 || asked) return null;
  const said = chosen?.notice ?? null;
  return (
    <section className={`prompt bag-options tone-${said?.tone ?? 'ask'}`} role="alert" data-testid="bag-options">
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
            {text(`ui.bags.action.${command}`)}
          </Button>
        ))}
      </div>
    </section>
  );
}
