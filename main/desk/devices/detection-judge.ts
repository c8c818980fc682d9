/** Detection's findings in the words of the contract: what to write into the profile for each proposal. */
import type { DeviceProposal, SerialSettings } from '../../../preload/contract/index.ts';
import { proposeScales, type ScaleProposal } from '../../devices/scale/autodetect.ts';
import { readingInWords } from './session-view.ts';

/** What came while a line had one setting. */
export interface Heard {
  /** Null for links without a line to set. */
  readonly line: SerialSettings | null;
  /** What was written before the bytes came, or null if nothing was asked. */
  readonly asked: Uint8Array | null;
  readonly chunks: readonly Uint8Array[];
}

/** The proposals for what was heard, the likeliest first. */
export function judgeHeard({ line, asked, chunks }: Heard): DeviceProposal[] {
  const bytes = Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
  return proposeScales({ bytes, asked }).map((proposal) => asProposal(proposal, line));
}

/** Two lists in one: of each protocol and form the better one. */
export function mergeProposals(
  known: readonly DeviceProposal[],
  found: readonly DeviceProposal[],
): readonly DeviceProposal[] {
  const best = new Map<string, DeviceProposal>();
  for (const each of [...known, ...found]) {
    const key = `${each.protocol} ${JSON.stringify(each.fields['form'])}`;
    const other = best.get(key);
    if (other === undefined || each.score > other.score) best.set(key, each);
  }
  return [...best.values()].toSorted((a, b) => b.score - a.score).slice(0, 20);
}

function asProposal(found: ScaleProposal, line: SerialSettings | null): DeviceProposal {
  const { protocol, settings, frames, refused, score, reading, needs, because } = found;
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return {
    protocol,
    fields: { protocol, ...line, ...Object.fromEntries(given) },
    ...{ frames, refused, score },
    needs: [...needs],
    sample: readingInWords({ ...reading }),
    because: because.slice(0, 10),
  };
}
