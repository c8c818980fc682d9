/**
 * `packbench device list`: the USB printers that are plugged in. `device calibrate` and `device test-print`: one printer of
 * a profile, without a station. The printer must not be printing for a station at the same time.
 */
import { listUsbPrinters } from '../../../../native/index.ts';
import { calibrationOf } from '../../../devices/printer/calibrate.ts';
import { createLabels } from '../../../labels/index.ts';
import { loadPrinterModels, settlePrinter } from '../../../profile/printer-models.ts';
import { openDeskPrinter } from '../../../station/desk-printers.ts';
import { defaultDataDir, readProfile } from '../../shared/data-dir.ts';
import { exitStatus, UsageError } from './exit.ts';
import { readOptions } from './options.ts';
import { makePorts, resourcesDir } from './station-setup.ts';

export async function runDevicePrinters(
  verb: 'list' | 'calibrate' | 'test-print',
  args: readonly string[],
): Promise<number> {
  const options = readOptions(args, {
    printer: { type: 'string' },
    profile: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean' },
  });
  if (verb === 'list') {
    for (const printer of await listUsbPrinters()) console.log(JSON.stringify(printer));
    return exitStatus.done;
  }
  const dataDir = options.text('data') ?? defaultDataDir();
  const { printers } = readProfile(options.text('profile'), dataDir).devices;
  const id = options.need('printer');
  const given = printers.find((each) => each.id === id);
  if (given === undefined) {
    const known = printers.map((each) => each.id).join(', ');
    throw new UsageError(`--printer ${id}: the profile has ${known === '' ? 'no printers' : known}`);
  }
  const ports = makePorts(dataDir);
  const settings = settlePrinter(given, loadPrinterModels(resourcesDir));
  const { worker, problem, target } = openDeskPrinter(settings, false, ports.links.create.bind(ports.links), ports);
  if (worker === null) throw new UsageError(`printer ${id}: ${problem ?? 'cannot be opened'}`);
  try {
    if (verb === 'calibrate') {
      const calibration = calibrationOf(settings.language, settings.tracking);
      if (calibration === null) {
        throw new UsageError(
          `printer ${id}: ${settings.language} with ${settings.tracking} media has no calibration command; use its own key`,
        );
      }
      const outcome = await worker.command(calibration.bytes);
      console.log(JSON.stringify({ printer: id, ...outcome, source: calibration.source }));
      return outcome.sent ? exitStatus.done : exitStatus.needsPerson;
    }
    const labels = createLabels({ clock: ports.clock, log: ports.log, resourcesDir });
    try {
      const facts = {
        code: `TEST-${id}`.slice(0, 20),
        printerId: id,
        language: settings.language,
        offsetXMm: settings.offset.xMm,
        offsetYMm: settings.offset.yMm,
      };
      const label = await labels.testLabel(facts, target);
      if (label.held) throw new UsageError(`printer ${id}: ${label.message}`);
      const outcome = await worker.print({ printId: 'test', bytes: label.bytes(0, 'test') });
      console.log(JSON.stringify({ printer: id, code: facts.code, ...outcome }));
      return outcome.kind === 'printed' ? exitStatus.done : exitStatus.needsPerson;
    } finally {
      await labels.stop();
    }
  } finally {
    await worker.stop();
  }
}
