/** What was entered about a hand-over last, by carrier: a packer fills it in once. */
import type { FlightForm, HandoverDetailsForm } from '../../../preload/contract/index.ts';
import type { DayContext } from './day-context.ts';

const formKey = (vendor: string): string => `handover.form.${vendor}`;

/** Inside the transaction that pushes. A push without a flight keeps the flight of the one before. */
export function rememberForm(
  { store }: Pick<DayContext, 'store'>,
  vendor: string,
  details: HandoverDetailsForm,
  flight: FlightForm | null,
): void {
  const kept = recallText(store.values.get(formKey(vendor)));
  store.values.set(formKey(vendor), JSON.stringify({ details, flight: flight ?? kept?.flight ?? null }));
}

/** As it was kept; whoever uses it checks it. Null if there is none. */
export function recallForm({ store }: Pick<DayContext, 'store'>, vendor: string): unknown {
  return recallText(store.values.get(formKey(vendor)));
}

function recallText(text: string | null): { details?: unknown; flight?: unknown } | null {
  try {
    return text === null ? null : (JSON.parse(text) as { details?: unknown; flight?: unknown });
  } catch {
    return null;
  }
}
