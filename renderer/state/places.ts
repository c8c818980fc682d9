/** Scans go to the place that is open. */
import type { CallInput, ScanManner } from '#contract';
import { sendScan } from './actions.ts';
import { sendBagScan } from './bag-actions.ts';
import { sendDayScan } from './day-actions.ts';
import type { Feedback } from './desk-slice.ts';
import { useStore, type AppState } from './store.ts';

export function sendHere(code: string, source: CallInput<'pack.scan'>['source'], manner?: ScanManner): void {
  const { place } = useStore.getState();
  if (place === 'bags') sendBagScan(code, source, manner);
  else if (place === 'day') void sendDayScan(code, source, manner);
  else sendScan(code, source, manner);
}

/** The answer of the place that is open. */
export function feedbackHere(state: AppState): Feedback | null {
  if (state.place === 'bags') return state.spokenAtBags.feedback;
  return state.place === 'day' ? state.spokenAtDay.feedback : state.feedback;
}

/** Scans the newest label out of the virtual printer: the code that is waited for, else its first. */
export function scanNewestLabel(): void {
  const code = newestCode(useStore.getState());
  if (code !== null) sendHere(code, 'keyboard');
}

export function newestCode({ training, pack, bags, place }: AppState): string | null {
  const codes = training?.tray.at(-1)?.codes ?? [];
  const expected = place === 'bags' ? bags?.expects : pack?.expects;
  return codes.find((one) => one === expected) ?? codes[0] ?? null;
}
