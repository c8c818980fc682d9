/** A desk whose profile names a printer of another language and plays it: what is packed comes out in that language. */
import { expect, test } from 'vitest';
import { settlePrinter, loadPrinterModels } from '../../../main/profile/printer-models.ts';
import { parseProfile } from '../../../main/profile/profile.ts';
import { openDevices } from '../../../main/station/devices.ts';
import { startVirtualParts } from '../../../main/station/virtual-parts.ts';
import { createNodePorts } from '../../../main/host/shared/node-ports.ts';
import { codeBitmap } from '../../../main/labels/fixtures.ts';
import { labelEncoders } from '../../../main/labels/languages.ts';
import { mediaDots } from '../../../main/labels/media.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectDir } from '../../kit/station.ts';

const resourcesDir = join(projectDir, 'resources');

test.each(['tspl', 'escpos', 'cpcl', 'epl'] as const)('a played printer of %s puts out the label', async (language) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'packbench-virtual-'));
  const ports = createNodePorts({ dataDir, version: '0.0.0-test', env: {} });
  const profile = parseProfile(
    JSON.stringify({ devices: { printers: [{ id: 'play', link: 'virtual', language, media: '60x40mm' }] } }),
  );
  const virtual = await startVirtualParts({ ports, profile, resourcesDir }, []);
  const models = loadPrinterModels(resourcesDir);
  const devices = openDevices(ports, profile, virtual.parts, models);
  try {
    expect(devices.printers()).toMatchObject([{ id: 'play', virtual: true }]);
    const [printer] = devices.printerList;
    const { target } = printer ?? expect.unreachable();
    expect(target.language).toBe(settlePrinter(profile.devices.printers[0] ?? expect.unreachable(), models).language);
    const { width, height } = mediaDots(target);
    const seen = new Promise<readonly string[]>((resolve) =>
      virtual.parts.printer?.onLabel(({ codes }) => resolve(codes)),
    );
    const bytes = labelEncoders[language]([codeBitmap('PB1', width, height)], 'p', target);
    await printer?.print({ printId: 'p', bytes });
    expect(await seen).toEqual(['PB1']);
  } finally {
    await devices.stop();
    await virtual.stop();
    ports.log.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
