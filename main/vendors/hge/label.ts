/**
 * Labels as HGE may return them. The label format is in no document, so the type is read from the bytes, and what is
 * no label file is refused.
 */
import { looksLikeZpl, sniffArtwork } from '../../domain/artwork.ts';
import type { Artwork, ArtworkType } from '../../domain/shipping.ts';
import { valuesNamed } from './find.ts';

export type LabelFound =
  | { readonly kind: 'artwork'; readonly artwork: Artwork }
  | { readonly kind: 'address'; readonly url: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** The one label in the `data` of an answer. */
export function findLabel(data: unknown, names: readonly string[]): LabelFound {
  const direct = typeof data === 'string' && data.trim() !== '';
  // A name may hold an object that holds the label under another name; only text is a label.
  const texts = direct ? [data] : firstTexts(data, names);
  const [text] = texts;
  if (text === undefined) {
    return valuesNamed(data, names).length === 0
      ? { kind: 'none' }
      : { kind: 'unreadable', reason: 'the label field holds no text' };
  }
  if (texts.length > 1) {
    return { kind: 'unreadable', reason: `the answer holds ${texts.length} labels for one parcel` };
  }
  return readLabelText(text);
}

/** The different texts under the first name that has any. */
function firstTexts(data: unknown, names: readonly string[]): readonly string[] {
  for (const name of names) {
    const texts = valuesNamed(data, [name]).filter((value): value is string => typeof value === 'string');
    if (texts.length > 0) return [...new Set(texts)];
  }
  return [];
}

function readLabelText(text: string): LabelFound {
  const trimmed = text.trim();
  if (/^https?:\/\//i.test(trimmed)) return { kind: 'address', url: trimmed };
  if (looksLikeZpl(trimmed)) return artworkOf('application/zpl', Buffer.from(trimmed, 'utf8'));
  const base64 = trimmed.replace(/^data:[^,]{0,100};base64,/i, '').replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/_-]{8,}={0,2}$/.test(base64)) {
    return { kind: 'unreadable', reason: 'the label is neither base64, ZPL nor an address' };
  }
  return readLabelBytes(Buffer.from(base64, 'base64'));
}

/** A label's bytes, by what they are and not by what they are called. */
export function readLabelBytes(bytes: Uint8Array): LabelFound {
  const type = artworkType(bytes);
  if (type !== null) return artworkOf(type, bytes);
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1').trimStart();
  const reason = head.startsWith('<')
    ? 'the label is a web page, not artwork'
    : 'the label is neither PDF, PNG, JPEG, GIF, ZPL nor EPL';
  return { kind: 'unreadable', reason };
}

export function artworkType(bytes: Uint8Array): ArtworkType | null {
  return sniffArtwork(bytes);
}

function artworkOf(type: ArtworkType, bytes: Uint8Array): LabelFound {
  return { kind: 'artwork', artwork: { type, base64: Buffer.from(bytes).toString('base64') } };
}
