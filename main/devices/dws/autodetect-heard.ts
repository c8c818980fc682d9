/** What detection of a measuring machine's format is given, and how a guess is tried on it. */
import type { Notice } from '../../../preload/contract/index.ts';
import type { DwsItem } from '../../domain/dws-record.ts';
import { parseDwsDecoding, type DwsDecodingInput } from '../../domain/dws-settings.ts';
import { dwsFormat } from './index.ts';

/** What came while the line had one setting. */
export interface HeardDws {
  /** One for each connection or message: bytes of two of them are never one record. */
  readonly streams: readonly Uint8Array[];
  /** Each stream is a whole message: what has no line end ends with it. */
  readonly ended: boolean;
}

/** A format with its settings, before it is tried on the bytes. */
export interface DwsGuess {
  /** For the machine's entry in the profile. Control characters are written as the profile writes them (`\x02`). */
  readonly settings: DwsDecodingInput;
  /** From 0 to 1: how hard it is to look like this by chance. */
  readonly strength: number;
  readonly because: readonly Notice[];
}

/** What these settings make of what was heard. Empty if they do not fit each other. */
export function decode(settings: DwsDecodingInput, { streams, ended }: HeardDws): DwsItem[] {
  try {
    const given = parseDwsDecoding({ weightUnit: 'g', lengthUnit: 'mm', ...settings });
    return streams.flatMap((bytes) => {
      const decoder = dwsFormat(given.format).decoder(given);
      return [...decoder.push(bytes, 0), ...(ended ? decoder.end(0) : [])];
    });
  } catch {
    return [];
  }
}
