/** `packbench diagnose`: starts the desk, checks it, prints one report. */
import { Locale } from '../../../../preload/contract/index.ts';
import { loadSentences } from '../../../diagnostics/sentences.ts';
import { startStation } from '../../../station.ts';
import { defaultDataDir, readProfile } from '../../shared/data-dir.ts';
import { exitStatus, UsageError } from './exit.ts';
import { readOptions } from './options.ts';
import { makePorts, resourcesDir } from './station-setup.ts';

/** Devices get this long to answer before they are judged. */
const settleMs = 1_500;

export async function runDiagnose(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    profile: { type: 'string' },
    data: { type: 'string' },
    locale: { type: 'string' },
    json: { type: 'boolean' },
  });
  const locale = Locale.safeParse(options.text('locale') ?? 'en');
  if (!locale.success) throw new UsageError('--locale: known are zh-CN, en');
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
      const say = loadSentences(resourcesDir, locale.data);
      const width = Math.max(...report.steps.map(({ title }) => title.length)) + 2;
      for (const { outcome, title, detail, notice } of report.steps) {
        console.log(`${outcome.padEnd(9)}${title.padEnd(width)}${notice === undefined ? detail : say(notice)}`);
      }
    }
    return report.outcome === 'fail' ? exitStatus.needsPerson : exitStatus.done;
  } finally {
    await station.stop();
    ports.log.close();
  }
}
