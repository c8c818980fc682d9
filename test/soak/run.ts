/** `npm run soak -- --dws 36000 --minutes 2`: the long runs. One JSON report on standard output; status 1 if a promise broke. */
import { parseArgs } from 'node:util';
import { faultsOf, soakDws } from './dws.ts';

/** The promises: 0 lost, accepted within 20 ms in 99 of 100 cases, flat memory. */
const limits = { p99Ms: 20, heapGrowthMb: 8 };

const { values } = parseArgs({
  options: {
    /** Parcels per hour. */
    dws: { type: 'string', default: '36000' },
    minutes: { type: 'string', default: '2' },
    'burst-seconds': { type: 'string', default: '30' },
    flood: { type: 'string', default: '6000' },
  },
});

function positive(name: keyof typeof values): number {
  const value = Number(values[name]);
  if (Number.isFinite(value) && value > 0) return value;
  process.stderr.write(`--${name} ${values[name]}: must be a number above 0\n`);
  process.exit(2);
}

const report = await soakDws({
  perHour: positive('dws'),
  minutes: positive('minutes'),
  burstSeconds: positive('burst-seconds'),
  flood: Math.round(positive('flood')),
  progress: (line) => process.stderr.write(`${line}\n`),
});
const faults = faultsOf(report, limits);
process.stdout.write(`${JSON.stringify({ ...report, limits, faults }, null, 2)}\n`);
process.exit(faults.length === 0 ? 0 : 1);
