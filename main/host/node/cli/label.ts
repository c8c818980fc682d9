/** `packbench label`: artwork to printer bytes, and the bitmap it will print. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import type { ConvertedLabel, HeldCode, LabelTarget } from '../../../labels/index.ts';
import { convertLabel, createConverter, encodeTextLabel } from '../../../labels/index.ts';
import type { Log } from '../../../ports.ts';
import { createSystemClock } from '../../shared/clock.ts';
import { exitStatus, UsageError } from './exit.ts';
import type { LabelOptions } from './label-options.ts';
import { readLabelOptions } from './label-options.ts';

const maxInputBytes = 10 * 1024 * 1024;

const nothing = (): void => undefined;
const silent: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** The file is a label, and a person can do something about it: another printer, other paper, another label. */
const forAPerson: ReadonlySet<HeldCode> = new Set<HeldCode>([
  'label.waybill-missing',
  'label.wrong-parcel',
  'label.too-fine',
  'label.cut-off',
  'label.too-large',
  'label.wrong-language',
]);

/**
 * Exit status 0: written. 1: the label may not be printed so (the waybill does not read, it is cut off, it is too
 * large); nothing is written. 2: bad options or no label. 3: a file could not be written.
 */
export async function runLabel(args: readonly string[]): Promise<number> {
  const options = readLabelOptions(args);
  if (options.lines.length > 0) return writeLines(options);
  const input = readInput(options.file);
  // Nobody reads the log of a command; what is wrong with the file comes back as its reason.
  const engine = createConverter({ clock: createSystemClock(), log: silent });
  try {
    return await convertAll(options, input, engine);
  } finally {
    await engine.stop();
  }
}

/** A label of plain lines, which the printer writes itself. */
function writeLines({ lines, targets, out, json }: LabelOptions): number {
  for (const target of targets) {
    const bytes = encodeTextLabel(lines, 'text', target);
    const file = targets.length > 1 ? `${out}.${target.language}` : out;
    if (out !== undefined && file !== undefined && !write(file, bytes)) return exitStatus.couldNotRun;
    if (out === undefined && !json) process.stdout.write(bytes);
    else if (json) console.log(JSON.stringify({ language: target.language, bytes: bytes.byteLength }));
    else console.log(`${bytes.byteLength} bytes of ${target.language}`);
  }
  return exitStatus.done;
}

type Engine = ReturnType<typeof createConverter>;

async function convertAll(options: LabelOptions, input: Uint8Array, engine: Engine): Promise<number> {
  const { file, targets, wishes, waybill, out, png, json } = options;
  const made: { readonly target: LabelTarget; readonly label: ConvertedLabel }[] = [];
  for (const target of targets) {
    const picture = png !== undefined && made.length === 0;
    const label = await convertLabel({ input, target, wishes, waybill, picture, engine });
    if (label.held) {
      const line = `${file}: ${label.message} (${label.code})`;
      if (!forAPerson.has(label.code)) throw new UsageError(line);
      console.error(line);
      return exitStatus.needsPerson;
    }
    made.push({ target, label });
  }
  const several = targets.length > 1;
  for (const { target, label } of made) {
    if (out !== undefined && !write(several ? `${out}.${target.language}` : out, label.bytes))
      return exitStatus.couldNotRun;
  }
  const picture = made[0]?.label.png ?? null;
  if (png !== undefined) {
    if (picture === null) throw new UsageError(`--png: ${file} goes through in its own language and cannot be drawn`);
    if (!write(png, picture)) return exitStatus.couldNotRun;
  }
  for (const { target, label } of made) {
    if (out === undefined && png === undefined && !json) {
      process.stdout.write(label.bytes);
      continue;
    }
    const { language, dpi, widthMm, heightMm } = target;
    const { pages, codes, bytes } = label;
    if (json) console.log(JSON.stringify({ language, dpi, widthMm, heightMm, pages, bytes: bytes.byteLength, codes }));
    else console.log(`${bytes.byteLength} bytes of ${language}; barcodes: ${codes.join(', ') || 'none'}`);
  }
  return exitStatus.done;
}

function write(file: string, bytes: Uint8Array): boolean {
  try {
    writeFileSync(file, bytes);
    return true;
  } catch (error) {
    console.error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

function readInput(file: string): Uint8Array {
  try {
    if (statSync(file).size > maxInputBytes)
      throw new UsageError(`${file}: larger than 10 MB; a label has less than 1 MB`);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--in ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
