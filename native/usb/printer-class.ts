/** Questions of the USB printer class (USB Device Class Definition for Printing Devices 1.1, section 4.2). */
import type { DeviceWord } from '../link.ts';
import type { UsbHandle, UsbInterface } from './library.ts';

/** Class request to an interface, device to host. */
const askInterface = 0xa1;
const getDeviceId = 0x00;
const getPortStatus = 0x01;
const maxDeviceIdBytes = 1_024;

/** The IEEE 1284 device id: keys in capitals (`MFG`, `MDL`, `CMD`, `CLS`). */
export type DeviceId = Readonly<Record<string, string>>;

/** GET_DEVICE_ID: section 4.2.1. Rejects if the printer refuses. */
export async function readDeviceId(
  handle: UsbHandle,
  face: Pick<UsbInterface, 'number' | 'alternate'>,
): Promise<DeviceId> {
  const index = (face.number << 8) | face.alternate;
  return parseDeviceId(await handle.control(askInterface, getDeviceId, 0, index, maxDeviceIdBytes));
}

/**
 * The first two bytes are the length of all, big-endian, themselves included; some printers count without them or
 * little-endian, so what came is read whole.
 */
export function parseDeviceId(answer: Uint8Array): DeviceId {
  const text = Buffer.from(answer.subarray(2)).toString('latin1');
  const names: Readonly<Record<string, string>> = {
    MANUFACTURER: 'MFG',
    MODEL: 'MDL',
    'COMMAND SET': 'CMD',
    CLASS: 'CLS',
  };
  const found: Record<string, string> = {};
  for (const part of text.split(';')) {
    const split = part.indexOf(':');
    if (split < 1) continue;
    const key = part.slice(0, split).trim().toUpperCase();
    found[names[key] ?? key] = part
      .slice(split + 1)
      .replace(/\p{C}/gu, '')
      .trim()
      .slice(0, 120);
  }
  return found;
}

/** The printer language its id speaks of; a guess to offer, never to print by. Null if it says nothing we know. */
export function guessLanguage(id: DeviceId): 'zpl' | 'tspl' | 'escpos' | 'cpcl' | 'epl' | null {
  const said = `${id['CMD'] ?? ''},${id['MDL'] ?? ''}`.toUpperCase();
  if (/ZPL/.test(said)) return 'zpl';
  if (/TSPL|TSC/.test(said)) return 'tspl';
  if (/EPL/.test(said)) return 'epl';
  if (/CPCL/.test(said)) return 'cpcl';
  if (/ESC.?POS|ESCPOS/.test(said)) return 'escpos';
  return null;
}

/** GET_PORT_STATUS: section 4.2.2. Rejects if the printer refuses. */
export async function readPortStatus(
  handle: UsbHandle,
  face: Pick<UsbInterface, 'number'>,
): Promise<DeviceWord | null> {
  const [status] = await handle.control(askInterface, getPortStatus, 0, face.number, 1);
  return status === undefined ? null : readPortStatusByte(status);
}

/** Bit 5 paper empty, bit 4 selected, bit 3 no error. 0x18 is a printer at rest. */
export function readPortStatusByte(status: number): DeviceWord {
  const reasons: string[] = [];
  if ((status & 0x20) !== 0) reasons.push('printer.paper-out');
  if ((status & 0x08) === 0) reasons.push('printer.fault');
  if ((status & 0x10) === 0) reasons.push('printer.paused');
  return { ready: reasons.length === 0, reasons, queued: null };
}
