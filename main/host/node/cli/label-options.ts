/** The options of `packbench label`. */
import path from 'node:path';
import type { LabelDpi, LabelLanguage, LabelTarget, LayWishes } from '../../../labels/index.ts';
import { labelEndings, labelLanguages, mediaTrackings } from '../../../labels/index.ts';
import { UsageError } from './exit.ts';
import type { ReadOptions } from './options.ts';
import { readOptions } from './options.ts';

export interface LabelOptions {
  /** Empty if `lines` are given instead. */
  readonly file: string;
  /** Lines for a label in the printer's own font, which shows that it speaks the language. */
  readonly lines: readonly string[];
  /** One per language asked for. */
  readonly targets: readonly LabelTarget[];
  readonly wishes: LayWishes;
  readonly waybill: string | null;
  readonly out: string | undefined;
  readonly png: string | undefined;
  readonly json: boolean;
}

const resolutions: readonly LabelDpi[] = [203, 300, 600];
const turns = ['auto', 0, 90, 180, 270] as const;

/** Throws `UsageError` with one line that names the option. */
export function readLabelOptions(args: readonly string[]): LabelOptions {
  const options = readOptions(args, {
    in: { type: 'string' },
    language: { type: 'string' },
    dpi: { type: 'string' },
    media: { type: 'string' },
    out: { type: 'string' },
    png: { type: 'string' },
    rotate: { type: 'string' },
    offset: { type: 'string' },
    margin: { type: 'string' },
    copies: { type: 'string' },
    darkness: { type: 'string' },
    speed: { type: 'string' },
    tracking: { type: 'string' },
    ending: { type: 'string' },
    text: { type: 'string', multiple: true },
    waybill: { type: 'string' },
    json: { type: 'boolean' },
  });
  const lines = options.list('text');
  const file = lines.length > 0 ? '' : options.need('in');
  if (lines.length > 0 && (options.text('in') !== undefined || options.text('png') !== undefined)) {
    throw new UsageError("--text is a label of its own, in the printer's font: leave out --in and --png");
  }
  if (options.rest.length > 0) throw new UsageError(`${options.rest[0]}: not an option; the file is given with --in`);
  const languages = readLanguages(options.text('language') ?? 'zpl');
  const [out, png] = [options.text('out'), options.text('png')];
  if (languages.length > 1 && out === undefined && png === undefined && !options.flag('json')) {
    throw new UsageError('--language with several languages needs --out FILE; each is written to FILE.LANGUAGE');
  }
  for (const written of [out, png]) {
    if (file !== '' && written !== undefined && path.resolve(written) === path.resolve(file)) {
      throw new UsageError(`${written}: is the label itself; name another file to write to`);
    }
  }
  const target = readTarget(options);
  const turn = turns.find((known) => String(known) === (options.text('rotate') ?? 'auto'));
  if (turn === undefined) throw new UsageError(`--rotate ${options.text('rotate')}: known are ${turns.join(', ')}`);
  return {
    file,
    lines,
    targets: languages.map((language) => ({ ...target, language })),
    wishes: { turn, marginMm: millimetres(options, 'margin', 0, 50) },
    waybill: options.text('waybill') ?? null,
    out,
    png,
    json: options.flag('json'),
  };
}

function readLanguages(text: string): LabelLanguage[] {
  return [...new Set(text.split(','))].map((name) => {
    const language = labelLanguages.find((known) => known === name.trim());
    if (language === undefined) throw new UsageError(`--language ${name}: known are ${labelLanguages.join(', ')}`);
    return language;
  });
}

function readTarget(options: ReadOptions): Omit<LabelTarget, 'language'> {
  const dpi = resolutions.find((known) => known === (options.whole('dpi', 1, 1_200) ?? 203));
  if (dpi === undefined) throw new UsageError(`--dpi ${options.text('dpi')}: known are ${resolutions.join(', ')}`);
  const given = options.text('media') ?? '101.6x152.4mm';
  const media = /^(\d{1,3}(?:\.\d+)?)x(\d{1,3}(?:\.\d+)?)mm$/.exec(given);
  const [widthMm, heightMm] = [Number(media?.[1]), Number(media?.[2])];
  if (media === null || widthMm < 10 || heightMm < 10 || widthMm > 300 || heightMm > 600) {
    throw new UsageError(`--media ${given}: must look like 100x150mm, from 10x10mm to 300x600mm`);
  }
  const [offsetXMm, offsetYMm] = readOffset(options.text('offset'));
  return {
    dpi,
    widthMm,
    heightMm,
    offsetXMm,
    offsetYMm,
    copies: options.whole('copies', 1, 99),
    darkness: options.whole('darkness', -30, 30),
    speed: options.whole('speed', 1, 14),
    tracking: oneOf(options, 'tracking', mediaTrackings),
    ending: oneOf(options, 'ending', labelEndings),
  };
}

function oneOf<T extends string>(options: ReadOptions, name: string, known: readonly T[]): T | undefined {
  const given = options.text(name);
  if (given === undefined) return undefined;
  const found = known.find((each) => each === given);
  if (found === undefined) throw new UsageError(`--${name} ${given}: known are ${known.join(', ')}`);
  return found;
}

function readOffset(text: string | undefined): readonly [number, number] {
  if (text === undefined) return [0, 0];
  const found = /^(-?\d{1,2}(?:\.\d+)?),(-?\d{1,2}(?:\.\d+)?)(?:mm)?$/.exec(text);
  const [x, y] = [Number(found?.[1]), Number(found?.[2])];
  if (found === null || Math.abs(x) > 20 || Math.abs(y) > 20) {
    throw new UsageError(`--offset ${text}: must look like 1.5,-2 (millimetres right and down, at most 20)`);
  }
  return [x, y];
}

function millimetres(options: ReadOptions, name: string, least: number, most: number): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const value = /^\d{1,3}(?:\.\d+)?(?:mm)?$/.test(text) ? Number(text.replace('mm', '')) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new UsageError(`--${name} ${text}: must be millimetres from ${least} to ${most}`);
  }
  return value;
}
