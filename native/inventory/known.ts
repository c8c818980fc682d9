/**
 * Ids of makers and models that tell what a device is for where its class does not. Only a guess and a name to show: a
 * person confirms, and a class or usage page goes before it.
 */
import type { PluggedDevice } from './device.ts';

interface Known {
  readonly usage: PluggedDevice['usage'];
  readonly name: string;
}

/**
 * USB scales by VID:PID. Source: erjiang/usbscale, scales.h (2025-06); of 0922:8003 another source says that it is an M25
 * too.
 */
const scales: Readonly<Record<string, string>> = {
  '1446:6a73': 'Stamps.com 510, 5 lb',
  '1446:6a79': 'USPS DS25, 25 lb (X.J. Group)',
  '7b7c:0100': 'USPS / Elane PS311, 30 lb',
  '2474:0550': 'Stamps.com SS 5 lb',
  '2474:3550': 'Stamps.com SS 35 lb',
  '0eb8:f000': 'Mettler Toledo PS/BC',
  '0eb8:f001': 'Mettler Toledo PS/BC',
  '6096:0158': 'Sanford / DYMO 10 lb',
  '0b67:555e': 'Fairbanks SCB-R9000',
  '0922:8003': 'DYMO M10 or M25',
  '0922:8004': 'DYMO M25',
  '0922:8009': 'DYMO S180 or S250',
  '0d8f:0200': 'Pitney Bowes 397-B',
};

/**
 * Makers of printers by VID. Source: the descriptors in sintrb/USB-Printer-Descriptors and the makers' own ids; a class
 * interface is what a printer is known by, so this only names it.
 */
const printerMakers: Readonly<Record<string, string>> = {
  '0a5f': 'Zebra',
  '1203': 'TSC',
  '6868': 'Gprinter',
  '04b8': 'Epson',
  '1504': 'Xprinter type',
  '1fc9': 'Xprinter type',
  '20d1': 'HPRT',
  '0519': 'Star',
};
const printerModels: Readonly<Record<string, string>> = {
  '6868:0200': 'Gprinter GP-58',
  '6868:0500': 'Gprinter label printer',
  '0483:5743': 'Xprinter XP-T58H',
  '0483:5a19': 'DeTong',
};

/** Makers of scanners by VID: general knowledge, not confirmed by a document. */
const scannerMakers: Readonly<Record<string, string>> = {
  '0c2e': 'Honeywell',
  '05e0': 'Zebra / Symbol',
  '05f9': 'Datalogic',
  '1eab': 'Newland',
};

/** Chips of USB serial adapters by VID: general knowledge, not confirmed by a document. What is behind them is not known. */
const adapters: Readonly<Record<string, string>> = {
  '0403': 'FTDI serial adapter',
  '1a86': 'CH340 serial adapter',
  '10c4': 'CP210x serial adapter',
  '067b': 'PL2303 serial adapter',
};

/** What the tables say of a device, or null. */
export function knownDevice(vendorId: string | null, productId: string | null): Known | null {
  if (vendorId === null || productId === null) return null;
  const ids = `${vendorId}:${productId}`;
  const scale = scales[ids];
  if (scale !== undefined) return { usage: 'scale', name: scale };
  const printer = printerModels[ids] ?? printerMakers[vendorId];
  if (printer !== undefined) return { usage: 'printer', name: printer };
  const scanner = scannerMakers[vendorId];
  return scanner === undefined ? null : { usage: 'scanner', name: `${scanner} scanner` };
}

/** What a USB serial adapter is built on, or null. */
export function knownAdapter(vendorId: string | null): string | null {
  return vendorId === null ? null : (adapters[vendorId] ?? null);
}
