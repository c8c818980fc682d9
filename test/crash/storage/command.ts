/** What the storage modes of the crash command share: options, the loud skip, the report. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createSystemClock } from '../../../main/host/shared/clock.ts';
import { whyNoStorageFaults } from './shim.ts';

export interface StorageCommand {
  /** The option that chooses the mode. */
  readonly flag: string;
  /** Whole numbers by option, with their defaults; `seed` is always one. */
  readonly numbers: Readonly<Record<string, number>>;
  /** False if the mode works without the library of faults. */
  readonly needsFaults: boolean;
  /** `violations` above 0 makes the exit status 1. */
  readonly run: (numbers: Readonly<Record<string, number>>) => Promise<{ readonly violations: number }>;
}

/** Runs a mode: 0 nothing wrong, 1 something wrong, 2 bad options, 3 this machine cannot do it. */
export async function runStorageCommand(command: StorageCommand, args: readonly string[]): Promise<number> {
  const names = [...Object.keys(command.numbers), 'seed'];
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        [command.flag]: { type: command.flag in command.numbers ? 'string' : 'boolean' },
        report: { type: 'string' },
        ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
      },
    }));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 2;
  }
  const numbers: Record<string, number> = {};
  for (const name of names) {
    const number = Number(values[name] ?? command.numbers[name] ?? 1);
    if (!Number.isSafeInteger(number) || number < 1) {
      console.error(`--${name} must be a whole number above 0, not ${JSON.stringify(values[name])}`);
      return 2;
    }
    numbers[name] = number;
  }
  const refusal = command.needsFaults ? whyNoStorageFaults() : null;
  if (refusal !== null) {
    console.error(`SKIPPED: --${command.flag} proves nothing on this machine: ${refusal}`);
    return 3;
  }
  const clock = createSystemClock();
  const startedAt = clock.monotonic();
  const found = await command.run(numbers);
  const elapsedMs = Math.round(clock.monotonic() - startedAt);
  const report = { mode: command.flag, ...numbers, ...found, elapsedMs };
  const text = `${JSON.stringify(report, null, 2)}\n`;
  console.log(text);
  if (typeof values['report'] === 'string') writeFileSync(values['report'], text);
  return found.violations > 0 ? 1 : 0;
}
