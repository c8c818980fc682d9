import { expect, test } from 'vitest';
import type { ScaleSettings } from '../../domain/scale-settings.ts';
import { decodeHexForShow, scalePoll, scaleProblem, scaleProtocol, scaleProtocols, settleScale } from './index.ts';

test('the protocols and their names', () => {
  expect(Object.keys(scaleProtocols)).toEqual([
    ...[
      'hid-pos',
      'mt-sics',
      'toledo-8217',
      'toledo-continuous',
      'xk3190',
      'and',
      'cas',
      'ohaus',
      'sbi',
      'nci',
      'adam',
      'kern',
    ],
    'user-defined',
  ]);
});

test.each(Object.values(scaleProtocols))('$id says where it is from and how it is delivered', (protocol) => {
  expect(protocol.source).not.toBe('');
  expect(['documented', 'general knowledge']).toContain(protocol.standing);
  expect(protocol.forms.length).toBeGreaterThan(0);
  expect(protocol.poll).toEqual(protocol.forms[0]?.poll);
  expect(new Set(protocol.forms.map(({ id }) => id)).size).toBe(protocol.forms.length);
  if (protocol.id !== 'hid-pos') expect(protocol.serial?.baud).toBeGreaterThanOrEqual(1_200);
  // A protocol that has a form without a unit takes one.
  if (protocol.forms.some(({ carriesUnit }) => !carriesUnit)) expect(protocol.settings).toContain('unit');
  if (protocol.forms.some(({ saysStable }) => !saysStable)) expect(protocol.settings).toContain('equalFrames');
});

test.each<[string, ScaleSettings, string]>([
  ['toledo-8217', {}, 'frames of protocol toledo-8217 carry no unit; write "unit"'],
  ['xk3190', {}, 'carry no unit'],
  ['xk3190', { form: 'reversed' }, 'carry no unit'],
  ['xk3190', { form: 'c602', unit: 'kg' }, 'write "decimals"'],
  ['xk3190', { form: 'backwards', unit: 'kg' }, 'form "backwards" is none of xk3190; its forms are checked, command'],
  ['xk3190', { unit: 'kg', equalFrames: 1 }, 'must be 2 or more'],
  ['cas', { form: '10-byte' }, 'carry no unit'],
  ['mt-sics', { unit: 'kg' }, '"unit" is not used by protocol mt-sics; remove it'],
  ['hid-pos', { equalFrames: 3 }, '"equalFrames" is not used'],
])('%s %j is told what to write', (id, settings, words) => {
  expect(scaleProblem(scaleProtocol(id), settings)).toContain(words);
  expect(() => settleScale({ protocol: id, ...settings })).toThrow(words);
});

test.each<[string, ScaleSettings]>([
  ['hid-pos', {}],
  ['toledo-8217', { unit: 'lb' }],
  ['xk3190', { form: 'a12' }],
  ['xk3190', { form: 'forward', unit: 'kg' }],
  ['cas', {}],
  ['adam', { equalFrames: 1 }],
])('%s %j is enough', (id, settings) => {
  expect(scaleProblem(scaleProtocol(id), settings)).toBeNull();
});

test('the line is as the manual has it, and the profile wins', () => {
  expect(settleScale({ protocol: 'and' }).line).toEqual({ baud: 2_400, dataBits: 7, parity: 'even', stopBits: 1 });
  expect(settleScale({ protocol: 'and', baud: 9_600, parity: 'none', dataBits: 8 }).line).toMatchObject({
    baud: 9_600,
    dataBits: 8,
  });
  expect(settleScale({ protocol: 'hid-pos' }).line).toEqual({});
});

test('each form is asked in its own words', () => {
  const asked = (id: string, settings: ScaleSettings = {}) =>
    Buffer.from(scalePoll(scaleProtocol(id), settings) ?? []).toString('latin1');
  expect(asked('nci')).toBe('W\r');
  expect(asked('nci', { form: 'sma' })).toBe('\nW\r');
  expect(asked('toledo-8217', { unit: 'kg' })).toBe('W');
  expect(asked('xk3190', { unit: 'kg', form: 'command' })).toBe('\x02AB03\x03');
  expect(scalePoll(scaleProtocol('xk3190'), { unit: 'kg' })).toBeNull();
});

test('shown for a person, a missing unit is taken as kg and said', () => {
  const { frames, remarks } = decodeHexForShow('toledo-8217', '02 30 31 32 2e 33 34 0d');
  expect(frames).toMatchObject([{ grams: 12_340 }]);
  expect(remarks).toEqual([expect.stringContaining('shown as if the scale were set to kg')]);
  expect(decodeHexForShow('toledo-8217', '02 30 31 32 2e 33 34 0d', { unit: 'lb' }).remarks).toEqual([]);
  expect(decodeHexForShow('mt-sics', '53 20 53').remarks).toEqual([]);
});

test('shown for a person, five bytes are a report as WebHID gives it', () => {
  const { frames, remarks } = decodeHexForShow('hid-pos', '04 02 00 14 00');
  expect(frames).toMatchObject([{ grams: 20, stable: true }]);
  expect(remarks).toEqual([expect.stringContaining('--form webhid')]);
  expect(decodeHexForShow('hid-pos', '03 04 02 00 14 00').remarks).toEqual([]);
});

test('shown for a person, a frame behind = is read in the likelier direction and said', () => {
  const shown = (text: string) => decodeHexForShow('xk3190', Buffer.from(text).toString('hex'), { unit: 'kg' });
  expect(shown('=000.3000').frames).toMatchObject([{ grams: 3_000 }]);
  expect(shown('=0003.000').frames).toMatchObject([{ grams: 3_000 }]);
  expect(shown('=00.1000-').frames).toMatchObject([{ grams: -1_000 }]);
  expect(shown('=-0001.00').frames).toMatchObject([{ grams: -1_000 }]);
  expect(shown('=0002.000kg;0001.00;0002.00').frames).toMatchObject([{ grams: 2_000 }]);
  expect(shown('=000.300=000.300').frames).toMatchObject([{ grams: 3_000 }, { grams: 3_000 }]);
  expect(shown('=000.3000').remarks).toEqual([expect.stringContaining('likelier direction')]);
});
