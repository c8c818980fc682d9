import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listPorts } from './library.ts';
import { listSysfsPorts } from './sysfs.ts';

test('ports are read with the ids of the USB device above them, and the rest of the terminals is left out', async () => {
  const root = mkdtempSync(join(tmpdir(), 'packbench-sysfs-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const device = join(root, 'devices/usb1/1-3');
  mkdirSync(join(device, '1-3:1.0/ttyUSB0'), { recursive: true });
  writeFileSync(join(device, 'idVendor'), '0403\n');
  writeFileSync(join(device, 'idProduct'), '6001\n');
  writeFileSync(join(device, 'serial'), 'A9XX\n');
  for (const name of ['ttyUSB0', 'ttyACM1', 'tty0']) mkdirSync(join(root, 'class', name), { recursive: true });
  symlinkSync(join(device, '1-3:1.0/ttyUSB0'), join(root, 'class/ttyUSB0/device'));
  const list = async () => (await listSysfsPorts(join(root, 'class'))) ?? [];
  const nothing = { vendorId: null, productId: null, serialNumber: null, manufacturer: null, product: null };
  expect((await listPorts({ list })).toSorted((a, b) => a.path.localeCompare(b.path))).toEqual([
    { ...nothing, path: '/dev/ttyACM1' },
    { ...nothing, path: '/dev/ttyUSB0', vendorId: '0403', productId: '6001', serialNumber: 'A9XX' },
  ]);
});

test('a system without that folder says so', async () => {
  expect(await listSysfsPorts('/nowhere/class')).toBeNull();
});
