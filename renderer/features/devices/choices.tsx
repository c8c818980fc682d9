/** Numbered buttons: pressed by mouse, by Tab and Enter, by digit, or by a scanned PB:KEY:<digit>. */
import { useEffect, type ReactNode } from 'react';
import { onDevicesKey } from '../../input/commands.ts';
import { Button } from '../../ui/parts.tsx';

export interface Choice {
  readonly id: string;
  readonly label: ReactNode;
  readonly run: () => void;
  readonly disabled?: boolean;
}

/** The first nine have a digit. `PB:KEY:ENTER` presses the first that can be pressed. */
export function NumberedChoices({ choices }: { readonly choices: readonly Choice[] }): ReactNode {
  useEffect(() =>
    onDevicesKey((name) => {
      const one = name === 'ENTER' ? choices.find(({ disabled }) => disabled !== true) : choices[Number(name) - 1];
      if (one === undefined || one.disabled === true) return false;
      one.run();
      return true;
    }),
  );
  return (
    <div className="device-choices">
      {choices.map(({ id, label, run, disabled }, index) => (
        <Button
          key={id}
          {...(index < 9 ? { keyName: String(index + 1) } : {})}
          onPress={run}
          disabled={disabled === true}
          testId={`devices-${id}`}
        >
          {label}
        </Button>
      ))}
    </div>
  );
}
