import { expect, test } from 'vitest';
import type { CallOutput, OrderRow } from '#contract';
import { createOrderPages, pageSize } from './order-pages.ts';

const row = (index: number): OrderRow => ({
  id: `o${index}`,
  number: `SO-${index}`,
  vendor: 'waiqin365',
  status: 'waiting',
  customerName: '',
  receiverName: '',
  receiverAddress: '',
  country: 'CN',
  lineCount: 1,
  hasGift: false,
  dueDate: null,
  orderedAt: null,
  waybill: null,
  lpn: null,
});

interface Asked {
  readonly offset: number;
  answer(page: CallOutput<'orders.list'>): void;
  fail(): void;
}

function pagesUnderTest() {
  const asked: Asked[] = [];
  const pages = createOrderPages(
    (offset) =>
      new Promise((resolve, reject) => {
        asked.push({ offset, answer: resolve, fail: () => reject(new Error('gone')) });
      }),
  );
  return { pages, asked };
}

const answer = (offset: number, revision: number): CallOutput<'orders.list'> => ({
  revision,
  total: 250,
  rows: Array.from({ length: pageSize }, (_, index) => row(offset + index)),
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('reads only the pages in view', async () => {
  const { pages, asked } = pagesUnderTest();
  pages.show(90, 110, '1');
  expect(asked.map((one) => one.offset)).toEqual([0, 100]);
  asked[1]?.answer(answer(100, 1));
  await settled();
  expect(pages.rowAt(105)?.number).toBe('SO-105');
  expect(pages.rowAt(205)).toBeUndefined();
  expect(pages.total).toBe(250);
});

test('keeps the old rows while a newer version is read, and asks once per version', async () => {
  const { pages, asked } = pagesUnderTest();
  pages.show(0, 10, '1');
  asked[0]?.answer(answer(0, 1));
  await settled();
  pages.show(0, 10, '2');
  pages.show(0, 12, '2');
  expect(asked).toHaveLength(2);
  expect(pages.rowAt(3)?.number).toBe('SO-3');
});

test('a queue that moves while an answer is under way is read once more', async () => {
  const { pages, asked } = pagesUnderTest();
  pages.show(0, 10, '1');
  pages.show(0, 10, '2');
  pages.show(0, 10, '3');
  expect(asked).toHaveLength(1);
  asked[0]?.answer(answer(0, 1));
  await settled();
  expect(asked).toHaveLength(2);
});

test('a failed read is tried again with the next version', async () => {
  const { pages, asked } = pagesUnderTest();
  pages.show(0, 10, '1');
  asked[0]?.fail();
  await settled();
  pages.show(0, 10, '2');
  expect(asked).toHaveLength(2);
});
