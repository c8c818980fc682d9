/**
 * Scans of the scanners that the station reads itself: this screen takes each that waits, and it goes where a keyboard
 * scan would go. A scanner that belongs to a place brings that place to the screen.
 */
import type { CallOutput, ScannersSnapshot } from '#contract';
import type { StationClient } from '../client/connect.ts';
import { goTo, showNotice } from '../state/actions.ts';
import { useStore } from '../state/store.ts';
import { takeScan } from './take-scan.ts';

/** Takes them until the returned function is called. */
export function takeDeviceScans(client: StationClient): () => void {
  const asked = new Set<number>();
  /** One after the other, so that two codes cannot change places. */
  let queue: Promise<void> = Promise.resolve();
  return client.subscribe('scanners', ({ waiting }: ScannersSnapshot) => {
    const now = new Set(waiting.map(({ seq }) => seq));
    for (const seq of asked) if (!now.has(seq)) asked.delete(seq);
    for (const seq of now) {
      if (asked.has(seq)) continue;
      asked.add(seq);
      queue = queue.then(() => takeOne(client, seq));
    }
  });
}

async function takeOne(client: StationClient, seq: number): Promise<void> {
  try {
    const { scan } = await client.call('scanners.take', { seq });
    if (scan !== null) take(scan);
  } catch {
    // Not taken by this screen: the station takes it to its place itself, and says what came of it.
  }
}

function take({ code, refusal, scanner, place }: NonNullable<CallOutput<'scanners.take'>['scan']>): void {
  if (place !== 'screen' && useStore.getState().place !== place) goTo(place);
  if (refusal !== null) showNotice({ code: `scan.refused-${refusal}`, tone: 'warn', params: {} });
  else takeScan(code, 'device', { scanner });
}
