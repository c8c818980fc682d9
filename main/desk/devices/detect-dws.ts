/** Detection of a measuring machine's records, in the words of the contract. */
import type { DeviceProposal, SerialSettings } from '../../../preload/contract/index.ts';
import { proposeDws, type DwsProposal } from '../../devices/dws/autodetect.ts';
import { dwsFormat } from '../../devices/dws/index.ts';
import { doubt, reason } from '../../devices/reasons.ts';
import type { DwsRecord } from '../../domain/dws-record.ts';
import type { Listening, Verdict } from './detect-listen.ts';

/** Enough to see which columns change, and that it was no chance. */
const enoughRecords = 3;
const sureScore = 0.7;
/** A person walks to the machine and passes parcels. */
const limitMs = 3 * 60_000;
/** Fewer bytes are a plug that was put in. At too low a speed a whole record comes as some few bytes. */
const leastUnreadable = 4;
/** At a wrong speed bytes are any; heartbeats and records of an unknown format are text. */
const leastText = 0.9;

/** Cubiscan: 9600 8N1 (manual 125, p. 70). The other speeds are usual for machines of its kind; general knowledge. */
const speeds = [9_600, 115_200, 19_200, 38_400, 57_600] as const;

export function dwsListening(uri: string, askAll: boolean): Listening {
  const canBeAsked = !/^(?:tcp|http)-listen:/.test(uri);
  return {
    lines: speeds.map((baud) => ({ baud, dataBits: 8, parity: 'none', stopBits: 1 })),
    judge: ({ ear, line }) => judgeRecords({ streams: ear.streams(), ended: uri.startsWith('http-listen://'), line }),
    wanted: enoughRecords,
    limitMs,
    note: (done, line, changed) =>
      changed
        ? doubt('device.detect-parcel-again', { line })
        : reason('device.detect-parcel', { count: done, wanted: enoughRecords }),
    nothing: (bytes) => doubt('device.detect-no-record', { bytes }),
    question: askAll && canBeAsked ? dwsFormat('cubiscan').poll : null,
    askMore: askAll || !canBeAsked ? null : doubt('device.detect-ask-cubiscan'),
  };
}

/** Judges what machines sent over one line setting. */
export function judgeRecords(heard: {
  readonly streams: readonly Uint8Array[];
  readonly ended: boolean;
  readonly line: SerialSettings | null;
}): Verdict {
  const { streams, ended, line } = heard;
  const found = proposeDws({ streams, ended });
  const [best] = found;
  const came = streams.reduce((sum, bytes) => sum + bytes.length, 0);
  return {
    proposals: found.map((each) => asProposal(each, line)),
    done: best?.frames ?? 0,
    unreadable: best === undefined && came >= leastUnreadable && textShare(streams) < leastText,
    enough: best !== undefined && best.frames >= enoughRecords && best.score >= sureScore,
  };
}

function textShare(streams: readonly Uint8Array[]): number {
  const bytes = streams.flatMap((stream) => [...stream]);
  const isText = (byte: number): boolean =>
    (byte >= 0x20 && byte < 0x7f) || [0x02, 0x03, 0x09, 0x0a, 0x0d].includes(byte);
  return bytes.filter(isText).length / Math.max(1, bytes.length);
}

function asProposal(found: DwsProposal, line: SerialSettings | null): DeviceProposal {
  const { settings, frames, refused, score, record, needs, because } = found;
  return {
    protocol: settings.format ?? 'csv',
    fields: { ...settings, ...line },
    ...{ frames, refused, score },
    needs: [...needs],
    sample: recordInWords(record, needs.length === 0),
    because: because.slice(0, 10),
  };
}

/** `SF123 · 1250 g · 300 × 200 × 150 mm`; without units where nobody has said them yet. */
export function recordInWords(record: DwsRecord, withUnits: boolean): string {
  const { barcodes, weightG, lengthMm, widthMm, heightMm } = record;
  const number = (value: number | null): string => (value === null ? '?' : String(Number(value.toFixed(3))));
  const code = barcodes.length === 0 ? '—' : barcodes.join(' ');
  const weight = weightG === null ? [] : [`${number(weightG)}${withUnits ? ' g' : ''}`];
  const size = `${number(lengthMm)} × ${number(widthMm)} × ${number(heightMm)}${withUnits ? ' mm' : ''}`;
  return [code, ...weight, ...(lengthMm === null ? [] : [size])].join(' · ').slice(0, 200);
}
