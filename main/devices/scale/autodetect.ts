/**
 * Which protocols may have made the bytes heard on a link, with the reading each would give, and why. Pure. It proposes;
 * a person who sees the scale's display confirms. Nothing here decides a unit, and forms that cannot be told apart are
 * all proposed and named.
 */
import type { Notice } from '../../../preload/contract/index.ts';
import type { ScaleForm, ScaleProtocol, ScaleReading } from '../../domain/device.ts';
import type { ScaleSettings } from '../../domain/scale-settings.ts';
import { doubt, reason } from '../reasons.ts';
import { latin1 } from './kit/frame.ts';
import { scaleProtocols } from './registry.ts';

/** What came while the line had one setting. */
export interface HeardScale {
  readonly bytes: Uint8Array;
  /** What was written before they came, or null if nothing was asked. */
  readonly asked: Uint8Array | null;
}

export interface ScaleProposal {
  readonly protocol: string;
  /** For the scale's entry in the profile; the unit is missing where `needs` says so. */
  readonly settings: ScaleSettings;
  readonly frames: number;
  readonly refused: number;
  /** From 0 to 1: how much of what was heard it explains, and how hard that is to do by chance. */
  readonly score: number;
  /** The newest reading. Where the unit is needed, as if it were kg. */
  readonly reading: ScaleReading;
  /** What a person has to say before the scale can be used. */
  readonly needs: readonly ('unit' | 'decimals')[];
  /** What makes it likely or doubtful. */
  readonly because: readonly Notice[];
}

/** More than this is not looked at; scales repeat themselves. */
const maxBytes = 4_096;
const leastScore = 0.3;

/**
 * How hard it is to look like this protocol by chance: 1 for a check sum, less for a fixed layout, least for a number
 * with a unit behind it.
 */
const strengths: Readonly<Record<string, number>> = {
  'toledo-continuous': 1,
  xk3190: 0.95,
  'mt-sics': 0.95,
  nci: 0.95,
  cas: 0.9,
  and: 0.9,
  'toledo-8217': 0.9,
  kern: 0.8,
  sbi: 0.8,
  'hid-pos': 0.8,
  ohaus: 0.75,
  adam: 0.6,
};
/** Forms that any digits fit. */
const weakForms: Readonly<Record<string, number>> = {
  '10-byte': 0.6,
  reversed: 0.7,
  forward: 0.7,
  'reversed-short': 0.65,
  c602: 0.7,
};

/** The protocols that explain what was heard, the likeliest first. At most one per protocol and form. */
export function proposeScales({ bytes, asked }: HeardScale): ScaleProposal[] {
  const heard = bytes.subarray(0, maxBytes);
  const found = Object.values(scaleProtocols).flatMap((protocol) =>
    protocol.id === 'user-defined' ? [] : proposalsOf(protocol, heard, asked),
  );
  const best = found.filter(({ score }) => score >= leastScore).toSorted((a, b) => b.score - a.score);
  return best.map((proposal) => ({ ...proposal, because: [...proposal.because, ...doubts(proposal, best)] }));
}

function proposalsOf(protocol: ScaleProtocol, heard: Uint8Array, asked: Uint8Array | null): ScaleProposal[] {
  const tried = protocol.forms
    .flatMap((form, index) => tryForm(protocol, form, index === 0, heard, asked) ?? [])
    .toSorted((a, b) => a.needs.length - b.needs.length);
  // A form that reads the same frames to the same weights as the usual one says nothing more.
  return tried.filter((one, index) => {
    const same = tried.findIndex((other) => other.reading.grams === one.reading.grams && other.frames === one.frames);
    return same === index || one.score > (tried[same]?.score ?? 0);
  });
}

function tryForm(
  protocol: ScaleProtocol,
  form: ScaleForm,
  usual: boolean,
  heard: Uint8Array,
  asked: Uint8Array | null,
): ScaleProposal | null {
  const settings: ScaleSettings = {
    ...(usual || !protocol.settings.includes('form') ? {} : { form: form.id }),
    ...(form.saysOnce === true ? { equalFrames: 1 } : {}),
  };
  const decoder = protocol.decoder({
    ...settings,
    // Where frames should carry a unit, those that do not are refused, and the form is not proposed.
    ...(form.carriesUnit ? {} : { unit: 'kg' }),
    ...(form.needsDecimals === true ? { decimals: 0 } : {}),
  });
  const items = [...decoder.push(heard, 0), ...decoder.end(0)];
  const readings = items.flatMap((item) => ('error' in item ? [] : [item]));
  const newest = readings.at(-1);
  if (newest === undefined) return null;
  const explained = readings.reduce((sum, { raw }) => sum + raw.length / 2, 0) / Math.max(1, heard.length);
  const several = readings.length > 1 ? 1 : 0.85;
  const answered = asked !== null && form.poll !== null && latin1(asked) === latin1(form.poll);
  const strength = weakForms[form.id] ?? strengths[protocol.id] ?? 0.5;
  const needsUnit = !form.carriesUnit;
  return {
    protocol: protocol.id,
    settings,
    frames: readings.length,
    refused: items.length - readings.length,
    score: Math.min(1, explained) * several * (answered ? Math.min(1, strength + 0.1) : strength),
    reading: newest,
    needs: [...(needsUnit ? ['unit' as const] : []), ...(form.needsDecimals === true ? ['decimals' as const] : [])],
    because: [
      reason('device.because-frames', { frames: readings.length, of: items.length, layout: form.layout }),
      ...(answered ? [reason('device.because-answered')] : []),
      ...(needsUnit ? [reason('device.because-no-unit')] : []),
      ...(form.saysStable ? [] : [reason('device.because-not-stable')]),
      ...(form.standing === 'general knowledge' ? [doubt('device.because-undocumented')] : []),
    ],
  };
}

/** Other proposals that read the same bytes to another weight, nearly as well. */
function doubts(one: ScaleProposal, all: readonly ScaleProposal[]): Notice[] {
  return all
    .filter((other) => other !== one && other.reading.grams !== one.reading.grams && other.score > one.score - 0.15)
    .slice(0, 3)
    .map(({ protocol, settings, reading }) => {
      const other = settings.form === undefined ? protocol : `${protocol} (${settings.form})`;
      return doubt('device.because-other-reading', { other, grams: reading.grams });
    });
}
