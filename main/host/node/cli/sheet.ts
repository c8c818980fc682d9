/** `packbench sheet`: command barcodes, scanner setup, badge cards; for an office printer or for label media. */
import { writeFileSync } from 'node:fs';
import { Locale } from '../../../../preload/contract/index.ts';
import type { BadgeFacts, LabelDpi, LabelTarget, MadeSheet, OwnRequest } from '../../../labels/index.ts';
import { labelLanguages, makeSheet } from '../../../labels/index.ts';
import { exitStatus, UsageError } from './exit.ts';
import type { ReadOptions } from './options.ts';
import { readOptions } from './options.ts';
import { resourcesDir } from './station-setup.ts';

const kinds = ['commands', 'scanner', 'badges'] as const;
const resolutions: readonly LabelDpi[] = [203, 300, 600];
const a4 = { widthMm: 210, heightMm: 297 };
const mostBadges = 200;

/**
 * The end of `--out` decides: `.pdf` all pages, `.png` one picture per page, anything else bytes for a label printer.
 * Exit status 0: written. 1: it does not fit the media. 2: bad options. 3: a file could not be written.
 */
export async function runSheet(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    out: { type: 'string' },
    media: { type: 'string' },
    dpi: { type: 'string' },
    language: { type: 'string' },
    locale: { type: 'string' },
    badge: { type: 'string', multiple: true },
    supervisor: { type: 'string', multiple: true },
    site: { type: 'string' },
    json: { type: 'boolean' },
  });
  const kind = kinds.find((known) => known === options.rest[0]);
  if (kind === undefined || options.rest.length > 1) {
    throw new UsageError(`sheet ${options.rest.join(' ')}: known are ${kinds.join(', ')}`);
  }
  const out = options.text('out') ?? `packbench-${kind}.pdf`;
  const form = /\.(pdf|png)$/i.exec(out)?.[1]?.toLowerCase() ?? 'bytes';
  const target = readTarget(options, form === 'bytes');
  const request = readRequest(kind, options);
  let sheet: MadeSheet;
  try {
    sheet = await makeSheet(request, target, resourcesDir);
  } catch (error) {
    console.error(`sheet ${kind}: ${error instanceof Error ? error.message : String(error)}`);
    return exitStatus.needsPerson;
  }
  const files = filesOf(sheet, form, out);
  for (const { name, bytes } of files) {
    try {
      writeFileSync(name, bytes);
    } catch (error) {
      console.error(`--out ${name}: ${error instanceof Error ? error.message : String(error)}`);
      return exitStatus.couldNotRun;
    }
  }
  const names = files.map(({ name }) => name);
  const { language, dpi, widthMm, heightMm } = target;
  const summary = { kind, dpi, widthMm, heightMm, pages: sheet.pages, codes: sheet.codes, files: names };
  if (options.flag('json')) console.log(JSON.stringify(form === 'bytes' ? { ...summary, language } : summary));
  else console.log(`${sheet.pages} pages, ${sheet.codes.length} barcodes read back: ${names.join(', ')}`);
  return exitStatus.done;
}

function filesOf(sheet: MadeSheet, form: string, out: string): { readonly name: string; readonly bytes: Uint8Array }[] {
  if (form === 'pdf') return [{ name: out, bytes: sheet.pdf() }];
  if (form === 'bytes') return [{ name: out, bytes: sheet.bytes('sheet') }];
  const pictures = sheet.pngs();
  const named = (index: number): string =>
    pictures.length === 1 ? out : out.replace(/\.png$/i, (end) => `-${index + 1}${end}`);
  return pictures.map((bytes, index) => ({ name: named(index), bytes }));
}

/** A4 at 300 dpi for files, 100 x 150 mm at 203 dpi for a label printer. */
function readTarget(options: ReadOptions, forPrinter: boolean): LabelTarget {
  const given = options.text('media') ?? (forPrinter ? '100x150mm' : 'a4');
  const size = /^(\d{1,3}(?:\.\d{1,2})?)x(\d{1,3}(?:\.\d{1,2})?)mm$/.exec(given);
  if (size === null && given.toLowerCase() !== 'a4') {
    throw new UsageError(`--media ${given}: must look like 100x150mm, or be a4`);
  }
  const media = size === null ? a4 : { widthMm: Number(size[1]), heightMm: Number(size[2]) };
  if (media.widthMm < 20 || media.heightMm < 20 || media.widthMm > 300 || media.heightMm > 450) {
    throw new UsageError(`--media ${given}: must be between 20x20mm and 300x450mm`);
  }
  const dpi = resolutions.find((known) => known === (options.whole('dpi', 1, 1_200) ?? (size === null ? 300 : 203)));
  if (dpi === undefined)
    throw new UsageError(`--dpi ${options.text('dpi') ?? ''}: known are ${resolutions.join(', ')}`);
  const language = labelLanguages.find((known) => known === (options.text('language') ?? 'zpl'));
  if (language === undefined) {
    throw new UsageError(`--language ${options.text('language') ?? ''}: known are ${labelLanguages.join(', ')}`);
  }
  return { language, dpi, ...media };
}

function readRequest(kind: (typeof kinds)[number], options: ReadOptions): OwnRequest {
  const locale = Locale.safeParse(options.text('locale') ?? 'zh-CN');
  if (!locale.success) throw new UsageError(`--locale ${options.text('locale') ?? ''}: known are zh-CN, en`);
  if (kind !== 'badges') return { kind, locale: locale.data };
  const site = options.text('site') ?? '';
  const badges = [
    ...options.list('badge').map((text) => readBadge('badge', text, 'packer', site)),
    ...options.list('supervisor').map((text) => readBadge('supervisor', text, 'supervisor', site)),
  ];
  if (badges.length === 0) throw new UsageError('sheet badges: give --badge "NAME=ID" or --supervisor "NAME=ID"');
  if (badges.length > mostBadges) throw new UsageError(`sheet badges: at most ${mostBadges} at once`);
  return { kind, badges, locale: locale.data };
}

function readBadge(option: string, text: string, role: BadgeFacts['role'], site: string): BadgeFacts {
  const at = text.lastIndexOf('=');
  const [name, badge] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (at < 0 || name === '' || !/^[A-Za-z0-9_-]{1,32}$/.test(badge)) {
    throw new UsageError(`--${option} ${text}: must look like "NAME=ID"; the id has 1 to 32 letters, digits, _ or -`);
  }
  return { name, badge, role, site };
}
