/** A question only the packer can answer. Each answer has one key; nothing is the default. */
import type { ReactNode } from 'react';
import { PackCommand } from '#contract';
import { useNoticeText, useText } from '../../state/locale.ts';
import { sendCommand } from '../../state/actions.ts';
import { useStore } from '../../state/store.ts';
import { AddressForm } from './address-form.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Button, toneIcons } from '../../ui/parts.tsx';

export function PromptPanel(): ReactNode {
  const prompt = useStore((state) => state.pack?.prompt ?? null);
  const orderId = useStore((state) => state.pack?.order?.id ?? null);
  const text = useText();
  const notice = useNoticeText();
  if (prompt === null) return null;
  return (
    <section className={`prompt tone-${prompt.notice.tone}`} role="alert" data-testid="prompt" data-kind={prompt.kind}>
      <p className="prompt-words">
        <Icon name={toneIcons[prompt.notice.tone]} />
        <span>
          <strong>{text(`ui.tone.${prompt.notice.tone}`)}</strong> {notice(prompt.notice)}
        </span>
      </p>
      {prompt.address === undefined || orderId === null ? null : (
        <AddressForm key={`${orderId} ${prompt.address.whole}`} orderId={orderId} address={prompt.address} />
      )}
      <div className="prompt-options">
        {prompt.options.map((option) => {
          const command = PackCommand.safeParse(option.command);
          return (
            <Button
              key={option.command}
              keyName={option.key}
              testId={`prompt-option-${option.command}`}
              disabled={!command.success}
              onPress={() => {
                if (command.success) sendCommand(command.data);
              }}
            >
              {text(`ui.command.${option.command}`)}
            </Button>
          );
        })}
      </div>
    </section>
  );
}
