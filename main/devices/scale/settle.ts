/** A scale as a profile gives it, made ready to be opened. Pure. */
import type { ScaleProtocol, ScaleSerial } from '../../domain/device.ts';
import type { ScaleSettings } from '../../domain/scale-settings.ts';
import { scaleProtocol } from './registry.ts';
import { scaleProblem } from './settings.ts';

/** The fields of a scale's entry that matter here; `ScaleProfile` is one. */
export interface ScaleEntry
  extends ScaleSettings, Partial<{ [name in keyof ScaleSerial]: ScaleSerial[name] | undefined }> {
  readonly protocol: string;
  readonly pollMs?: number | undefined;
  readonly ask?: boolean | undefined;
}

export interface SettledScale {
  readonly protocol: ScaleProtocol;
  readonly settings: ScaleSettings;
  /** Of the serial line: as given, else as the protocol's manual has it. */
  readonly line: Partial<ScaleSerial>;
  readonly pollMs: number | undefined;
  readonly ask: boolean;
}

/** Throws a one-line Error that says what to write if the protocol is not known or needs what the entry does not give. */
export function settleScale(entry: ScaleEntry): SettledScale {
  const protocol = scaleProtocol(entry.protocol);
  const { unit, form, equalFrames, decimals, definition, forShow } = entry;
  const settings: ScaleSettings = { unit, form, equalFrames, decimals, definition, forShow };
  const problem = scaleProblem(protocol, settings);
  if (problem !== null) throw new Error(problem);
  const { baud, dataBits, parity, stopBits } = entry;
  const given = Object.entries({ baud, dataBits, parity, stopBits }).filter(([, value]) => value !== undefined);
  return {
    protocol,
    settings,
    line: { ...protocol.serial, ...Object.fromEntries(given) },
    pollMs: entry.pollMs,
    ask: entry.ask ?? true,
  };
}
