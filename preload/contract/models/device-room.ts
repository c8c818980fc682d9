/** Settings → Devices: what is plugged in, what the profile names, and the one device that is looked at closely. */
import { z } from 'zod';
import { PrinterModelFacts, ScaleProtocolFacts } from './device-settings.ts';
import { DurationMs, Instant, Notice, Problem } from './primitives.ts';

/** Kinds of devices a profile can name. */
export const DeviceKind = z.enum(['scale', 'dws', 'scanner', 'printer']);
export type DeviceKind = z.infer<typeof DeviceKind>;

export const DeviceLink = z.string().trim().min(1).max(200);
const ShortText = z.string().max(400);

/**
 * `working` frames come, or a printer is ready · `quiet` open, and nothing came yet or lately · `opening` · `failed` the
 * link does not open, or what comes is no frame · `unplugged` the device is not there · `absent` its link cannot be made
 * here · `restart` it stands in the profile, and this station does not run it yet.
 */
export const DeviceState = z.enum(['working', 'quiet', 'opening', 'failed', 'unplugged', 'absent', 'restart']);
export type DeviceState = z.infer<typeof DeviceState>;

/** A device as it stands in the profile file: its fields, defaults left out. */
export const WrittenDevice = z.record(z.string().max(60), z.unknown());

export const RefusedFrameView = z.object({
  at: Instant,
  /** In English; `cause` says the same in the screen's language. */
  error: ShortText,
  cause: Problem.optional(),
  /** Hexadecimal, the first 256 bytes. */
  raw: z.string().max(512),
});
export type RefusedFrameView = z.infer<typeof RefusedFrameView>;

export const ConfiguredDevice = z.object({
  kind: DeviceKind,
  id: z.string().max(40),
  link: z.string().max(200),
  /** Protocol, language or format, as the profile names it; empty if it names none. */
  protocol: z.string().max(60),
  state: DeviceState,
  /** Why it is not working, in words. */
  reason: Notice.nullable(),
  /** The virtual device of training mode plays it. */
  virtual: z.boolean(),
  /** The desk takes its readings; a further scale of the profile is not in use. */
  inUse: z.boolean(),
  /** Valid and refused frames since the link was made; null where they are not counted. */
  frames: z.number().int().nullable(),
  refused: z.number().int().nullable(),
  /** Bytes that came since the link was made. */
  bytes: z.number().int().nullable(),
  lastFrameAt: Instant.nullable(),
  lastRefused: RefusedFrameView.nullable(),
  /** Which plugged thing it is (`uri` of `plugged`); null for links that name no plugged thing. */
  plugged: z.string().max(400).nullable(),
  /** As in the profile file; null for what the file does not hold. */
  written: WrittenDevice.nullable(),
});
export type ConfiguredDevice = z.infer<typeof ConfiguredDevice>;

export const PluggedThing = z.object({
  uri: z.string().max(400),
  kind: z.enum(['usb', 'hid', 'serial', 'spooler']),
  /** Guessed by class, usage page or ids; a person confirms. */
  usage: z.enum(['scale', 'scanner', 'printer', 'other']),
  /** Maker and product as the device says, or empty. */
  name: z.string().max(300),
  /** `vvvv:pppp`, or null. */
  ids: z.string().max(20).nullable(),
  serialNumber: z.string().max(200).nullable(),
  path: z.string().max(400).nullable(),
  note: z.string().max(400).nullable(),
  /** The configured device that it is, or null: not used yet. */
  device: z.object({ kind: DeviceKind, id: z.string().max(40) }).nullable(),
});
export type PluggedThing = z.infer<typeof PluggedThing>;

export const DevicesSnapshot = z.object({
  at: Instant,
  /** Null: devices can be saved. Else why not, in words (no profile file, it was changed meanwhile). */
  notSavable: Notice.nullable(),
  /** True: a supervisor's badge has to be scanned before anything is saved. */
  needsSupervisor: z.boolean(),
  /** True: something saved takes effect with the next start of the station. */
  restartNeeded: z.boolean(),
  configured: z.array(ConfiguredDevice).max(100),
  plugged: z.array(PluggedThing).max(800),
  /** Kinds that cannot be listed here, each with one line why. */
  absent: z.array(z.object({ kind: z.string().max(20), reason: ShortText })).max(10),
  /** Protocols that can be chosen, by kind. */
  protocols: z.object({
    scale: z.array(z.string().max(40)).max(60),
    dws: z.array(z.string().max(40)).max(60),
    /** What each of `scale` takes and writes. */
    scales: z.array(ScaleProtocolFacts).max(60),
    /** Printer models the station knows. */
    printers: z.array(PrinterModelFacts).max(400),
  }),
});
export type DevicesSnapshot = z.infer<typeof DevicesSnapshot>;

/** What detection found: fields to begin a device with. A person confirms. */
export const DeviceProposal = z.object({
  protocol: z.string().max(40),
  /** Fields for the profile: line settings and whatever the protocol needs. */
  fields: WrittenDevice,
  /** Valid and refused frames behind it. */
  frames: z.number().int(),
  refused: z.number().int(),
  /** From 0 to 1: how much of what came it explains, and how hard that is to do by chance. */
  score: z.number().min(0).max(1),
  /** What a person has to say before the device can be used. */
  needs: z.array(z.enum(['unit', 'decimals', 'weightUnit', 'lengthUnit'])).max(5),
  /** A reading as it was decoded, or what a printer answered, in words for a person; empty if none. */
  sample: z.string().max(200),
  /** What makes it likely or doubtful, one sentence each. */
  because: z.array(Notice).max(10),
});
export type DeviceProposal = z.infer<typeof DeviceProposal>;

export const WatchedFrame = z.object({
  /** Grows by one with each frame of the session; gaps are frames left out. */
  seq: z.number().int(),
  at: Instant,
  /** Hexadecimal and as text with names for control characters, the first 256 bytes. */
  hex: z.string().max(512),
  text: z.string().max(2_048),
  /** In words for a person, or null if the frame was refused. */
  reading: z.string().max(200).nullable(),
  /** In English; `cause` says the same in the screen's language. */
  error: ShortText.nullable(),
  cause: Problem.optional(),
});
export type WatchedFrame = z.infer<typeof WatchedFrame>;

/** One thing a test waits for. */
export const TestStep = z.object({
  /** Tail of the locale key `ui.devices.test.<id>`. */
  id: z.string().max(40),
  passedAt: Instant.nullable(),
  /** What passed it, in words. */
  what: z.string().max(200),
});

export const DeviceSession = z.object({
  at: Instant,
  kind: z.enum(['none', 'detect', 'watch', 'test']),
  state: z.enum(['running', 'done', 'failed']),
  /** Grows with each session, so that a screen knows its own. */
  number: z.number().int(),
  device: DeviceKind.nullable(),
  link: z.string().max(200),
  linkState: z.enum(['closed', 'opening', 'open', 'failed']),
  /** One line about the last failure of the link, or why the session ended. */
  problem: ShortText.nullable(),
  /** The same in the screen's language. */
  cause: Problem.optional(),
  /** The link is the one the desk uses: it is listened to, not opened a second time. */
  shared: z.boolean(),
  startedAt: Instant,
  /** It ends by itself. */
  endsAfterMs: DurationMs,
  /** Of a detection: what is tried now, and how far it is. */
  trying: z.string().max(100),
  done: z.number().int(),
  of: z.number().int(),
  proposals: z.array(DeviceProposal).max(20),
  /** Of a detection: what a person has to do or to know. */
  notes: z.array(Notice).max(10),
  /**
   * Of a detection that is over: what it did not ask by itself, and what asking may do to the device (print a line). Asked by
   * `devices.detect` with `askAll`. Null: nothing is left to ask.
   */
  askMore: Notice.nullable(),
  /** Everything that came, in bytes. */
  bytes: z.number().int(),
  frames: z.number().int(),
  refused: z.number().int(),
  /** The newest, oldest first. */
  newest: z.array(WatchedFrame).max(40),
  steps: z.array(TestStep).max(10),
});
export type DeviceSession = z.infer<typeof DeviceSession>;

/** What became of a change of the profile. */
export const DeviceChange = z.object({
  /** `live`: the desk uses it from now on. `restart`: with the next start of the station. */
  effect: z.enum(['live', 'restart']),
  /** The file the old profile was kept in. */
  backup: z.string().max(400),
});
export type DeviceChange = z.infer<typeof DeviceChange>;
