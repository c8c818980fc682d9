/** Overriding a rule, or a second label, needs a reason: the common ones by digit, any other in words. */
import { useEffect, useState, type ReactNode } from 'react';
import type { PackCommand } from '#contract';
import { onReasonKey, reasonCount } from '../../input/commands.ts';
import { useText } from '../../state/locale.ts';
import { sendCommand } from '../../state/actions.ts';
import { Button } from '../../ui/parts.tsx';

export function ReasonDialog({ command }: { readonly command: PackCommand }): ReactNode {
  const text = useText();
  const [other, setOther] = useState('');
  const presets = Array.from({ length: reasonCount(command) }, (_, index) => index + 1);
  const preset = (index: number): string => text(`ui.reason.${command}.${index}`);
  useEffect(() => onReasonKey((index) => sendCommand(command, text(`ui.reason.${command}.${index}`))), [command, text]);
  return (
    <section className="prompt tone-ask" role="dialog" aria-labelledby="reason-title" data-testid="reason-dialog">
      <p className="prompt-words" id="reason-title">
        {text('ui.reason.title', { command })}
      </p>
      <div className="prompt-options">
        {presets.map((index) => (
          <Button
            key={index}
            keyName={String(index)}
            testId={`reason-${index}`}
            onPress={() => sendCommand(command, preset(index))}
          >
            {preset(index)}
          </Button>
        ))}
      </div>
      <form
        className="reason-other"
        onSubmit={(event) => {
          event.preventDefault();
          if (other.trim() !== '') sendCommand(command, other.trim());
        }}
      >
        <label>
          <span>{text('ui.reason.other')}</span>
          <input
            value={other}
            maxLength={200}
            onChange={(event) => setOther(event.target.value)}
            data-testid="reason-other"
          />
        </label>
        <button type="submit" className="button">
          {text('ui.reason.confirm')}
        </button>
      </form>
    </section>
  );
}
