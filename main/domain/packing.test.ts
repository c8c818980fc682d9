import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isComplete, judgeItem, scansNeeded, trimQuantity, type PackLine } from './packing.ts';

function line(id: string, productCode: string, quantity: string, gift = false): PackLine {
  return {
    id,
    vendorLineId: id,
    productId: '',
    productCode,
    productName: productCode,
    barcodes: [],
    unitName: '箱',
    quantity,
    baseUnitName: null,
    baseQuantity: null,
    price: null,
    gift,
    remark: '',
  };
}
const same = (a: string, b: string): boolean => a.toUpperCase() === b.toUpperCase();

describe('scansNeeded', () => {
  test.each([
    ['20.00000000', 20],
    ['1.5', 2],
    ['0.25', 1],
    ['0', 0],
    ['-3', 0],
    ['many', 0],
  ])('%s takes %i scans', (quantity, scans) => {
    expect(scansNeeded(quantity)).toBe(scans);
  });
});

test('a product on two lines fills the paid line first, then the gift', () => {
  const lines = [line('a', 'P1', '1'), line('b', 'P1', '1', true)];
  const first = judgeItem(lines, [], 'p1', same);
  expect(first).toMatchObject({ kind: 'accepted', lines: ['a'], orderDone: false });
  expect(judgeItem(lines, ['a'], 'p1', same)).toMatchObject({ kind: 'accepted', lines: ['b'], orderDone: true });
});

test('one more than ordered is surplus and says how many were ordered', () => {
  expect(judgeItem([line('a', 'P1', '2')], ['a', 'a'], 'P1', same)).toMatchObject({ kind: 'surplus', needed: 2 });
});

test('a quantity that does not fit is refused whole', () => {
  expect(judgeItem([line('a', 'P1', '3')], ['a'], 'P1', same, 3)).toMatchObject({ kind: 'surplus' });
});

test('an order without lines is never complete', () => {
  expect(isComplete([], [])).toBe(false);
});

test('no sequence of scans ever packs more of a product than was ordered, and complete means exactly ordered', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('A', 'B', 'C'), fc.integer({ min: 0, max: 4 })), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.array(fc.tuple(fc.constantFrom('A', 'B', 'C', 'X'), fc.integer({ min: 1, max: 3 })), { maxLength: 40 }),
      (ordered, attempts) => {
        const lines = ordered.map(([code, quantity], index) => line(`l${index}`, code, String(quantity)));
        let scans: string[] = [];
        for (const [code, count] of attempts) {
          const verdict = judgeItem(lines, scans, code, same, count);
          if (verdict.kind === 'accepted') scans = [...scans, ...verdict.lines];
        }
        for (const each of lines) {
          expect(scans.filter((id) => id === each.id).length).toBeLessThanOrEqual(scansNeeded(each.quantity));
        }
        const total = lines.reduce((sum, each) => sum + scansNeeded(each.quantity), 0);
        expect(isComplete(lines, scans)).toBe(scans.length === total);
      },
    ),
  );
});

test('trailing zeros go, meaning stays', () => {
  expect(trimQuantity('20.00000000')).toBe('20');
  expect(trimQuantity('1.50')).toBe('1.5');
  expect(trimQuantity('100')).toBe('100');
});
