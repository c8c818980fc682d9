/** The reason of a held label, from where it is found to what the packer reads. */
import type { Notice } from '../../preload/contract/index.ts';

/**
 * Held labels by what the packer should do next; each has its own sentence on the screen. Others (`label.not-allowed`)
 * are told by their reason.
 */
const ownSentence = new Set([
  'label.unreadable',
  'label.encrypted',
  'label.too-heavy',
  'label.waybill-missing',
  'label.wrong-parcel',
  'label.too-fine',
  'label.cut-off',
  'label.too-large',
  'label.blank',
  'label.wrong-language',
]);

/** How a parcel's row keeps it: `code: one line`. */
export function heldText(code: string, message: string): string {
  return `${code}: ${message}`;
}

/** What the packer is told. Text without a known code (of an earlier version, or said by the desk) is shown as it is. */
export function heldNotice(text: string, waybill: string | null): Notice {
  const [, code = '', reason = ''] = /^(label\.[a-z-]+): (.*)$/s.exec(text) ?? [];
  if (!ownSentence.has(code)) {
    return { code: 'label.held', tone: 'stop', params: { reason: reason === '' ? text : reason } };
  }
  const found = /^(\S+) is on the label/.exec(reason)?.[1] ?? '';
  return { code, tone: 'stop', params: { reason, waybill: waybill ?? '', found } };
}
