import { expect, test } from 'vitest';
import { factsOf } from './event-facts.ts';

const shown = (locale: 'en' | 'zh-CN', detail: Record<string, unknown>): string =>
  factsOf(locale, detail)
    .map(({ label, value }) => `${label} ${value}`)
    .join(' | ');

test('a print is told in words, without ids and zeros', () => {
  const detail = {
    printId: 'x',
    label: 'carrier',
    printer: 'label',
    state: 'unknown',
    copy: 0,
    bytesWritten: -1,
    message: '',
  };
  expect(shown('en', detail)).toBe('label carrier label | printer label | state Printed or not: unknown');
  expect(shown('zh-CN', { ...detail, copy: 2, person: 'A1 李雷' })).toBe(
    '标签 快递面单 | 打印机 label | 状态 是否打印不明 | 补打次数 2 | 人 A1 李雷',
  );
});

test('a vendor call is told in words: what, how it ended, how long it took', () => {
  const detail = {
    ...{ vendor: 'hge', operation: 'placeOrder', requestId: 'r', attempt: 1, question: false, outcome: 'done' },
    ...{ durationMs: 40, request: { reference: 'PB1', phone: '138****0000' }, answer: { waybill: 'W1' } },
  };
  expect(shown('en', detail)).toBe(
    'vendor hge | work placing the order | attempt 1 | outcome done | took (ms) 40 | request reference PB1, phone 138****0000 | answer waybill W1',
  );
});

test('what a printer lacked is a sentence, and a name nobody knows is shown as it is', () => {
  expect(shown('en', { message: 'printer.paper-out', odd: 7 })).toContain('out of paper');
  expect(shown('en', { odd: 7 })).toBe('odd 7');
});
