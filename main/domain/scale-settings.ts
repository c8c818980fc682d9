/** What a profile may say about one scale beyond its protocol: facts that the frames do not carry. */
import { z } from 'zod';
import { ScaleDefinition } from './scale-definition.ts';
import { scaleUnits } from './scale-units.ts';

const Unit = z.enum(scaleUnits, { error: `must be one of ${scaleUnits.join(', ')}` });

/** Fewest and most equal frames that may be asked for. */
export const equalFramesRange = { least: 1, most: 50 };

/** The fields of these settings, to be spread into a larger schema. */
export const scaleSettingFields = {
  /** The unit the scale is set to, where its frames do not say it. Where they do, the frame's unit is used. */
  unit: Unit.optional(),
  /** Which of the protocol's frame forms, where it has several. */
  form: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/, 'must be a short name in small letters')
    .optional(),
  /** Equal frames in a row that count as stable, where the frames have no sign for it. */
  equalFrames: z.number().int().min(equalFramesRange.least).max(equalFramesRange.most).optional(),
  /** Digits behind the point, where the frames leave the point out. */
  decimals: z.number().int().min(0).max(6).optional(),
  /** The protocol itself, for `user-defined`. */
  definition: ScaleDefinition.optional(),
};

const Settings = z.strictObject(scaleSettingFields);

export type ScaleSettings = z.output<typeof Settings> & {
  /**
   * Only for tools that show what bytes say (`device decode`, detection), never at a desk: forms that cannot be told
   * apart for certain are read in the likelier way, and a moving scale that sends no weight is shown as 0 g.
   */
  readonly forShow?: boolean | undefined;
};
