/** Detection of how a scanner on a serial line is set, in the words of the contract. */
import type { DeviceProposal, SerialSettings } from '../../../preload/contract/index.ts';
import { enoughScans, judgeScans, type ScannerProposal } from '../../devices/scanner/autodetect.ts';
import { doubt, reason } from '../../devices/reasons.ts';
import { parseScanner } from '../../profile/profile.ts';
import type { Listening, Verdict } from './detect-listen.ts';
import type { Detection } from './detection.ts';
import { scanFrames } from './scan-frames.ts';
import { readingInWords, type SessionView } from './session-view.ts';

const limitMs = 2 * 60_000;
/** Speeds scanners are delivered with; general knowledge, not confirmed. Seven bits with parity are heard as eight. */
const speeds = [9_600, 115_200, 19_200, 38_400, 57_600, 4_800] as const;

export const scannerListening: Listening = {
  lines: speeds.map((baud) => ({ baud, dataBits: 8, parity: 'none', stopBits: 1 })),
  judge: ({ ear, line }) => judgeBursts(ear.bursts(), line),
  wanted: enoughScans,
  limitMs,
  note: (done, line, changed) =>
    changed
      ? doubt('device.detect-scan-again', { line })
      : reason('device.detect-scan', { count: done, wanted: enoughScans }),
  nothing: (bytes) => doubt('device.detect-no-scan', { bytes }),
  question: null,
  askMore: null,
};

/** Judges scans over one line setting. */
export function judgeBursts(bursts: readonly Uint8Array[], line: SerialSettings | null): Verdict {
  const { proposal, unreadable } = judgeScans(bursts);
  if (proposal === null) return { proposals: [], done: 0, unreadable, enough: false };
  return {
    proposals: [asProposal(proposal, line, bursts.at(-1) ?? new Uint8Array())],
    done: proposal.frames,
    unreadable: unreadable && proposal.frames === 0,
    enough: proposal.frames >= enoughScans,
  };
}

function asProposal(found: ScannerProposal, line: SerialSettings | null, newest: Uint8Array): DeviceProposal {
  const { protocol, prefix, suffix, encoding, parity, frames, refused, score, because } = found;
  const set = line === null || parity === null ? line : { ...line, dataBits: 7, parity };
  const text = { prefix, suffix, ...(encoding === 'utf-8' ? {} : { encoding }) };
  const fields = { protocol, ...(protocol === 'hid-pos' ? {} : text), ...set };
  return {
    ...{ protocol, fields, frames, refused, score },
    needs: [],
    sample: sampleOf(fields, parity === null ? newest : newest.map((byte) => byte & 0x7f)),
    because: because.slice(0, 10),
  };
}

/** The newest scan as the desk would read it. */
function sampleOf(fields: Readonly<Record<string, unknown>>, bytes: Uint8Array): string {
  const decoder = scanFrames(parseScanner({ ...fields, id: 'read', link: '-' }));
  const shown = [...decoder.push(bytes, 0), ...decoder.end(0)].at(-1);
  return (shown?.decoded == null ? (shown?.error ?? '') : readingInWords(shown.decoded)).slice(0, 200);
}

/** A scanner in HID-POS mode: its reports have one form, so there is nothing to find out. */
export function hidScanner(view: Pick<SessionView, 'change' | 'proposals'>): Detection {
  return {
    longestMs: 0,
    start() {
      view.proposals([
        {
          protocol: 'hid-pos',
          fields: { protocol: 'hid-pos' },
          ...{ frames: 0, refused: 0, score: 1, needs: [], sample: '' },
          because: [reason('device.because-hid-pos')],
        },
      ]);
      view.change({ notes: [reason('device.detect-hid')] });
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
  };
}
