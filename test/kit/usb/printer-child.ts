/**
 * Run under the emulated USB printer (printer.py): prints one file through the real usb package and the real driver, and
 * says on standard output, one JSON line each, what came of it.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createLinks } from '../../../native/index.ts';
import { createDeviceSessions } from '../../../main/desk/devices/device-session.ts';
import { createPrinter } from '../../../main/devices/printer/printer.ts';
import { createSystemClock } from '../../../main/host/shared/clock.ts';
import { loadPrinterModels } from '../../../main/profile/printer-models.ts';
import { silentLog } from '../ports.ts';

const [scenario = '', file = ''] = process.argv.slice(2);
const clock = createSystemClock();
const links = createLinks({ clock, log: silentLog });
const models = loadPrinterModels(fileURLToPath(new URL('../../../resources', import.meta.url)));
const say = (fact: Record<string, unknown>): void => console.log(JSON.stringify(fact));
const uri = 'usb://0a5f:0081/29j1';

if (scenario === 'print') {
  const link = links.create(uri, { reopen: false });
  const printer = createPrinter({ id: 'usb', link, language: 'zpl', ask: true, clock, log: silentLog });
  say({ outcome: await printer.print({ printId: 'p1', bytes: readFileSync(file) }), state: printer.snapshot.state });
  await printer.stop();
} else if (scenario === 'write') {
  const link = links.create(uri, { reopen: false });
  const startedAt = clock.monotonic();
  say({ outcome: await link.write(readFileSync(file), 1_000), word: await link.deviceWord?.(500) });
  await link.close();
  say({ closedWithin2s: clock.monotonic() - startedAt < 3_500 });
} else if (scenario === 'list') {
  const link = links.create(uri, {});
  link.open();
  await new Promise<void>((resolve) => {
    link.onState((state) => {
      if (state === 'open') resolve();
    });
  });
  // Its names are read while it is open for printing, and that must not close it.
  const found = (await links.inventory.list()).filter(({ kind }) => kind === 'usb');
  say({ found, outcome: await link.write(readFileSync(file), 5_000), state: link.state });
  await link.close();
} else if (scenario === 'detect') {
  const sessions = createDeviceSessions({ clock, log: silentLog, links, inUse: () => null, printerModels: models });
  const { shown } = sessions.view;
  await sessions.detect(uri, 'printer', false);
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (shown.current().kind === 'detect' && shown.current().state !== 'running') resolve();
    };
    shown.onChange(look);
    look();
  });
  say({ problem: shown.current().problem, proposals: shown.current().proposals });
} else if (scenario === 'plug') {
  const link = links.create(uri, {});
  const states: string[] = [];
  link.onState((state) => {
    states.push(state);
    if (state === 'failed' && states.length === 2) console.log('plug');
    if (state === 'open') console.log('unplug');
    if (state === 'failed' && states.includes('open')) {
      say({ states, lastError: link.lastError });
      void link.close().then(() => process.exit(0));
    }
  });
  link.open();
  setInterval(() => undefined, 1_000);
}
if (scenario !== 'plug') process.exit(0);
