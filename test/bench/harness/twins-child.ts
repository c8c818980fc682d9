/** The virtual vendors without processing time, until the process is ended: `twins-child.ts DIR ORDERS`. */
import { createTrainingVendors } from '../../../main/training/vendors.ts';
import type { TrainingSettings } from '../../../main/station/vendor-set.ts';
import { silentLog } from '../../kit/ports.ts';
import { benchClock } from './history.ts';

const [dir = '', orders = '0'] = process.argv.slice(2);
const training = await createTrainingVendors({
  dir,
  clock: benchClock,
  seed: 1,
  orders: Number(orders),
  log: silentLog,
  processingMs: 0,
});
const secrets = Object.fromEntries(training.secrets);
const settings = training.vendors.map((vendor): [string, TrainingSettings] => [
  vendor.id,
  { settings: vendor.settings, secrets },
]);
process.send?.(settings);
// Whoever started it is gone: nobody else would end it.
process.once('disconnect', () => process.exit(0));
