/** Reads what shim.c recorded: every operation that reached the disk, in order, and the acknowledgements between them. */
import { readFileSync } from 'node:fs';

export type StorageOperation =
  | {
      readonly kind: 'open';
      readonly handle: number;
      readonly created: boolean;
      readonly emptied: boolean;
      readonly path: string;
    }
  | { readonly kind: 'write'; readonly handle: number; readonly at: number; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly handle: number; readonly size: number }
  | { readonly kind: 'sync'; readonly handle: number }
  | { readonly kind: 'sync-folder'; readonly path: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'acknowledge'; readonly text: string };

const headBytes = 17;

/** Throws if the file is not a whole record. */
export function readRecord(file: string): StorageOperation[] {
  const bytes = readFileSync(file);
  const operations: StorageOperation[] = [];
  let place = 0;
  while (place < bytes.length) {
    if (place + headBytes > bytes.length) throw new Error(`${file} ends in the middle of a record`);
    const type = String.fromCharCode(bytes.readUInt8(place));
    const handle = bytes.readUInt32LE(place + 1);
    const number = Number(bytes.readBigUInt64LE(place + 5));
    const length = bytes.readUInt32LE(place + 13);
    const data = bytes.subarray(place + headBytes, place + headBytes + length);
    if (data.length < length) throw new Error(`${file} ends in the middle of a record`);
    operations.push(toOperation(type, handle, number, data));
    place += headBytes + length;
  }
  return operations;
}

function toOperation(type: string, handle: number, number: number, data: Buffer): StorageOperation {
  const text = (): string => data.toString('utf8');
  switch (type) {
    case 'O':
      return { kind: 'open', handle, created: (number & 1) !== 0, emptied: (number & 2) !== 0, path: text() };
    case 'W':
      return { kind: 'write', handle, at: number, data };
    case 'T':
      return { kind: 'truncate', handle, size: number };
    case 'S':
      return { kind: 'sync', handle };
    case 'D':
      return { kind: 'sync-folder', path: text() };
    case 'R': {
      const [from = '', to = ''] = text().split('\0');
      return { kind: 'rename', from, to };
    }
    case 'U':
      return { kind: 'remove', path: text() };
    case 'A':
      return { kind: 'acknowledge', text: text() };
    default:
      throw new Error(`a record of the unknown type ${JSON.stringify(type)}`);
  }
}
