import { expect, test } from 'vitest';
import { readScreenCode } from './screen-codes.ts';

test('places and keys are read whatever caps lock made of them', () => {
  expect(readScreenCode('pb:go:Bags')).toEqual({ kind: 'go', place: 'bags' });
  expect(readScreenCode('PB:KEY:enter')).toEqual({ kind: 'key', name: 'Enter' });
  expect(readScreenCode('PB:KEY:F12')).toEqual({ kind: 'key', name: 'F12' });
  expect(readScreenCode('PB:KEY:summary')).toEqual({ kind: 'key', name: 'Shift+F12' });
  expect(readScreenCode('PB:KEY:3')).toEqual({ kind: 'key', name: '3' });
});

test.each(['PB:TARE', 'pb:tare:stay', 'PB:TARE:CLEAR'])('%s goes to the packing desk from anywhere', (code) => {
  expect(readScreenCode(code)).toEqual({ kind: 'desk' });
});

test.each([
  'PB:CMD:RETRY',
  'PB:TARE:300',
  'PB:BAG:CLOSE',
  'PB:GO:HOME',
  'PB:KEY:F13',
  'PB:KEY:',
  'HGE123',
  'PB:KEY:CTRL+W',
])('%s is not for the screen', (code) => {
  expect(readScreenCode(code)).toBeNull();
});
