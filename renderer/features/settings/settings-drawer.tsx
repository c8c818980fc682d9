/** What this screen may choose for itself (language, volume, how the scanner begins its codes), and the desk's routes. */
import type { ReactNode } from 'react';
import { useLocale, useText } from '../../state/locale.ts';
import { closeTop, setScannerPrefix, setVolume, toggleDrawer, toggleLocale } from '../../state/actions.ts';
import { useStore } from '../../state/store.ts';
import { PrintersPanel } from '../printers/printers-panel.tsx';
import { RoutesEditor } from '../routes/routes-editor.tsx';
import { SheetsPanel } from '../sheets/sheets-panel.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { Button, Choices } from '../../ui/parts.tsx';
import { playSound } from '../../ui/sound.ts';

export function SettingsDrawer(): ReactNode {
  const text = useText();
  const locale = useLocale();
  const volume = useStore((state) => state.volume);
  const prefix = useStore((state) => state.scannerPrefix);
  return (
    <Drawer
      title={text('ui.settings.title')}
      closeText={text('ui.key.close')}
      onClose={closeTop}
      testId="settings-drawer"
    >
      <h3>{text('ui.settings.language')}</h3>
      <Choices
        label={text('ui.settings.language')}
        value={locale}
        options={['zh-CN', 'en']}
        nameOf={(one) => (one === 'en' ? 'English' : '中文')}
        onChoose={(one) => {
          if (one !== locale) toggleLocale();
        }}
        testId="locale"
      />
      <h3>{text('ui.settings.volume')}</h3>
      <div className="volume">
        <input
          type="range"
          min={0}
          max={100}
          step={10}
          value={Math.round(volume * 100)}
          aria-label={text('ui.settings.volume')}
          onChange={(event) => setVolume(Number(event.target.value) / 100)}
          data-testid="volume"
        />
        <output>{Math.round(volume * 100)}%</output>
        <button type="button" className="button" onClick={() => playSound('done', volume)}>
          {text('ui.settings.test-sound')}
        </button>
      </div>
      <h3>{text('ui.settings.prefix')}</h3>
      <Choices
        label={text('ui.settings.prefix')}
        value={prefix}
        options={['none', 'f13', 'stx']}
        nameOf={(one) => text(`ui.settings.prefix.${one}`)}
        onChoose={setScannerPrefix}
        testId="scanner-prefix"
      />
      <p className="faint">{text('ui.settings.prefix-why')}</p>
      <h3>{text('ui.devices.title')}</h3>
      <Button keyName="Ctrl+U" onPress={() => toggleDrawer('devices')} testId="open-devices">
        {text('ui.devices.open')}
      </Button>
      <PrintersPanel />
      <SheetsPanel />
      <RoutesEditor />
    </Drawer>
  );
}
