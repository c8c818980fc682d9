import { expect, test } from 'vitest';
import { proposeScales } from './autodetect.ts';

const heard = (text: string, asked: string | null = null) =>
  proposeScales({ bytes: Buffer.from(text, 'latin1'), asked: asked === null ? null : Buffer.from(asked, 'latin1') });

test.each([
  ['mt-sics', 'S S     100.00 g\r\n'.repeat(3)],
  ['xk3190', '\x02+001560019\x03'.repeat(3)],
  ['and', 'ST,+001234.5  g\r\n'.repeat(3)],
  ['cas', 'ST,GS,1\xc4,  013.50 kg\r\n'.repeat(3)],
  ['ohaus', '     192.21 g\r\n'.repeat(3)],
  ['sbi', '+   1255.7 g  \r\n'.repeat(3)],
  ['nci', '\n  1.25LB\r\n00\r\x03'.repeat(3)],
  ['toledo-8217', '\x02012.34\r'.repeat(3)],
  ['toledo-continuous', '\x02\x2c\x30\x20 12345     0\r\x06'.repeat(3)],
  ['kern', '       1.250 kg \r\n'.repeat(3)],
])('%s is the first proposal for what it sends', (protocol, text) => {
  expect(heard(text)[0]).toMatchObject({ protocol });
});

test('the answer to its question speaks for a protocol', () => {
  const [first] = heard('S S     100.00 g\r\n', 'SI\r\n');
  expect(first?.because.map(({ code }) => code)).toContain('device.because-answered');
});

test('frames that read two ways are both proposed, each with the reading of the other', () => {
  const proposals = heard('=0003.000=0003.000=0003.000');
  const forms = proposals.map(({ settings }) => settings.form);
  expect(forms).toEqual(expect.arrayContaining(['forward', 'reversed']));
  expect(proposals.find(({ settings }) => settings.form === 'forward')?.because).toContainEqual({
    code: 'device.because-other-reading',
    tone: 'warn',
    params: { other: 'xk3190 (reversed)', grams: 300 },
  });
});

test('what a person has to say is named, and nothing is guessed into the settings', () => {
  const [first] = heard('\x02+001560019\x03'.repeat(3));
  expect(first).toMatchObject({ protocol: 'xk3190', needs: ['unit'], settings: {} });
  expect(first?.because.map(({ code }) => code)).toContain('device.because-no-unit');
});

test('noise is nothing', () => {
  expect(heard('\x00\xff\x10hello world\r\n')).toEqual([]);
  expect(heard('')).toEqual([]);
});

test('a megabyte is looked at no longer than the first kilobytes', () => {
  expect(heard('S S     100.00 g\r\n'.repeat(60_000))[0]?.frames).toBeLessThan(300);
});
