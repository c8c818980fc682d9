/** How to ask a printer for its state, by language. Another language is one file and one line here. */
import type { StatusDecoder } from './host-status.ts';
import { createHostStatusDecoder } from './host-status.ts';

export interface PrinterLanguage {
  /** What to write to ask. */
  readonly statusRequest: Uint8Array;
  statusDecoder(): StatusDecoder;
}

export const printerLanguages = {
  zpl: {
    statusRequest: Uint8Array.from('~HS\r\n', (character) => character.charCodeAt(0)),
    statusDecoder: createHostStatusDecoder,
  },
} as const satisfies Readonly<Record<string, PrinterLanguage>>;

export type PrinterLanguageName = keyof typeof printerLanguages;
