/** Finds the fields of JSON records by their names. */
import type { DwsField } from '../../domain/dws-settings.ts';
import { doubt, reason } from '../reasons.ts';
import { decode, type DwsGuess, type HeardDws } from './autodetect-heard.ts';
import { createJsonFramer } from './json-frames.ts';

/** Objects that are looked at, and the longest. */
const maxObjects = 20;
const maxObjectBytes = 64 * 1_024;
const maxDepth = 4;
const maxFields = 200;
/** The longest way to a field that the profile takes. */
const maxPath = 100;

type Named = Exclude<DwsField, 'skip' | 'status'>;

/**
 * Names of fields as public interfaces of machines and of the systems around them write them, in small letters without signs
 * between words; the surer ones first. General knowledge, not confirmed: a person sees the mapping and confirms.
 */
export const fieldNames: Readonly<Record<Named, readonly string[]>> = {
  barcode: (
    'barcode barcodes billcode waybillcode waybillno waybillnumber waybill trackingnumber trackingno mailno expressno ' +
    'logisticsno parcelcode packagecode packageno billno orderno codes code sn 条码 条形码 运单号 快递单号 单号'
  ).split(' '),
  weight: 'weight grossweight actualweight weightkg weightg weightgrams weightingrams wt gw 重量 毛重'.split(' '),
  length: 'length lengthmm lengthcm len l 长度 长'.split(' '),
  width: 'width widthmm widthcm wid w 宽度 宽'.split(' '),
  height: 'height heightmm heightcm hgt h 高度 高'.split(' '),
  volume: 'volume volumecm3 volumemm3 cubage vol v 体积'.split(' '),
  timestamp: 'timestamp scantime datetime createtime time ts 时间'.split(' '),
  sequence: 'sequence seq parcelid objectno serialno 序号'.split(' '),
  picture: 'image imgpath imagepath picture pic photo 图片'.split(' '),
};

export function guessJson(heard: HeardDws): DwsGuess[] {
  const objects = objectsOf(heard);
  if (objects.length === 0) return [];
  // The first object is not always a record: a machine may say hello first.
  const mapped = objects.map(mappingOf).filter((each) => each['weight'] !== undefined || each['length'] !== undefined);
  const [fields] = mapped.toSorted((a, b) => Object.keys(b).length - Object.keys(a).length);
  if (fields === undefined) return [];
  const shown = Object.entries(fields)
    .map(([field, path]) => `${field}=${path}`)
    .join(' ')
    .slice(0, 300);
  const usual = decode({ format: 'json' }, heard);
  if (JSON.stringify(usual) === JSON.stringify(decode({ format: 'json', fields }, heard))) {
    return [
      { settings: { format: 'json' }, strength: 0.95, because: [reason('device.because-fields', { fields: shown })] },
    ];
  }
  return [
    {
      settings: { format: 'json', fields },
      strength: 0.85,
      because: [doubt('device.because-fields-guessed', { fields: shown })],
    },
  ];
}

function objectsOf({ streams, ended }: HeardDws): Readonly<Record<string, unknown>>[] {
  const found: Readonly<Record<string, unknown>>[] = [];
  const take = (bytes: Uint8Array): void => {
    if (found.length >= maxObjects) return;
    try {
      const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
      if (typeof value === 'object' && value !== null) found.push(value as Readonly<Record<string, unknown>>);
    } catch {
      // Not an object after all; the decoder will refuse it.
    }
  };
  const events = { frame: take, outside() {}, bad() {} };
  for (const bytes of streams) {
    const framer = createJsonFramer(maxObjectBytes);
    framer.push(bytes, events);
    if (ended) framer.end(events);
  }
  return found;
}

/** Where each field seems to be; each place is used once. */
function mappingOf(object: Readonly<Record<string, unknown>>): Partial<Record<Named, string>> {
  const leaves = leavesOf(object);
  const mapped: Partial<Record<Named, string>> = {};
  const used = new Set<string>();
  for (const field of Object.keys(fieldNames) as Named[]) {
    const fits = (leaf: Leaf): boolean => !used.has(leaf.path) && (field === 'barcode' || !Array.isArray(leaf.value));
    for (const name of fieldNames[field]) {
      const leaf = leaves.find((each) => each.name === name && fits(each));
      if (leaf === undefined) continue;
      mapped[field] = leaf.path;
      used.add(leaf.path);
      break;
    }
  }
  return mapped;
}

interface Leaf {
  readonly path: string;
  /** The last name of the path, in small letters, without signs. */
  readonly name: string;
  readonly value: unknown;
}

function leavesOf(object: Readonly<Record<string, unknown>>): Leaf[] {
  const leaves: Leaf[] = [];
  function walk(value: unknown, path: readonly string[]): void {
    if (leaves.length >= maxFields || path.length > maxDepth) return;
    const list = Array.isArray(value) ? (value as unknown[]) : null;
    if (list !== null && list.every((each) => typeof each === 'string' || typeof each === 'number')) add(value, path);
    else if (list !== null) {
      // A list of one record is that record; which of several a field is of cannot be written down.
      if (list.length === 1) walk(list[0], [...path, '0']);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        // A point parts the steps of a path, so a name with one cannot be written down.
        if (name !== '' && !name.includes('.')) walk(inner, [...path, name]);
      }
    } else if (typeof value === 'string' || typeof value === 'number' || value === null) add(value, path);
  }
  function add(value: unknown, path: readonly string[]): void {
    const whole = path.join('.');
    const last = path.at(-1) ?? '';
    if (whole.length > 0 && whole.length <= maxPath) {
      leaves.push({ path: whole, name: last.toLowerCase().replace(/[^a-z0-9\u4e00-\u9fff]/g, ''), value });
    }
  }
  walk(object, []);
  return leaves;
}
