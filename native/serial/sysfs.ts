/**
 * Serial ports as the Linux kernel shows them in /sys/class/tty, without udev: for systems that lack `udevadm`. A port of a
 * real device has a `device` link there; of those the ports on USB have a parent with `idVendor` (Linux kernel,
 * Documentation/ABI/stable/sysfs-class-tty and sysfs-bus-usb).
 */
import { readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

interface SysfsPort {
  readonly path: string;
  readonly vendorId?: string;
  readonly productId?: string;
  readonly serialNumber?: string;
  readonly manufacturer?: string;
  readonly friendlyName?: string;
}

/** How many folders above a port its USB device may stand: port, interface, device, and one to spare. */
const maxSteps = 4;

/** The USB ports, or null if this system has no such folder. Ports that are not on USB are left out: many do not exist. */
export async function listSysfsPorts(root = '/sys/class/tty'): Promise<readonly SysfsPort[] | null> {
  const names = await readdir(root).catch(() => null);
  if (names === null) return null;
  const ports: SysfsPort[] = [];
  for (const name of names.filter((each) => /^tty(USB|ACM|XR)\d/.test(each))) {
    const device = await realpath(join(root, name, 'device')).catch(() => null);
    ports.push({ path: `/dev/${name}`, ...(device === null ? {} : await usbIds(device)) });
  }
  return ports;
}

async function usbIds(device: string): Promise<Omit<SysfsPort, 'path'>> {
  let folder = device;
  for (let step = 0; step < maxSteps; step += 1) {
    const vendorId = await line(join(folder, 'idVendor'));
    const productId = await line(join(folder, 'idProduct'));
    if (vendorId !== null && productId !== null) {
      const serialNumber = await line(join(folder, 'serial'));
      const manufacturer = await line(join(folder, 'manufacturer'));
      const friendlyName = await line(join(folder, 'product'));
      return {
        vendorId,
        productId,
        ...(serialNumber === null ? {} : { serialNumber }),
        ...(manufacturer === null ? {} : { manufacturer }),
        ...(friendlyName === null ? {} : { friendlyName }),
      };
    }
    folder = dirname(folder);
  }
  return {};
}

async function line(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const trimmed = text.trim();
  return trimmed === '' ? null : trimmed;
}
