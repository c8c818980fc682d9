import { expect, test } from 'vitest';
import type { ScaleReading } from '../../domain/device.ts';
import { createFloodGate } from './flood-gate.ts';

const at = (grams: number, when: number, stable = true): ScaleReading => ({
  grams,
  stable,
  net: false,
  overload: false,
  underload: false,
  at: when,
  raw: '',
});

test('equal readings of one moment are told once, later ones again', () => {
  const gate = createFloodGate();
  const told = [0, 1, 5, 19, 20, 39, 40].filter((when) => gate.pass(at(100, when), when) !== null);
  expect(told).toEqual([0, 20, 40]);
});

test('every change is told at once', () => {
  const gate = createFloodGate();
  const items = [at(100, 0), at(0, 0), at(100, 0), at(100, 0, false), { ...at(100, 0), overload: true }];
  expect(items.map((item) => gate.pass(item, 0))).toEqual(items);
});

test('of a flood of different readings some are told, and one refused frame ends the run', () => {
  const gate = createFloodGate();
  const told = Array.from({ length: 10_000 }, (_, index) => gate.pass(at(index, 5), 5)).filter((item) => item !== null);
  expect(told).toHaveLength(40);
  expect(told.at(-1)).toMatchObject({ error: 'scale sends more than can be read', at: 5, raw: '' });
  expect(gate.pass(at(7, 105), 105)).toMatchObject({ grams: 7 });
});
