/** `packbench device replay`: a recording decoded again with its own chunks, or sent to where a station listens. */
import { readFileSync, statSync } from 'node:fs';
import { frameDecoder, type DecodedFrame, type ReadSettings } from '../../../desk/devices/frame-decoder.ts';
import type { Clock, Link } from '../../../ports.ts';
import { handLinks, makeLink } from './device-link.ts';
import { maxRecordingBytes, parseRecording, playRecording, type Recording } from './device-recording.ts';
import { readSettings, readSettingNames } from './device-settings.ts';
import { exitStatus, UsageError } from './exit.ts';
import { readOptions } from './options.ts';

/** A station that is to be fed has this long to be there, and each chunk this long to leave. */
const connectMs = 30_000;
const writeMs = 10_000;

/**
 * Without `--to` or `--listen`: one JSON line per reading or refused frame, `at` in milliseconds of the recording; with
 * `--pace` each at its time. With `--to tcp://…` or `--listen tcp-listen://…`: the bytes go there, chunk by chunk. With
 * `--listen` the first line says where: port 0 is any free one.
 * 0: done; 1: nothing in it was a reading; 2: bad input; 3: nobody took the bytes.
 */
export async function runDeviceReplay(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    ...readSettingNames,
    in: { type: 'string' },
    pace: { type: 'boolean' },
    to: { type: 'string' },
    listen: { type: 'string' },
  });
  const recording = readRecording(options.need('in'));
  const to = options.text('to');
  const listen = options.text('listen');
  if (to !== undefined && listen !== undefined) throw new UsageError('--to and --listen: give one of them');
  if (to !== undefined && !to.startsWith('tcp://')) throw new UsageError(`--to ${to}: write tcp://HOST:PORT`);
  if (listen !== undefined && !listen.startsWith('tcp-listen://')) {
    throw new UsageError(`--listen ${listen}: write tcp-listen://HOST:PORT`);
  }
  const hand = handLinks();
  const target = to ?? listen;
  if (target !== undefined) {
    const sent = await send(recording, makeLink(hand, target, {}), hand.clock, options.flag('pace'));
    console.log(JSON.stringify({ sent, chunks: recording.chunks.length, to: target }));
    return exitStatus.done;
  }
  const settings = readSettings(options, recording.head);
  return show(recording, settings, hand.clock, options.flag('pace'));
}

function readRecording(path: string): Recording {
  try {
    if (statSync(path).size > maxRecordingBytes) throw new Error(`is larger than ${maxRecordingBytes} bytes`);
    return parseRecording(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`--in ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function show(recording: Recording, settings: ReadSettings, clock: Clock, pace: boolean): Promise<number> {
  const decoder = frameDecoder(settings);
  let readings = 0;
  const print = (frames: readonly DecodedFrame[]): void => {
    for (const frame of frames) {
      if (frame.error === null) readings += 1;
      console.log(JSON.stringify(frame.decoded ?? { error: frame.error, at: frame.at, raw: frame.raw }));
    }
  };
  await playRecording(recording, clock, pace, ({ at, bytes }) => print(decoder.push(bytes, at)));
  // What silence would have ended, or a message that was cut.
  print(decoder.end(recording.chunks.at(-1)?.at ?? 0));
  return readings > 0 ? exitStatus.done : exitStatus.needsPerson;
}

async function send(recording: Recording, link: Link, clock: Clock, pace: boolean): Promise<number> {
  let sent = 0;
  try {
    await opened(link, clock);
    await playRecording(recording, clock, pace, async ({ bytes }) => {
      const outcome = await link.write(bytes, writeMs);
      sent += outcome.bytes;
      if (outcome.kind === 'failed') throw new Error(`${link.uri}: ${outcome.message} after ${sent} bytes`);
    });
    return sent;
  } finally {
    await link.close();
  }
}

/** Waits until somebody is connected. A port that cannot be had is said at once; a station that is to come may take its time. */
function opened(link: Link, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(connectMs, () => {
      stop();
      reject(
        new Error(`${link.uri}: nobody there within ${connectMs / 1_000} s (${link.lastError ?? 'no connection'})`),
      );
    });
    let said = false;
    const stop = link.onState((state) => {
      const listening = link.listening ?? null;
      if (listening !== null && !said) {
        said = true;
        console.log(JSON.stringify({ listening }));
      }
      const refused = state === 'failed' && link.listening !== undefined;
      if (state !== 'open' && !refused) return;
      timer.cancel();
      stop();
      if (refused) reject(new Error(link.lastError ?? `${link.uri}: cannot listen`));
      else resolve();
    });
    link.open();
  });
}
