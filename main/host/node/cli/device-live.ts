/** `packbench device watch` and `device record`: what a live link sends, decoded or as it came. */
import { closeSync, openSync, writeSync } from 'node:fs';
import {
  asDecoded,
  frameDecoder,
  hexOf,
  settledScale,
  usualLine,
  type DecodedFrame,
  type ReadSettings,
} from '../../../desk/devices/frame-decoder.ts';
import { createScale } from '../../../devices/scale/index.ts';
import type { Link, LinkOptions, Timer } from '../../../ports.ts';
import { handLinks, lineSettings, linkOptionNames, makeLink, untilEnd } from './device-link.ts';
import { readSettings, readSettingNames } from './device-settings.ts';
import { maxRecordingBytes, type RecordingHead } from './device-recording.ts';
import { exitStatus, UsageError } from './exit.ts';
import { readOptions } from './options.ts';

const longestSeconds = 24 * 3_600;

/**
 * One JSON line per reading or refused frame. 0: at least one reading came; 1: the link opened and none came; 2: bad input;
 * 3: the link did not open.
 */
export async function runDeviceWatch(args: readonly string[]): Promise<number> {
  const options = readOptions(args, { ...linkOptionNames, ...readSettingNames, seconds: { type: 'string' } });
  const uri = options.need('link');
  const settings = readSettings(options);
  const seconds = options.whole('seconds', 1, longestSeconds) ?? longestSeconds;
  const hand = handLinks();
  const link = makeLink(hand, uri, lineFor(settings, lineSettings(options)));
  const opened = followOpening(link);
  let readings = 0;
  let refused = 0;
  const show = (frame: DecodedFrame): void => {
    if (frame.error === null) readings += 1;
    else refused += 1;
    console.log(JSON.stringify(frame.decoded ?? { error: frame.error, at: frame.at, raw: frame.raw }));
  };
  const stop = settings.kind === 'scale' ? watchScale() : watchPlain();

  function watchScale(): () => Promise<void> {
    const scale = createScale({
      id: 'watched',
      link,
      ...settledScale(settings),
      clock: hand.clock,
      log: hand.log,
    });
    scale.onEvent((event) => {
      if (event.kind === 'reading') show(asDecoded(event.reading));
      else if (event.kind === 'refused') show(asDecoded(event.frame));
    });
    scale.open();
    return () => scale.close();
  }

  function watchPlain(): () => Promise<void> {
    let decoder = frameDecoder(settings);
    let silence: Timer | null = null;
    const awaitSilence = (): void => {
      silence?.cancel();
      const wake = decoder.wakeAt();
      if (wake === null) return;
      silence = hand.clock.after(Math.max(0, wake - hand.clock.monotonic()), () => {
        for (const frame of decoder.tick(hand.clock.monotonic())) show(frame);
        awaitSilence();
      });
    };
    link.onState(() => {
      decoder = frameDecoder(settings);
      awaitSilence();
    });
    link.onBytes((bytes) => {
      for (const frame of decoder.push(bytes, hand.clock.monotonic())) show(frame);
      awaitSilence();
    });
    link.open();
    return async () => {
      silence?.cancel();
      await link.close();
    };
  }

  await untilEnd(hand.clock, seconds, new Promise(() => undefined));
  const { lastError } = link;
  await stop();
  if (!opened()) throw new Error(`${uri} did not open: ${lastError ?? 'nothing was heard of it'}`);
  if (readings === 0) console.error(`${uri}: no reading in ${seconds} s, ${refused} refused frames`);
  return readings > 0 ? exitStatus.done : exitStatus.needsPerson;
}

/**
 * Writes what the link sends to a file. With `--kind` and `--protocol` a polled device is asked as the station would ask
 * it. Ends after `--seconds` (60), at `--bytes` (64 MB of file), or at Ctrl+C.
 */
export async function runDeviceRecord(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    ...linkOptionNames,
    ...readSettingNames,
    out: { type: 'string' },
    seconds: { type: 'string' },
    bytes: { type: 'string' },
  });
  const uri = options.need('link');
  const out = options.need('out');
  const settings = options.text('kind') === undefined ? null : readSettings(options);
  const seconds = options.whole('seconds', 1, longestSeconds) ?? 60;
  const limit = options.whole('bytes', 1_024, maxRecordingBytes) ?? maxRecordingBytes;
  const line = lineFor(settings, lineSettings(options));
  const hand = handLinks();
  const link = makeLink(hand, uri, line);
  const opened = followOpening(link);
  let file: number;
  try {
    file = openSync(out, 'wx', 0o600);
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw new UsageError(`--out ${out}: ${taken ? 'is there already; name a new file' : String(error)}`);
  }
  const startedAt = hand.clock.monotonic();
  const at = (): number => Math.round((hand.clock.monotonic() - startedAt) * 10) / 10;
  let written = 0;
  let bytesSeen = 0;
  let full: (reason: string) => void = () => undefined;
  const isFull = new Promise<string>((resolve) => (full = resolve));
  const write = (entry: object): void => {
    const text = `${JSON.stringify(entry)}\n`;
    written += writeSync(file, text);
  };
  try {
    const head: RecordingHead = {
      packbench: 'device-recording',
      version: 1,
      link: uri,
      kind: settings?.kind ?? null,
      protocol: settings?.protocol ?? null,
      settings: Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined)),
      startedAt: new Date(hand.clock.now()).toISOString(),
    };
    write(head);
    const stopListening = [
      link.onBytes((bytes) => {
        const hex = hexOf(bytes);
        // Room for the last line; a chunk is written whole or not at all.
        if (written + hex.length + 200 > limit) return full('size');
        bytesSeen += bytes.length;
        write({ at: at(), hex });
      }),
      link.onState((state) =>
        write({ at: at(), link: link.lastError === null ? state : `${state}: ${link.lastError}` }),
      ),
    ];
    const scale =
      settings?.kind === 'scale'
        ? createScale({ id: 'recorded', link, ...settledScale(settings), clock: hand.clock, log: hand.log })
        : null;
    if (scale === null) link.open();
    else scale.open();
    const reason = await untilEnd(hand.clock, seconds, isFull);
    for (const stop of stopListening) stop();
    const { lastError } = link;
    await (scale ?? link).close();
    write({ at: at(), end: reason, bytes: bytesSeen });
    if (!opened()) throw new Error(`${uri} did not open: ${lastError ?? 'nothing was heard of it'}`);
    console.log(JSON.stringify({ out, bytes: bytesSeen, end: reason }));
    return bytesSeen > 0 ? exitStatus.done : exitStatus.needsPerson;
  } finally {
    closeSync(file);
  }
}

/** What was not said of the line is as the scale's manual, or the profile of a scanner, has it. */
function lineFor(settings: ReadSettings | null, given: LinkOptions): LinkOptions {
  return settings === null ? given : { ...usualLine(settings), ...given };
}

/** Tells later whether the link was open at least once. */
function followOpening(link: Link): () => boolean {
  let opened = false;
  link.onState((state) => {
    if (state === 'open') opened = true;
  });
  return () => opened;
}
