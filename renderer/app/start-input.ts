/** Joins scanner and keys to what the screen does with them. */
import { keyName, runKey, runLoneKey } from '../input/commands.ts';
import { listenToKeys } from '../input/listen.ts';
import { takeScan } from '../input/take-scan.ts';
import { defaultWedgeSettings, type PrefixKey, type WedgeSettings } from '../input/wedge-model.ts';
import { showNotice } from '../state/actions.ts';
import type { ScannerPrefix } from '../state/preferences-slice.ts';
import { useStore } from '../state/store.ts';
import { unlockSound } from '../ui/sound.ts';

const prefixKeys: Readonly<Record<ScannerPrefix, PrefixKey | null>> = {
  none: null,
  f13: { code: 'F13', ctrl: false },
  stx: { code: 'KeyB', ctrl: true },
};

const settingsOf: Readonly<Record<ScannerPrefix, WedgeSettings>> = {
  none: { ...defaultWedgeSettings, prefix: prefixKeys.none },
  f13: { ...defaultWedgeSettings, prefix: prefixKeys.f13 },
  stx: { ...defaultWedgeSettings, prefix: prefixKeys.stx },
};

export function startInput(page: Window): () => void {
  return listenToKeys(page, () => settingsOf[useStore.getState().scannerPrefix], {
    onScan: takeScan,
    onRefused: (reason) => showNotice({ code: `scan.refused-${reason}`, tone: 'warn', params: {} }),
    // Who presses a digit in a list of a form does not mean the button with that number, nor to type a code.
    onLoneKey: (key) => isListOfForm(page.document.activeElement) || runLoneKey(key, useStore.getState()),
    onTyped: (typed) => {
      if (useStore.getState().typed !== typed) useStore.setState({ typed });
    },
    onKey: (event) => runKey(keyName(event), useStore.getState()),
    onGesture: unlockSound,
  });
}

/** A list of choices in a form whose buttons have numbers: the device wizard. */
function isListOfForm(focused: Element | null): boolean {
  return focused instanceof HTMLSelectElement && focused.closest('.device-wizard') !== null;
}
