/** `--faults`: every virtual vendor answers some calls as bad vendors and lines do, all through the shift. */
import type { Fault } from '../../../../training/faults.ts';
import type { TrainingVendors } from '../../../../training/vendors.ts';

/** One after the other; each fires once. With `effect`, and with `cut-after`, the vendor did it and we are not told. */
const mix: readonly Fault[] = [
  { kind: 'cut-after' },
  { kind: 'error-500', effect: true },
  { kind: 'throttle', retryAfterS: 1 },
  { kind: 'duplicate-answer' },
  { kind: 'cut-before' },
  { kind: 'html', effect: true },
  { kind: 'stale-answer' },
  { kind: 'garbage', effect: true },
  { kind: 'token-expired' },
  { kind: 'error-500' },
];

/** Sets the next fault of the mix on every virtual vendor in place of the last, a different one on each. */
export function faultMix(vendors: TrainingVendors): { next(): void } {
  let step = 0;
  return {
    next() {
      for (const [index, vendor] of vendors.vendors.entries()) {
        const fault = mix[(step + index) % mix.length];
        if (fault !== undefined) vendor.setFault(fault);
      }
      step += 1;
    },
  };
}
