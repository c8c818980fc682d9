/** A dimension-weigh-scan machine as the profile gives it. How its records read is `dwsFormatShape` of the domain. */
import { z } from 'zod';
import { dwsFormatShape, formatsWithUnits, unescapeText } from '../domain/dws-settings.ts';

const hour = 3_600_000;
/** How long a record waits for its order: at a desk the parcel is in front of the packer, on a line it is on its way. */
export const usualHoldMs = { desk: 2 * 60_000, line: hour / 2 } as const;

/** Texts the machine is answered with; `\r`, `\n` and `\x02` stand for one byte. */
const Reply = z
  .string()
  .max(300)
  .transform((text, context) => {
    const plain = unescapeText(text);
    if (plain !== null) return plain;
    context.addIssue({
      code: 'custom',
      message: 'has an unknown escape; write \\r, \\n, \\t, \\\\ or \\x02',
      params: { notice: 'setting.escape' },
    });
    return z.NEVER;
  })
  .default('');

/** Where a sorter puts a parcel, decided when it was measured. */
const Sorting = z.strictObject({
  /** Nothing is wrong. */
  chute: z.string().min(1).max(20),
  /** No barcode, no weight, an order that is not known or was cancelled. */
  exception: z.string().min(1).max(20).default('999'),
  /** By the carrier the desk's routes choose. */
  carriers: z.record(z.string().max(40), z.string().min(1).max(20)).default({}),
});

const playedFormats: readonly string[] = ['csv', 'json', 'sick', 'cubiscan'];

/** The virtual machine (main/training/dws.ts) writes these, and nothing that a profile could describe otherwise. */
function canBePlayed(machine: z.output<z.ZodObject<typeof dwsFormatShape>>): boolean {
  const { format, weightUnit = 'g', lengthUnit = 'mm', volumeUnit = 'cm3', header, trailer, sequence, check } = machine;
  const units = weightUnit === 'g' && lengthUnit === 'mm' && volumeUnit === 'cm3';
  const isUsual =
    machine.template === undefined && header === '' && trailer === '' && sequence === 0 && check === 'none';
  return playedFormats.includes(format) && units && isUsual && Object.keys(machine.fields).length === 0;
}

const HttpListen = /^http-listen:\/\//;

export const DimensionMachine = z
  .strictObject({
    id: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1-32 letters, digits, _ or -'),
    /** `tcp://…` the machine listens, `tcp-listen://…` the desk does, `serial://…`, or `http-listen://HOST:PORT/PATH`. */
    link: z.string().min(1).max(200),
    ...dwsFormatShape,
    baud: z.number().int().min(300).max(921_600).default(9_600),
    dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
    parity: z.enum(['none', 'even', 'odd']).default('none'),
    stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
    /** Machines that may be connected at a time, for `tcp-listen`. */
    peers: z.number().int().min(1).max(16).default(1),
    /** Who may connect: `loopback`, `private`, addresses and networks. */
    allow: z.array(z.string().min(1).max(50)).max(16).optional(),
    /** `http-listen`: the name of a secret the machine sends as `Authorization: Bearer …` or `X-Token: …`. */
    token: z
      .string()
      .regex(/^secret:[A-Za-z0-9_.-]{1,80}$/, 'must be the name of a secret, such as "secret:dws.line1"')
      .optional(),
    /** `desk`: what is measured is what the packer has in front. `line`: parcels are measured ahead of the desk. */
    pairing: z.enum(['desk', 'line']).default('desk'),
    /** The same barcode again within this time is the same measurement said twice. */
    duplicateMs: z.number().int().min(0).max(600_000).default(3_000),
    /** How long a record waits for its order. Default: 2 minutes at a desk, 30 on a line. */
    holdMs: z
      .number()
      .int()
      .min(1_000)
      .max(24 * hour)
      .optional(),
    maxHeld: z.number().int().min(1).max(100_000).default(20_000),
    /** Records are deleted after this, used or not; what a parcel got from one stays in its own record. */
    keepDays: z.number().int().min(1).max(90).default(7),
    reply: Reply,
    replyRefused: Reply,
    replyIdle: Reply,
    sorting: Sorting.optional(),
    /** Asks a machine that has to be asked this often. */
    pollMs: z.number().int().min(200).max(60_000).optional(),
    /** The machine is never silent for longer (heartbeats); silence is shown. */
    silentMs: z.number().int().min(1_000).max(600_000).optional(),
  })
  .superRefine((machine, context) => {
    const problem = (path: string, notice: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message, params: { notice } });
    };
    if (!formatsWithUnits.has(machine.format)) {
      const example = 'its records carry no units, and none is guessed';
      const needed = 'setting.unit-needed';
      if (machine.weightUnit === undefined) problem('weightUnit', needed, `is missing; write "g" or "kg": ${example}`);
      if (machine.lengthUnit === undefined) problem('lengthUnit', needed, `is missing; write "mm" or "cm": ${example}`);
    }
    if (machine.format === 'fixed-width' && machine.layout.length === 0) {
      problem(
        'layout',
        'setting.layout-needed',
        'is missing; write where each field stands, { "field": "barcode", "at": 0, "length": 20 }',
      );
    }
    if (machine.link === 'virtual' && !canBePlayed(machine)) {
      problem(
        'link',
        'setting.not-played',
        'is virtual, and that machine writes csv, json, sick or cubiscan as they usually are, in g and mm',
      );
    }
    if (HttpListen.test(machine.link)) {
      const local = /^http-listen:\/\/(127\.|localhost[:/]|\[::1\])/.test(machine.link);
      if (!local && machine.token === undefined && machine.allow === undefined) {
        problem(
          'token',
          'setting.token-needed',
          'is missing: a machine in the network must send a token, or its address must stand in "allow"',
        );
      }
    } else if (machine.token !== undefined) {
      problem('token', 'setting.token-http', 'is for http-listen links only');
    }
  });
export type DwsProfile = z.output<typeof DimensionMachine>;
