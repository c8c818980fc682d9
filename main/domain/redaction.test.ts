import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskPhone, redactRecord, requestSummary } from './redaction.ts';
import { someFacts } from '../../test/kit/store.ts';

test('a phone number keeps what tells it from another, and not what dials it', () => {
  expect(maskPhone('13812345678')).toBe('138****5678');
  expect(maskPhone('+86 138-1234-5678')).toBe('861****5678');
  expect(maskPhone('8765')).toBe('****65');
  expect(maskPhone('')).toBe('');
});

test('no digit run of a phone number, and no secret, survives at any depth', () => {
  const anyPlace = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      fc.constant({ phone: '13812345678', receiverMobile: '13912345678', apiSecret: 'hunter2hunter2' }),
      fc.record({ inner: tie('node'), list: fc.array(tie('node'), { maxLength: 2 }) }),
    ),
  })).node;
  fc.assert(
    fc.property(anyPlace, (value) => {
      const text = JSON.stringify(redactRecord(value));
      expect(text).not.toMatch(/1381234|1391234|hunter2/);
    }),
  );
});

test('the summary of a call names no person and no street', () => {
  const facts = someFacts({
    receiver: { ...someFacts().receiver, name: '韩梅梅', line1: '文三路 9 号', phone: '13812345678' },
  });
  const text = JSON.stringify(requestSummary(facts, null));
  expect(text).toContain('138****5678');
  expect(text).not.toMatch(/韩梅梅|文三路|13812345678/);
});
