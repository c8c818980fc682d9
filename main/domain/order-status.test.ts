import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sealedStatus } from './order-status.ts';

const fresh = { verified: false, labelOut: false, stopped: false, racked: false };

test.each([
  [fresh, 'sealed'],
  [{ ...fresh, racked: true }, 'rack'],
  [{ ...fresh, racked: true, stopped: true }, 'attention'],
  [{ ...fresh, stopped: true, labelOut: true }, 'labelled'],
  [{ ...fresh, labelOut: true, verified: true }, 'shipped'],
] as const)('%j is %s', (facts, status) => {
  expect(sealedStatus(facts)).toBe(status);
});

test('a verified label is shipped whatever else is true', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), fc.boolean(), (labelOut, stopped, racked) => {
      expect(sealedStatus({ verified: true, labelOut, stopped, racked })).toBe('shipped');
    }),
  );
});
