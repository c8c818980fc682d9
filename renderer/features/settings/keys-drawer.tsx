/** Every key, on one page. */
import type { ReactNode } from 'react';
import { screenCommands } from '../../input/commands.ts';
import { useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { closeTop } from '../../state/actions.ts';
import { Drawer } from '../../ui/drawer.tsx';
import { KeyCap } from '../../ui/parts.tsx';

export function KeysDrawer(): ReactNode {
  const text = useText();
  const place = useStore((state) => state.place);
  return (
    <Drawer title={text('ui.keys.title')} closeText={text('ui.key.close')} onClose={closeTop} testId="keys-drawer">
      <ul className="keys-notes">
        <li>{text('ui.keys.scan')}</li>
        <li>{text('ui.keys.type')}</li>
        <li>{text('ui.keys.answers')}</li>
      </ul>
      <ul className="keys">
        {screenCommands
          .filter((command) => command.key.length > 1 && (command.place === undefined || command.place === place))
          .map((command) => (
            <li key={command.id}>
              <KeyCap name={command.key} /> {text(command.label, command.params)}
            </li>
          ))}
      </ul>
    </Drawer>
  );
}
