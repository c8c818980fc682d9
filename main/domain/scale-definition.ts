/**
 * A scale protocol that a site defines itself, in its profile: what to ask, how a frame begins and ends, and which
 * characters of it mean what. Frames are bounded and patterns are matched in one pass (scale-pattern.ts), so no
 * definition can make the desk slow or let it grow.
 */
import { z } from 'zod';
import { parseScalePattern, PatternError, type ScalePattern } from './scale-pattern.ts';
import { scaleUnits, type ScaleUnit } from './scale-units.ts';

/** Bytes as hexadecimal digits, blanks between them allowed. */
const Hex = (most: number) =>
  z
    .string()
    .max(most * 3)
    .transform((text) => text.replaceAll(' ', ''))
    .refine((digits) => /^(?:[0-9a-fA-F]{2})+$/.test(digits), {
      message: 'must be bytes in hexadecimal, such as 57 0d',
      params: { notice: 'setting.hex' },
    })
    .refine((digits) => digits.length / 2 <= most, `must be at most ${most} bytes`)
    .transform((digits): readonly number[] =>
      Array.from({ length: digits.length / 2 }, (_, index) =>
        Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
      ),
    );

const Pattern = z
  .string()
  .min(1)
  .max(200)
  .transform((text, context): ScalePattern => {
    try {
      return parseScalePattern(text);
    } catch (error) {
      const message = error instanceof PatternError ? error.message : 'is not a pattern';
      context.addIssue({ code: 'custom', message, params: { notice: 'setting.pattern' } });
      return z.NEVER;
    }
  });

/** Texts of one field and what they mean. */
const Meaning = <T extends string>(values: readonly [T, ...T[]]) =>
  z
    .record(z.string().max(16), z.enum(values))
    .refine((map) => Object.keys(map).length <= 32, 'has more than 32 entries');

export const ScaleDefinition = z
  .strictObject({
    /** Bytes to send to be answered; left out for scales that send by themselves. */
    request: Hex(32).optional(),
    /** Bytes every frame begins with, and that do not occur inside one; they are not part of the pattern. */
    start: Hex(8).optional(),
    /** Bytes every frame ends with; they are not part of the pattern. */
    end: Hex(8).optional(),
    /** Bytes of a whole frame, start and end included, where all are equally long. */
    length: z.number().int().min(2).max(128).optional(),
    /** Longest frame in bytes; a longer one is refused. */
    maxBytes: z.number().int().min(4).max(128).default(64),
    /** The characters between start and end, such as `{state:2},{weight:9}{unit:3}`; see scale-pattern.ts. */
    pattern: Pattern,
    /** Text of the unit field, without blanks around it -> the unit. Without an entry a unit is refused. */
    units: Meaning(scaleUnits as readonly [ScaleUnit, ...ScaleUnit[]]).default({}),
    /** Text of the state field -> what it says. */
    states: Meaning(['stable', 'moving', 'overload', 'underload', 'error']).default({}),
    /** Text of the mode field -> what it says. */
    modes: Meaning(['gross', 'net']).default({}),
    /** Text of the sign field -> what it says. */
    signs: Meaning(['plus', 'minus']).default({ '+': 'plus', '-': 'minus', '': 'plus', '0': 'plus' }),
  })
  .superRefine((given, context) => {
    const wrong = (path: string, notice: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message, params: { notice } });
    };
    if (given.end === undefined && given.length === undefined) {
      wrong('end', 'setting.frame-end', 'give the bytes a frame ends with, or its length');
    }
    if (given.end === undefined && given.start === undefined) {
      wrong(
        'start',
        'setting.frame-start',
        'give the bytes a frame begins with: without them and without an end a frame cannot be found',
      );
    }
    if ((given.length ?? 0) > given.maxBytes) wrong('length', 'setting.longer-than-most', 'is longer than maxBytes');
    const names = given.pattern.map((part) => (part.kind === 'field' ? part.name : ''));
    if (!names.includes('weight')) wrong('pattern', 'setting.no-weight', 'has no {weight}');
    for (const [field, map] of [
      ['unit', 'units'],
      ['state', 'states'],
      ['mode', 'modes'],
    ] as const) {
      if (names.includes(field) && Object.keys(given[map]).length === 0) {
        wrong(map, 'setting.meaning', `say what the texts of {${field}} mean`);
      }
    }
  });
export type ScaleDefinition = z.output<typeof ScaleDefinition>;
