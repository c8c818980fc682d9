/** Whether a link of the profile means a thing that is plugged in. Several links mean the same thing. */
import type { DeviceKind } from '../../../preload/contract/index.ts';
import type { PluggedDevice } from '../../ports.ts';

/**
 * By the thing's own link, by its port (`serial:///dev/ttyUSB0`, `serial://COM3`), by serial number (`serial://sn:…`), or
 * by the ids of its model with or without a serial number (`hid://VVVV:PPPP[/SERIAL]`, `serial://usb/VVVV:PPPP[/SERIAL]`).
 * `hid://scale` and `usb://printer` mean the first of their kind.
 */
export function isThisThing(link: string, kind: DeviceKind, thing: PluggedDevice): boolean {
  if (link.toLowerCase() === thing.uri.toLowerCase()) return true;
  const [, scheme = '', encoded = ''] = /^([a-z]+):\/\/(.*)$/.exec(link) ?? [];
  if (scheme !== thing.kind) return false;
  const rest = decoded(encoded);
  if (rest === kind) return thing.usage === kind;
  if (thing.path !== null && rest.toLowerCase() === thing.path.toLowerCase()) return true;
  if (rest.startsWith('sn:')) return thing.serialNumber !== null && rest.slice(3) === thing.serialNumber;
  const [, ids, serialNumber] = /^(?:usb\/)?([0-9a-f]{4}:[0-9a-f]{4})(?:\/(.+))?$/i.exec(rest) ?? [];
  if (ids === undefined || ids.toLowerCase() !== `${thing.vendorId}:${thing.productId}`) return false;
  return serialNumber === undefined || serialNumber === thing.serialNumber;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
