import { expect, test } from 'vitest';
import { withCheckDigit } from './catalog.ts';
import { makeTrainingOrder, trueWeightG } from './training-order.ts';

const at = Date.UTC(2026, 0, 5);
const many = Array.from({ length: 400 }, (_, index) => makeTrainingOrder(7, index, at));

test('the same seed and index make the same order, another seed makes others', () => {
  expect(makeTrainingOrder(7, 3, at)).toEqual(many[3]);
  expect(Array.from({ length: 10 }, (_, index) => makeTrainingOrder(8, index, at))).not.toEqual(many.slice(0, 10));
});

test('numbers and ids are unique, lines are one to seven, parcels can be lifted', () => {
  expect(new Set(many.map((order) => order.number)).size).toBe(many.length);
  expect(new Set(many.map((order) => order.id)).size).toBe(many.length);
  for (const order of many) {
    expect(order.lines.length).toBeGreaterThanOrEqual(1);
    expect(order.lines.length).toBeLessThanOrEqual(7);
    expect(new Set(order.lines.map((line) => line.barcode)).size).toBe(order.lines.length);
    for (const line of order.lines) expect(line.quantity).toMatch(/^\d+\.\d{8}$/);
    expect(trueWeightG(order)).toBeGreaterThan(60);
    expect(trueWeightG(order)).toBeLessThan(25_000);
  }
});

test('the awkward cases are there', () => {
  expect(many[2]?.remark).toContain('🎁');
  expect(many[4]?.lines.map((line) => line.quantity)).toEqual(['24.00000000']);
  expect(many[6]?.lines[0]?.product.name.length).toBe(100);
  expect(many[9]?.lines[0]?.quantity).toBe('1.50000000');
  expect(many.some((order) => order.lines.some((line) => line.gift))).toBe(true);
  expect(many.some((order) => order.lines.some((line) => line.unit === '箱'))).toBe(true);
  for (const country of ['US', 'AU', 'DE', 'JP', '']) {
    expect(many.some((order) => order.country === country)).toBe(true);
  }
});

test('check digits follow GS1', () => {
  expect(withCheckDigit('690123456789')).toBe('6901234567892');
  expect(withCheckDigit('400638133393')).toBe('4006381333931');
});
