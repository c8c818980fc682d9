/** What the screen has to know to ask for the settings of a device: facts of the station's protocols and models. */
import { z } from 'zod';
import { Notice } from './primitives.ts';

/** Settings of a serial line. */
export const SerialSettings = z.object({
  baud: z.number().int().min(300).max(921_600),
  dataBits: z.union([z.literal(7), z.literal(8)]),
  parity: z.enum(['none', 'even', 'odd']),
  stopBits: z.union([z.literal(1), z.literal(2)]),
});
export type SerialSettings = z.infer<typeof SerialSettings>;

/** One way in which a scale protocol writes a weight. */
export const ScaleFormFacts = z.object({
  id: z.string().max(40),
  /** In a few signs, the same in every language. */
  layout: z.string().max(120),
  /** False: the unit has to be given. */
  carriesUnit: z.boolean(),
  /** False: a weight is stable after several equal frames. */
  saysStable: z.boolean(),
  /** True: the digits behind the point have to be given. */
  needsDecimals: z.boolean(),
  /** True: it is asked for; false: the scale sends by itself. */
  asked: z.boolean(),
  /** False: generally known, and no document of it was found. */
  documented: z.boolean(),
});
export type ScaleFormFacts = z.infer<typeof ScaleFormFacts>;

export const ScaleProtocolFacts = z.object({
  id: z.string().max(40),
  makes: z.string().max(200),
  /** The line as the manual has it; null where it is not spoken over one. */
  line: SerialSettings.nullable(),
  /** Settings beyond the line that it takes, by their names in the profile. */
  settings: z.array(z.string().max(40)).max(20),
  /** The usual one first. */
  forms: z.array(ScaleFormFacts).min(1).max(20),
});
export type ScaleProtocolFacts = z.infer<typeof ScaleProtocolFacts>;

export const PrinterModelFacts = z.object({
  id: z.string().max(60),
  name: z.string().max(60),
  /** What a printer of this model has where the profile says nothing, by the profile's names. */
  gives: z.record(z.string().max(40), z.union([z.string().max(40), z.number(), z.boolean()])),
});
export type PrinterModelFacts = z.infer<typeof PrinterModelFacts>;

/** Why a device could not be saved or used as it is. */
export const SettingProblem = z.object({
  /** Where in the device's entry: `["definition", "end"]`; empty: the whole of it. */
  path: z.array(z.string().max(60)).max(8),
  notice: Notice,
});
export type SettingProblem = z.infer<typeof SettingProblem>;
