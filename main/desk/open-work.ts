/**
 * The order on the desk, kept in the database so that a restart shows the packer the same order with the same scans.
 * Everything after sealing is read from the parcel's own records; this holds only what those do not know.
 */
import { z } from 'zod';
import type { Log } from '../ports.ts';
import type { Store } from '../store/store.ts';

const OpenWork = z.strictObject({
  orderId: z.string(),
  orderVersion: z.number().int(),
  parcelId: z.string().nullable(),
  /** One line id per accepted item scan, oldest first. */
  scans: z.array(z.string()),
});
export type OpenWork = z.infer<typeof OpenWork>;

const key = 'desk.open';

/** Reads the order on the desk, or null. A row that does not parse is logged and treated as none: the order stays in the queue. */
export function loadOpenWork(store: Store, log: Log): OpenWork | null {
  const text = store.values.get(key);
  if (text === null) return null;
  try {
    return OpenWork.parse(JSON.parse(text));
  } catch (error) {
    log.error(
      { error: String(error) },
      'the record of the order on the desk does not parse; starting with an empty desk',
    );
    return null;
  }
}

/** Writes the order on the desk; null clears it. Inside the caller's transaction if there is one. */
export function saveOpenWork(store: Store, work: OpenWork | null): void {
  if (work === null) store.values.delete(key);
  else store.values.set(key, JSON.stringify(work));
}
