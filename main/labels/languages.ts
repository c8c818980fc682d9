/** Printer languages by name: how finished bitmaps become bytes. Another language is one file and one line here. */
import type { Bitmap } from './bitmap.ts';
import type { LabelLanguage, LabelTarget } from './media.ts';
import { encodeZpl } from './zpl/encode.ts';

export type LabelEncoder = (pages: readonly Bitmap[], printId: string, target: LabelTarget) => Uint8Array;

export const labelEncoders: Readonly<Record<LabelLanguage, LabelEncoder>> = {
  zpl: encodeZpl,
};
