/** The answer of 获取POD in our words. Its fields are assumed; see assumed.ts. */
import type { DeliveryProof } from '../../domain/shipping.ts';
import type { Outcome } from '../kit/outcome.ts';
import { cleanText } from '../kit/outside.ts';
import type { AssumedFields } from './assumed.ts';
import { objectsIn, textNamed } from './find.ts';
import { saysNotFound } from './map.ts';

type Picture = DeliveryProof['images'][number];
type Read = Picture | { readonly problem: string };

/** Our limits: what a driver photographs is smaller, and 鸿讯 takes at most 50 pictures. */
const maxPictures = 20;
const maxPictureBytes = 5 * 1024 * 1024;
const maxAddress = 2_000;
const maxSigner = 128;

/** File endings of pictures, and the ending we pass on. */
const endings: Readonly<Record<string, string>> = {
  jpg: 'jpg',
  jpeg: 'jpg',
  jfif: 'jpg',
  png: 'png',
  gif: 'gif',
  webp: 'webp',
  bmp: 'bmp',
};

/**
 * Null: no proof yet. `asked` is the outcome of the call, its result the `data` of the answer. Text in a picture's place
 * that is no picture is `unknown` with code `pod-unreadable`, unless another picture can be read.
 */
export function readProof(
  asked: Outcome<unknown>,
  fields: Pick<AssumedFields, 'proofImage' | 'proofSigner'>,
): Outcome<DeliveryProof | null> {
  if (asked.kind !== 'done') return saysNotFound(asked) ? { kind: 'done', result: null } : asked;
  const data = asked.result;
  const read = entriesIn(data, fields.proofImage)
    .slice(0, maxPictures)
    .map((texts) => pictureOf(texts));
  const pictures = read.filter((each): each is Picture => !('problem' in each));
  const images = pictures.filter((each, index) => pictures.findIndex((other) => isSame(each, other)) === index);
  if (images.length > 0) {
    const signedBy = cleanText(textNamed(data, fields.proofSigner) ?? '').trim();
    return { kind: 'done', result: { images, signedBy: [...signedBy].slice(0, maxSigner).join('') } };
  }
  const problem = read.find((each) => 'problem' in each);
  if (problem === undefined) return { kind: 'done', result: null };
  return { kind: 'unknown', code: 'pod-unreadable', message: problem.problem };
}

/** The texts of each picture: of one object an address and a content are the same picture. */
function entriesIn(data: unknown, names: readonly string[]): readonly (readonly string[])[] {
  const bare = textsIn(data);
  if (bare.length > 0) return bare.map((text) => [text]);
  return objectsIn(data).flatMap((object) => {
    const single: string[] = [];
    const listed: string[] = [];
    for (const name of names) {
      if (!Object.hasOwn(object, name)) continue;
      const value = object[name];
      (Array.isArray(value) ? listed : single).push(...textsIn(value));
    }
    const isPair = single.length === 2 && single.filter(isAddress).length === 1;
    return [...(isPair ? [single] : single.map((text) => [text])), ...listed.map((text) => [text])];
  });
}

/** Text, or the texts of a list, without empty ones. */
function textsIn(value: unknown): string[] {
  const values: readonly unknown[] = Array.isArray(value) ? (value as unknown[]) : [value];
  return values.flatMap((each) => (typeof each === 'string' && each.trim() !== '' ? [each.trim()] : []));
}

function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

function pictureOf(texts: readonly string[]): Read {
  const read = texts.map((text) => (isAddress(text) ? byAddress(text) : byContent(text)));
  const problem = read.find((each) => 'problem' in each);
  if (problem !== undefined) return problem;
  const pictures = read.filter((each): each is Picture => !('problem' in each));
  const url = pictures.find((each) => each.url !== null)?.url ?? null;
  const content = pictures.find((each) => each.base64 !== null);
  // The first bytes tell more than a file's name.
  return { url, base64: content?.base64 ?? null, postfix: content?.postfix ?? pictures[0]?.postfix ?? '' };
}

/** An address without a file ending is taken, with an empty one; one that names another kind of file is not. */
function byAddress(text: string): Read {
  const url = text.length <= maxAddress ? URL.parse(text) : null;
  if (url === null)
    return { problem: `the address of a picture is not an address of at most ${maxAddress} characters` };
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { problem: `the address of a picture must be http or https, not ${url.protocol.slice(0, 20)}` };
  }
  if (url.username !== '' || url.password !== '') return { problem: 'the address of a picture holds a password' };
  const ending = /\.([a-z0-9]{1,8})$/i.exec(url.pathname)?.[1]?.toLowerCase();
  if (ending === undefined) return { url: url.href, base64: null, postfix: '' };
  const postfix = Object.hasOwn(endings, ending) ? endings[ending] : undefined;
  if (postfix === undefined) return { problem: `the address of a picture ends in .${ending}` };
  return { url: url.href, base64: null, postfix };
}

function byContent(text: string): Read {
  const base64 = text
    .replace(/^data:[^,]{0,100};base64,/i, '')
    .replace(/\s+/g, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/');
  if (base64.length > (maxPictureBytes / 3) * 4 + 4) {
    return { problem: `a picture is larger than ${maxPictureBytes / 1024 / 1024} MB` };
  }
  if (!/^[A-Za-z0-9+/]{8,}={0,2}$/.test(base64)) return { problem: 'a picture is neither base64 nor an address' };
  const bytes = Buffer.from(base64, 'base64');
  const postfix = pictureType(bytes);
  if (postfix === null) return { problem: 'a picture is not JPEG, PNG, GIF, WebP or BMP by its first bytes' };
  return { url: null, base64: bytes.toString('base64'), postfix };
}

/** By the signatures of JPEG (ISO 10918), PNG, GIF, WebP and BMP. */
function pictureType(bytes: Buffer): string | null {
  const head = bytes.subarray(0, 16).toString('latin1');
  if (head.startsWith('\xff\xd8\xff')) return 'jpg';
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (/^GIF8[79]a/.test(head)) return 'gif';
  if (/^RIFF[\s\S]{4}WEBP/.test(head)) return 'webp';
  // "BM", the file's size, and four reserved zeros: two letters alone are too easily text.
  return /^BM[\s\S]{4}\0{4}/.test(head) ? 'bmp' : null;
}

function isSame(a: Picture, b: Picture): boolean {
  return a.url === b.url && a.base64 === b.base64;
}
