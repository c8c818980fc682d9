/** The two slips of the order that is looked at. */
import type { ReactNode } from 'react';
import { commandOf } from '../../input/commands.ts';
import { useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Button } from '../../ui/parts.tsx';

export function SlipButtons(): ReactNode {
  const text = useText();
  return ['print-slip', 'print-contents'].map((id) => {
    const command = commandOf(id);
    return command === undefined ? null : (
      <Button
        key={id}
        quiet
        keyName={command.key}
        onPress={() => command.run(useStore.getState())}
        testId={`slip-${id}`}
      >
        {text(command.label)}
      </Button>
    );
  });
}
