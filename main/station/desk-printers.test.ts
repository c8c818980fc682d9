import { describe, expect, test } from 'vitest';
import { silentLog } from '../../test/kit/ports.ts';
import { createVirtualClock } from '../../test/kit/virtual-clock.ts';
import { settlePrinter } from '../profile/printer-models.ts';
import { parsePrinter } from '../profile/profile.ts';
import { chooseAmong, openDeskPrinter, printerCheck, printerStatus, targetOf } from './desk-printers.ts';

type Given = Partial<Parameters<typeof parsePrinter>[0]> & { id: string };
const settled = (given: Given) => settlePrinter(parsePrinter({ link: 'tcp://127.0.0.1:9', ...given }), new Map());
const desk = (...given: Given[]) => given.map((each) => ({ id: each.id, settings: settled(each) }));
const ids = (printers: readonly { readonly id: string }[]): string[] => printers.map((each) => each.id);

describe('which printer', () => {
  const two = desk({ id: 'big', use: ['parcel'], fallback: 'small' }, { id: 'small', use: ['bag'], fallback: 'big' });

  test('a paper comes out of the printer with its role, then of the fall-backs, each once', () => {
    expect(ids(chooseAmong(two, 'parcel', null))).toEqual(['big', 'small']);
    expect(ids(chooseAmong(two, 'bag', null))).toEqual(['small', 'big']);
  });

  test('a person may choose another one', () => {
    expect(ids(chooseAmong(two, 'parcel', 'small'))).toEqual(['small', 'big']);
    expect(ids(chooseAmong(two, 'parcel', 'gone'))).toEqual(['big', 'small']);
  });

  test('bag labels go to the parcel printer where none has the role', () => {
    expect(ids(chooseAmong(desk({ id: 'slips', use: ['slip'] }, { id: 'label' }), 'bag', null))).toEqual(['label']);
  });

  test('a label takes any printer before none; a slip only one that is meant for slips', () => {
    const slips = desk({ id: 'slips', use: ['slip'] });
    expect(ids(chooseAmong(slips, 'parcel', null))).toEqual(['slips']);
    expect(chooseAmong(desk({ id: 'label' }), 'slip', null)).toEqual([]);
    expect(chooseAmong([], 'parcel', null)).toEqual([]);
  });
});

test('labels are made for what the profile says of the printer', () => {
  const settings = settled({
    id: 'a',
    media: '76x130mm',
    dpi: 300,
    rotate: 180,
    offset: { xMm: 1, yMm: -2 },
    speed: 4,
  });
  expect(targetOf(settings)).toMatchObject({
    dpi: 300,
    widthMm: 76,
    heightMm: 130,
    rotation: 180,
    offsetXMm: 1,
    offsetYMm: -2,
    speed: 4,
    tracking: 'gap',
  });
  expect(targetOf(settings)).not.toHaveProperty('darkness');
});

describe('a printer whose link cannot be made', () => {
  const makeLink = (): never => {
    throw new Error('link "usb://x" needs the usb package, which does not load here');
  };
  const printer = openDeskPrinter(settled({ id: 'a' }), false, makeLink, {
    clock: createVirtualClock(),
    log: silentLog,
  });

  test('is shown offline, and takes nothing', async () => {
    expect(printerStatus(printer)).toMatchObject({ state: 'offline', reason: { code: 'printer.offline' } });
    expect(printer.trouble()).toEqual(['printer.offline']);
    const outcome = await printer.print({ printId: 'p', bytes: new Uint8Array([1]) });
    expect(outcome).toEqual({ kind: 'not-printed', message: expect.stringContaining('needs the usb package') });
  });

  test('fails its self-check with the reason', async () => {
    await expect(printerCheck(printer).run()).resolves.toMatchObject({
      outcome: 'fail',
      detail: expect.stringContaining('usb package'),
    });
  });
});
