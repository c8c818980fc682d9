import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ZplEvent } from './printer-zpl.ts';
import { createZplStream } from './printer-zpl.ts';

function eventsOf(chunks: readonly string[]): ZplEvent[] {
  const stream = createZplStream();
  return chunks.flatMap((chunk) => stream.push(Buffer.from(chunk, 'latin1')));
}
const summary = (events: readonly ZplEvent[]): string[] =>
  events.map((event) =>
    event.kind === 'format' ? `format ${event.id} x${event.copies}` : event.kind === 'mistake' ? event.reason : '~HS',
  );

test('formats, questions and print ids are found', () => {
  const zpl = '~HS\r\n^XA^FXprint=p-1 page=1/2^FS^FO1,1^FDx^FS^XZ\r\n^XA^FXprint=p-1 page=2/2^FS^FDy^FS^PQ3^XZ~HS';
  expect(summary(eventsOf([zpl]))).toEqual(['~HS', 'format p-1 x1', 'format p-1#2 x3', '~HS']);
});

test('however the bytes are cut, the same is found', () => {
  const zpl = '~HS\r\n^XA^FXprint=a^FS^GFA,2,2,1,80,^FS^XZ\r\nstray^XZ^XA^FDx^XA^FXprint=b^FS^XZ^FO1,1^FD~HS';
  const whole = summary(eventsOf([zpl]));
  expect(whole).toContain('format a x1');
  expect(whole).toContain('^XZ without ^XA');
  fc.assert(
    fc.property(fc.array(fc.nat(zpl.length), { maxLength: 30 }), (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), zpl.length];
      const found = summary(eventsOf(at.slice(1).map((end, index) => zpl.slice(at[index], end))));
      // A stray word may be reported in pieces; everything else must be the same.
      const withoutStray = (list: readonly string[]): string[] =>
        list.filter((line) => !line.startsWith('text outside'));
      expect(withoutStray(found)).toEqual(withoutStray(whole));
    }),
  );
});

const z64 = deflateSync(Buffer.of(0x80, 0)).toString('base64');
test.each([
  ['A,2,2,1,8000', null],
  ['A,2,2,1,80,', null],
  ['A,3,3,1,80::', null],
  ['A,20,20,10,gF:', null],
  ['A,2,2,1,80', '1 bytes'],
  ['A,2,2,1,800000', 'more data'],
  ['A,3,3,2,800000', 'whole rows'],
  ['A,2,2,1,8#00', 'no digit'],
  ['A,2,2,1,8:', 'middle of a row'],
  [`A,2,2,1,:Z64:${z64}:0000`, 'checksum'],
  [`A,2,2,1,:Z64:${z64}:`, 'checksum'],
  ['A,8,8,2,:Z64:eNr7/x8GGhj+/2cAYUZsLCjNAFKJjQUDAOLDM1I=:8f39', '80 bytes of data where 8'],
  ['A,80,80,10,:Z64:eNr7/x8GGhj+/2cAYUZsLCjNAFKJjQUDAOLDM1I=:8f39', null],
  ['nonsense', 'parameters'],
])('a picture ^GF%s is judged %j', (parameters, words) => {
  const [event] = eventsOf([`^XA^FXprint=g^FS^GF${parameters}^FS^XZ`]);
  if (words === null) expect(event).toMatchObject({ kind: 'format', id: 'g' });
  else expect(event?.kind === 'mistake' ? event.reason : event?.kind).toContain(words);
});
