/**
 * Yaohua XK3190 terminals (A9, A12, A12E, A23, A26, D10, C602, ...), the usual ones in Chinese warehouses.
 * Source: Yaohua XK3190-A26 manual pp. 12-13 and A23p manual p. 23 (checked, reversed, forward, price and command
 * forms); public source for the A12 text form. The menu's number of a form differs by model, so forms have names here.
 *
 *   checked      02 2b 30 30 31 35 36 30 30 31 39 03   sign, 6 digits high first, decimals, XOR, ETX: 1560
 *   command      02 adr B|D sign digits(6) decimals XOR ETX, asked for with 02 41 42 30 33 03
 *   reversed     `=000.3000`   low digit first, sign last: 3.000
 *   forward      `=0003.000`, `=-0001.00`
 *   price        `=0002.000kg;0001.00;0002.00`: weight with unit, price, sum
 *   a12          57 47 30 30 34 2e 31 33 39 6b 67 33 44 0d 0a   W G|N weight unit XOR: 4.139 kg
 *   a12-text     `wn-0000.1kg` (n net, w gross, t tare)
 *   c602         02 digits(6) 0d 0a 03, the point left out
 *
 * The XOR is of all bytes between STX and itself; the A12E manual says "checksum", and its example is the XOR. A nibble
 * up to 9 is sent as 30h + nibble, above as 37h + nibble. An XOR does not see exchanged digits (1560 and 1650 have the
 * same), and no form says whether the weight is stable: stable is what came several times in a row.
 *
 * Checked, command and A12 frames tell themselves apart. Reversed and forward do not (`=000.0000`), so the profile has to
 * say which. The form with one character less after `=` (older models) is general knowledge, not confirmed.
 */
import type { ScaleForm, ScaleProtocol } from '../../domain/device.ts';
import { bytesOf } from './kit/frame.ts';
import { createHeadDecoder } from './kit/heads.ts';
import { createEqualFrames } from './kit/steady.ts';
import { brokenFrame, measureFrame, readFrame, type YaohuaForm } from './xk3190-frames.ts';

const form = (id: YaohuaForm, layout: string, more: Partial<ScaleForm> = {}): ScaleForm => ({
  id,
  layout,
  carriesUnit: false,
  saysStable: false,
  poll: null,
  standing: 'documented',
  ...more,
});

export const xk3190: ScaleProtocol = {
  id: 'xk3190',
  makes: 'Yaohua XK3190-A9, A12, A12E, A23, A26, D10, C602',
  poll: null,
  forms: [
    form('checked', 'STX +|- digits(6) decimals XOR(2) ETX'),
    // `A` is the address, `B` asks for the gross weight.
    form('command', 'STX A B +|- digits(6) decimals XOR(2) ETX', { poll: bytesOf('\x02AB03\x03') }),
    form('reversed', '=000.3000 (3.000)'),
    form('reversed-short', '=000.300 (3.000)', { standing: 'general knowledge' }),
    form('forward', '=0003.000 | =-0001.00'),
    form('price', '=0002.000kg;0001.00;0002.00', { carriesUnit: true }),
    form('a12', 'W G|N weight(7) kg XOR(2) CR LF', { carriesUnit: true }),
    form('a12-text', 'wn-0000.1kg', { carriesUnit: true }),
    form('c602', 'STX digits(6) CR LF ETX', { needsDecimals: true }),
  ],
  // 600 to 9600 by menu.
  serial: { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
  settings: ['unit', 'form', 'equalFrames', 'decimals'],
  firstIsStale: false,
  source: 'Yaohua XK3190-A26 manual pp. 12-13, XK3190-A23p manual p. 23, XK3190-A12(E) manual',
  standing: 'documented',
  decoder(settings = {}) {
    const equal = createEqualFrames(settings.equalFrames);
    return createHeadDecoder({
      maxBytes: 28,
      starts: (byte) => '\x02=Ww '.includes(String.fromCharCode(byte)),
      measure: (head) => measureFrame(head, settings),
      last: (head) => measureFrame(Uint8Array.of(...head, 0x3d), settings, true) ?? 0,
      broken(frame) {
        const error = brokenFrame(frame);
        if (error !== null) equal.broken();
        return error;
      },
      read: (frame, at) => readFrame(frame, at, settings, equal),
      ignores: (byte) => byte === 0x0d || byte === 0x0a,
    });
  },
};
