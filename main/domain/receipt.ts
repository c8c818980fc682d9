/**
 * What receipt printers do differently under the same ESC/POS name. Data of the profile and of printer models; the
 * bytes are made in `main/labels/receipt`.
 */
import { z } from 'zod';

export const ReceiptQuirks = z.strictObject({
  /**
   * Send FS & before and FS . after Chinese text (Epson, ESC/POS Command Reference, "FS &"). False for printers that
   * are set to Chinese by a switch and print the two bytes as signs.
   */
  chineseCommand: z.boolean().optional(),
  /** Send ESC @ first. False for label printers in another mode, which print it as "@". */
  initialise: z.boolean().optional(),
  /** The printer's font has the four-byte part of GB18030. Most have not. */
  fourByte: z.boolean().optional(),
  /** Number for ESC t, for printers that forget theirs. */
  codePage: z.number().int().min(0).max(255).optional(),
  cut: z.enum(['full', 'partial', 'none']).optional(),
  /** Empty lines at the end, so that the last text is past the cutter or the tear bar. */
  feedLines: z.number().int().min(0).max(20).optional(),
});
export type ReceiptQuirks = z.infer<typeof ReceiptQuirks>;

/** A receipt printer as far as text goes. The cash drawer is never opened, so there is nothing to say of it. */
export interface ReceiptPrinter {
  /** Narrow characters in a line: 32 on 58 mm paper and 48 on 80 mm with the usual font of 12 x 24 dots. */
  readonly columns: number;
  readonly chinese: 'gb18030' | 'gbk' | 'none';
  readonly quirks?: ReceiptQuirks | undefined;
}
