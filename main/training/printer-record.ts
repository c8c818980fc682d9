/** The labels a virtual printer has put out, on disk: what came out stays out, whatever becomes of the process. */
import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const RecordLine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('label'), seq: z.number().int(), id: z.string(), at: z.number() }),
  z.object({ kind: z.literal('read'), seq: z.number().int(), codes: z.array(z.string()) }),
]);
type RecordLine = z.infer<typeof RecordLine>;

export interface RecordedLabel {
  readonly seq: number;
  readonly id: string;
  readonly at: number;
  /** Empty until the label was read. */
  codes: string[];
}

export interface LabelRecord {
  readonly labels: readonly RecordedLabel[];
  /** Returns after the operating system has the label: a killed process loses nothing that was recorded. */
  append(id: string, at: number, zpl: Uint8Array): RecordedLabel;
  setRead(label: RecordedLabel, codes: string[], png: Uint8Array): void;
  zpl(seq: number): Uint8Array;
  /** The picture if it was made already. */
  png(seq: number): Uint8Array | null;
  close(): void;
}

/** Opens `DIR/printer-labels.jsonl` and replays it; a line cut short by a kill was never acknowledged and is left out. */
export function openLabelRecord(dir: string): LabelRecord {
  const pictures = join(dir, 'printer-labels');
  const path = join(dir, 'printer-labels.jsonl');
  mkdirSync(pictures, { recursive: true });
  const labels: RecordedLabel[] = [];
  const bySeq = new Map<number, RecordedLabel>();
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  for (const line of text.split('\n')) {
    const parsed = parseLine(line);
    if (parsed === null) continue;
    if (parsed.kind === 'label') {
      const label = { seq: parsed.seq, id: parsed.id, at: parsed.at, codes: [] };
      labels.push(label);
      bySeq.set(label.seq, label);
    } else {
      const label = bySeq.get(parsed.seq);
      if (label !== undefined) label.codes = parsed.codes;
    }
  }
  const file = openSync(path, 'a');
  // A torn last line must not swallow the next one.
  if (text !== '' && !text.endsWith('\n')) appendFileSync(file, '\n');
  const write = (line: RecordLine): void => appendFileSync(file, `${JSON.stringify(line)}\n`);
  const pngPath = (seq: number): string => join(pictures, `${seq}.png`);
  const zplPath = (seq: number): string => join(pictures, `${seq}.zpl`);
  let nextSeq = (labels.at(-1)?.seq ?? 0) + 1;

  return {
    labels,
    append(id, at, zpl) {
      const label = { seq: nextSeq, id, at, codes: [] };
      nextSeq += 1;
      writeFileSync(zplPath(label.seq), zpl);
      write({ kind: 'label', seq: label.seq, id, at });
      labels.push(label);
      return label;
    },
    setRead(label, codes, png) {
      label.codes = codes;
      writeFileSync(pngPath(label.seq), png);
      write({ kind: 'read', seq: label.seq, codes });
    },
    zpl: (seq) => readFileSync(zplPath(seq)),
    png: (seq) => (existsSync(pngPath(seq)) ? readFileSync(pngPath(seq)) : null),
    close: () => closeSync(file),
  };
}

function parseLine(line: string): RecordLine | null {
  if (line === '') return null;
  try {
    const parsed = RecordLine.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
