import { expect, test } from 'vitest';
import { guessLanguage, parseDeviceId, readPortStatusByte } from './printer-class.ts';

const answer = (text: string): Uint8Array => Buffer.concat([Buffer.from([0, text.length + 2]), Buffer.from(text)]);

test('the id of the Linux printer gadget reads, length and all', () => {
  // As answered by the kernel's f_printer with the strings of a GK420d.
  const id = parseDeviceId(answer('MFG:Zebra Technologies ;CMD:ZPL;MDL:ZTC GK420d;CLS:PRINTER;'));
  expect(id).toEqual({ MFG: 'Zebra Technologies', CMD: 'ZPL', MDL: 'ZTC GK420d', CLS: 'PRINTER' });
  expect(guessLanguage(id)).toBe('zpl');
});

test('long key names mean the short ones; text that is no id gives nothing', () => {
  expect(parseDeviceId(answer('MANUFACTURER:TSC;COMMAND SET:TSPL;MODEL:TE200'))).toEqual({
    MFG: 'TSC',
    CMD: 'TSPL',
    MDL: 'TE200',
  });
  expect(parseDeviceId(new Uint8Array([0, 2]))).toEqual({});
  expect(parseDeviceId(answer(':;;no colon;'))).toEqual({});
});

test.each([
  [{ CMD: 'TSPL2' }, 'tspl'],
  [{ CMD: 'EPL2' }, 'epl'],
  [{ CMD: 'ESC/POS' }, 'escpos'],
  [{ CMD: 'CPCL,ZPL' }, 'zpl'],
  [{ MDL: 'Laser 1' }, null],
] as const)('%j suggests %s', (id, language) => {
  expect(guessLanguage(id)).toBe(language);
});

test.each([
  [0x18, []],
  [0x38, ['printer.paper-out']],
  [0x10, ['printer.fault']],
  [0x08, ['printer.paused']],
  [0x20, ['printer.paper-out', 'printer.fault', 'printer.paused']],
])('port status %i', (status, reasons) => {
  expect(readPortStatusByte(status)).toEqual({ ready: reasons.length === 0, reasons, queued: null });
});
