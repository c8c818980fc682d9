/** Bytes a printer sent, explained: for `packbench device decode`. */
import type { PrinterStatus } from '../../domain/device.ts';
import { bytesOfHex } from '../hex.ts';
import { statusQuestions } from './languages.ts';

/**
 * The answers in the bytes, in order; empty if there is none, which says nothing of the printer. Throws an Error with
 * one line if the protocol is not known or the digits are wrong.
 */
export function decodePrinterStatus(protocolId: string, hex: string): PrinterStatus[] {
  const question = statusQuestions.get(protocolId);
  if (question === undefined) {
    const known = [...statusQuestions.keys()].join(', ');
    throw new Error(`--protocol ${protocolId}: known are ${known}; EPL printers have no status that can be relied on`);
  }
  return question.decoder().push(bytesOfHex(hex));
}
