/**
 * Barcodes for the screen itself, so that all of it can be worked with a scanner:
 *   PB:GO:<place>   pack, bags or day
 *   PB:KEY:<key>    the same as pressing the key: `F9`, `1`, `Y`, `ENTER`, `UP`, `ESC`, `INSERT`
 *   PB:TARE         the container on the scale is tared, wherever the packer is on the screen; also PB:TARE:STAY and
 *                   PB:TARE:CLEAR. These go to the packing desk as they are.
 * The station never sees the first two; to it any other `PB:` text is a command barcode it does not know.
 */
import type { Place } from '../state/view-slice.ts';

export type ScreenCode =
  | { readonly kind: 'go'; readonly place: Place }
  /** For the packing desk, whatever place is open. */
  | { readonly kind: 'desk' }
  /** `name` as commands write it (`commands.ts`). */
  | { readonly kind: 'key'; readonly name: string };

const places: Readonly<Record<string, Place>> = { PACK: 'pack', QUEUE: 'pack', BAGS: 'bags', DAY: 'day' };

const keys: Readonly<Record<string, string>> = {
  UP: '↑',
  DOWN: '↓',
  LEFT: '←',
  RIGHT: '→',
  ENTER: 'Enter',
  ESC: 'Esc',
  INSERT: 'Insert',
  DELETE: 'Delete',
  END: 'End',
  UNREAD: 'Shift+End',
  UNDO: 'Ctrl+Z',
  SUMMARY: 'Shift+F12',
};

/** Reads a scanned text, whatever caps lock made of it; null if it is not for the screen. */
export function readScreenCode(code: string): ScreenCode | null {
  if (/^PB:TARE(:STAY|:CLEAR)?$/.test(code.trim().toUpperCase())) return { kind: 'desk' };
  const [, verb, argument = ''] = /^PB:(GO|KEY):([A-Z0-9]{1,16})$/.exec(code.trim().toUpperCase()) ?? [];
  const place = places[argument];
  if (verb === 'GO') return place === undefined ? null : { kind: 'go', place };
  if (verb !== 'KEY') return null;
  const name = keys[argument] ?? (/^(F([1-9]|1[0-2])|[A-Z0-9])$/.test(argument) ? argument : null);
  return name === null ? null : { kind: 'key', name };
}
