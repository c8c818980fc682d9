/** `packbench diagnose`: starts the desk, checks it, prints one report. */
import { startStation } from '../../../station.ts';
import { defaultDataDir, readProfile } from '../../shared/data-dir.ts';
import { exitStatus } from './exit.ts';
import { readOptions } from './options.ts';
import { makePorts, resourcesDir } from './station-setup.ts';

/** Devices get this long to answer before they are judged. */
const settleMs = 1_500;

export async function runDiagnose(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    profile: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean' },
  });
  const dataDir = options.text('data') ?? defaultDataDir();
  const profile = readProfile(options.text('profile'), dataDir);
  const ports = makePorts(dataDir);
  const station = await startStation({ ports, profile, resourcesDir });
  try {
    await new Promise<void>((resolve) => {
      ports.clock.after(settleMs, resolve);
    });
    const report = await station.inside.diagnose();
    if (options.flag('json')) console.log(JSON.stringify(report));
    else {
      for (const step of report.steps) console.log(`${step.outcome.padEnd(8)}${step.title.padEnd(16)}${step.detail}`);
    }
    return report.outcome === 'fail' ? exitStatus.needsPerson : exitStatus.done;
  } finally {
    await station.stop();
    ports.log.close();
  }
}
