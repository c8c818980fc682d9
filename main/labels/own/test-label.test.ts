import { expect, test } from 'vitest';
import { isBlack } from '../bitmap.ts';
import { drawOwn } from './draw-own.ts';

const resourcesDir = new URL('../../../resources', import.meta.url).pathname;
const facts = { code: 'PB:PRINT:17', printerId: 'label', language: 'tspl', offsetXMm: 0, offsetYMm: 0 };

test.each([
  [203, 8, 50, 30],
  [203, 8, 100, 150],
  [300, 300 / 25.4, 76, 130],
] as const)(
  'at %i dpi the frame lies 1 mm inside the media and the marks lie on their millimetres',
  { timeout: 30_000 },
  async (dpi, scale, widthMm, heightMm) => {
    const { pages, codes } = await drawOwn({ kind: 'test', facts }, { dpi, widthMm, heightMm }, resourcesDir);
    const page = pages[0] ?? expect.fail('no page');
    expect(codes).toEqual([facts.code]);
    const near = Math.round(scale);
    for (const [x, y] of [
      [near, near],
      [page.width - near - 1, near],
      [near, page.height - near - 1],
      [page.width - near - 1, page.height - near - 1],
    ] as const) {
      expect(isBlack(page, x, y), `${x},${y}`).toBe(true);
    }
    expect(isBlack(page, near - 1, Math.round(page.height / 2))).toBe(false);
    // The mark of 20 mm is a long one: still black 2.5 mm below the edge's frame, white just before it.
    const deep = near + Math.round(2.5 * scale);
    expect(isBlack(page, Math.round(20 * scale), deep)).toBe(true);
    expect(isBlack(page, Math.round(20 * scale) - 2, deep)).toBe(false);
  },
);
