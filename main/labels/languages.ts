/** Printer languages by name: how finished bitmaps become bytes. Another language is one folder and one line here. */
import type { Bitmap } from './bitmap.ts';
import { encodeCpcl } from './cpcl/encode.ts';
import { encodeEpl } from './epl/encode.ts';
import { encodeEscpos } from './escpos/encode.ts';
import type { LabelLanguage, LabelTarget } from './media.ts';
import { encodeTspl } from './tspl/encode.ts';
import { encodeZpl } from './zpl/encode.ts';

/** `printId` stands in a comment of each page where the language has comments. */
export type LabelEncoder = (pages: readonly Bitmap[], printId: string, target: LabelTarget) => Uint8Array;

export const labelEncoders: Readonly<Record<LabelLanguage, LabelEncoder>> = {
  zpl: encodeZpl,
  tspl: encodeTspl,
  escpos: encodeEscpos,
  cpcl: encodeCpcl,
  epl: encodeEpl,
};
