/** `packbench label`: artwork to printer bytes, and the bitmap it will print. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { convertLabel, type LabelDpi } from '../../../labels/index.ts';
import { exitStatus, UsageError } from './exit.ts';
import { readOptions } from './options.ts';

const maxInputBytes = 10 * 1024 * 1024;
const languages = ['zpl'] as const;
const resolutions: readonly LabelDpi[] = [203, 300, 600];

export async function runLabel(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    in: { type: 'string' },
    language: { type: 'string' },
    dpi: { type: 'string' },
    media: { type: 'string' },
    out: { type: 'string' },
    png: { type: 'string' },
    json: { type: 'boolean' },
  });
  const language = languages.find((known) => known === (options.text('language') ?? 'zpl'));
  if (language === undefined) {
    throw new UsageError(`--language ${options.text('language')}: known are ${languages.join(', ')}`);
  }
  const dpi = resolutions.find((known) => known === (options.whole('dpi', 1, 1_200) ?? 203));
  if (dpi === undefined) throw new UsageError(`--dpi ${options.text('dpi')}: known are ${resolutions.join(', ')}`);
  const media = /^(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)mm$/.exec(options.text('media') ?? '101.6x152.4mm');
  if (media === null) throw new UsageError(`--media ${options.text('media')}: must look like 100x150mm`);
  const file = options.need('in');
  const input = readInput(file);
  const [widthMm, heightMm] = [Number(media[1]), Number(media[2])];
  let label: Awaited<ReturnType<typeof convertLabel>>;
  try {
    label = await convertLabel({ input, language, dpi, widthMm, heightMm });
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const [out, png] = [options.text('out'), options.text('png')];
  if (out !== undefined) writeFileSync(out, label.bytes);
  if (png !== undefined) writeFileSync(png, label.png);
  if (out === undefined && !options.flag('json')) {
    process.stdout.write(label.bytes);
    return exitStatus.done;
  }
  const summary = { language, dpi, widthMm, heightMm, bytes: label.bytes.byteLength, codes: label.codes };
  console.log(
    options.flag('json')
      ? JSON.stringify(summary)
      : `${summary.bytes} bytes of ${language}; barcodes: ${summary.codes.join(', ') || 'none'}`,
  );
  return exitStatus.done;
}

function readInput(file: string): Uint8Array {
  try {
    if (statSync(file).size > maxInputBytes) throw new UsageError(`${file}: larger than 10 MB`);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--in ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
