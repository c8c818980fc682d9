/** Where a scan goes: to the screen itself, into what is open over it, else to the place that is open. */
import type { CallInput, ScanManner } from '#contract';
import { goTo, sendScan, setInspectQuery } from '../state/actions.ts';
import { scanIntoDraft, takesIntoDraft } from '../state/day-actions.ts';
import { sendHere } from '../state/places.ts';
import { useStore } from '../state/store.ts';
import { runKey, runLoneKey } from './commands.ts';
import { readScreenCode } from './screen-codes.ts';

/** `manner` matters to the self-test of the scanner, and to the record which scanner it was. */
export function takeScan(code: string, source: CallInput<'pack.scan'>['source'], manner?: ScanManner): void {
  const screenCode = readScreenCode(code);
  if (screenCode !== null) {
    useStore.setState({ typed: '' });
    if (screenCode.kind === 'go') goTo(screenCode.place);
    else if (screenCode.kind === 'desk') sendScan(code, source);
    else if (!runKey(screenCode.name, useStore.getState())) runLoneKey(screenCode.name, useStore.getState());
    return;
  }
  // Our own command, badge and test codes stay what they are, whatever is open.
  const ours = /^PB:/i.test(code);
  if (!ours && useStore.getState().drawer === 'labels') setInspectQuery(code);
  else if (!ours && takesIntoDraft(useStore.getState())) {
    // After the field has got back what it held before the burst (`listen.ts`), which would overwrite this.
    window.setTimeout(() => scanIntoDraft(code), 0);
  } else {
    const told = manner?.scanner !== undefined || /^PB:TEST:/i.test(code);
    sendHere(code, source, told ? manner : undefined);
  }
}
