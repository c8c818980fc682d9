/**
 * What the station needs from the outside, and nothing more. A host (Electron, Node, a test) supplies these.
 * The station imports no clock, socket, random source or file path of its own.
 */

/** A pending timer; `cancel` is safe to call at any time. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Wall clock, milliseconds since the epoch. For records, signatures and display. */
  now(): number;
  /** Monotonic milliseconds. For time limits, freshness and back-off. */
  monotonic(): number;
  /** Runs `task` once after `delayMs` of monotonic time. */
  after(delayMs: number, task: () => void): Timer;
}

export interface Ids {
  /** A new unique id, sortable by creation (UUID version 7). */
  next(): string;
}

export interface RandomSource {
  /** Uniform in [0, 1). */
  next(): number;
}

export interface Secrets {
  /** The secret by its profile name (`hge.apiSecret`), or undefined if the host does not have it. */
  get(name: string): string | undefined;
}

export interface Log {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes that were signed. */
  readonly body: Uint8Array | null;
  /** From the call until the last byte of the answer. */
  readonly timeoutMs: number;
  /** Larger answers are cut off and reported as `no-answer` with reason `too-large`. */
  readonly maxAnswerBytes: number;
  /**
   * For addresses that came from outside: a name that resolves to this machine or a private network is `not-sent`, so
   * that nobody outside can make the desk call something inside. False if left out.
   */
  readonly publicOnly?: boolean | undefined;
}

export interface HttpAnswer {
  readonly kind: 'answer';
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Wall clock when the request started and when the answer's head arrived: for the vendor's clock offset. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

/**
 * The three outcomes of a call on the wire. `not-sent`: certain that no byte of the request left (name, connect or
 * TLS failed, or the line is known to be down). `no-answer`: bytes may have left; what happened is unknown.
 * Redirects are answers (3xx), never followed.
 */
export type HttpOutcome =
  | HttpAnswer
  | { readonly kind: 'not-sent'; readonly reason: 'name' | 'connect' | 'tls' | 'line-down'; readonly message: string }
  | {
      readonly kind: 'no-answer';
      readonly reason: 'timeout' | 'reset' | 'too-large' | 'malformed';
      readonly message: string;
    };

export interface Http {
  /** Never rejects: every failure is an outcome. */
  send(request: HttpRequest): Promise<HttpOutcome>;
}

export type LinkState = 'closed' | 'opening' | 'open' | 'failed';

/** What became of bytes handed to a link. `written` counts bytes the operating system took. */
export type WriteOutcome =
  | { readonly kind: 'written'; readonly bytes: number }
  | { readonly kind: 'failed'; readonly bytes: number; readonly message: string };

/**
 * What the way to a device knows of it by itself, without speaking the device's language: a USB printer's port status, the
 * state of a spooler's queue. `reasons` are notice codes; `queued` counts jobs in front, null if not known.
 */
export interface DeviceWord {
  readonly ready: boolean;
  readonly reasons: readonly string[];
  readonly queued: number | null;
}

/** What went wrong with a link: a code of `native/link-problems.ts`, and what its sentence is made of. */
export interface LinkProblem {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

/**
 * A byte pipe to a device. A link re-opens itself with back-off until it is closed; a broken link is a state, never
 * an exception. One owner per link.
 */
export interface Link {
  readonly uri: string;
  readonly state: LinkState;
  /** One line about the last failure, or null. */
  readonly lastError: string | null;
  /** The same with its code, for the screen; null together with it. Absent on links that have no codes. */
  readonly problem?: LinkProblem | null;
  /** Starts opening; returns at once. */
  open(): void;
  /**
   * Resolves when the operating system took the bytes, or says how many it took before it failed. Never rejects.
   * `to`, on a listening link: the connection to write to, as `onBytes` named it; if it is gone 0 bytes are written.
   * Without it the bytes go to the connection that spoke last.
   */
  write(bytes: Uint8Array, timeoutMs: number, to?: string): Promise<WriteOutcome>;
  /**
   * Bytes in the order in which they came. `from`, on a listening link: the connection they came through, a name that is
   * never used again in the life of the link; bytes of two connections belong to two streams.
   */
  onBytes(listener: (bytes: Uint8Array, from?: string) => void): () => void;
  onState(listener: (state: LinkState) => void): () => void;
  /** Bounded: resolves within two seconds whatever the device does. */
  close(): Promise<void>;
  /** Asks the way to the device; null if it does not say. Absent on links that cannot know. Never rejects. */
  deviceWord?(timeoutMs: number): Promise<DeviceWord | null>;
  /**
   * What a USB printer says of itself, without a byte of its own language: its IEEE 1284 device id (`CMD` its languages, `MDL`
   * its model). Null if it does not say. Absent on links that cannot know. Never rejects.
   */
  deviceId?(): Promise<Readonly<Record<string, string>> | null>;
  /** Absent or true: bytes written go to the device itself. False: to a queue that reports nothing back. */
  readonly direct?: boolean;
  /** On a listening link: `tcp://host:port` where it listens, null while it does not. Absent on all others. */
  readonly listening?: string | null;
}

export interface LinkOptions {
  readonly baud?: number | undefined;
  readonly dataBits?: 7 | 8 | undefined;
  readonly parity?: 'none' | 'even' | 'odd' | undefined;
  readonly stopBits?: 1 | 2 | undefined;
  /** If false the link opens once per use (network printers share their port between desks). Default true. */
  readonly reopen?: boolean | undefined;
  /** Who opens it, as a person knows it (`scale bench`): named to another that wants the same device. */
  readonly owner?: string | undefined;
  /**
   * TCP, for devices that are never silent: without a byte for this long the connection counts as lost and is opened
   * again. Left out: only keep-alive probes find a peer that is gone without a word (about 15 s).
   */
  readonly silentMs?: number | undefined;
  /**
   * Listening links: connections at a time, 1 to 16. Default 1: a newer connection replaces the one before, because a
   * machine that was switched off and on leaves a dead one behind. With more, a newer one joins; at the limit the one that
   * has been silent longest is replaced.
   */
  readonly peers?: number | undefined;
  /**
   * Listening links: who may connect: `loopback`, `private` (this machine and private networks), addresses and networks
   * (`10.1.0.0/16`). Default: `loopback` if it listens on a loopback address, else `private`. Others are cut off unread.
   */
  readonly allow?: readonly string[] | undefined;
}

export interface Links {
  /**
   * Makes the link a profile names (`tcp://host:port`, `tcp-listen://host:port`, `serial:///dev/ttyUSB0`,
   * `serial://usb/VVVV:PPPP/SERIAL`, `hid://VVVV:PPPP/SERIAL`, `hid://scale`, `usb://VVVV:PPPP`, `spooler://QUEUE`,
   * `memory://name`). A device has one owner: opening a second link to it fails with words that name the first.
   * Throws a one-line Error naming the URI if its scheme is unknown or its native module is absent.
   */
  create(uri: string, options: LinkOptions): Link;
  readonly inventory: Inventory;
}

/**
 * One thing that is plugged in, or one print queue. Ids are four lower-case hexadecimal digits, as in a link's URI. What
 * the operating system does not say is null.
 */
export interface PluggedDevice {
  /** What to write as `link`; also its key in the list. */
  readonly uri: string;
  readonly kind: 'usb' | 'hid' | 'serial' | 'spooler';
  readonly vendorId: string | null;
  readonly productId: string | null;
  /** What tells two of one model apart, and survives another socket. */
  readonly serialNumber: string | null;
  readonly manufacturer: string | null;
  readonly product: string | null;
  /** Where the operating system has it now (`/dev/ttyUSB0`, `COM3`, `/dev/hidraw0`); changes from plugging to plugging. */
  readonly path: string | null;
  /** Guessed by class, usage page or a table of known ids; `other` if nothing tells. A person confirms. */
  readonly usage: 'scale' | 'scanner' | 'printer' | 'other';
  /** One line for a person: the model by its ids, or why it cannot be used as it is. */
  readonly note: string | null;
}

/** What came and what went since the change before. */
export interface InventoryChange {
  readonly attached: readonly PluggedDevice[];
  readonly detached: readonly PluggedDevice[];
}

/** What this desk has plugged in, whether a profile names it or not. */
export interface Inventory {
  /** Asks the operating system now. Never rejects: a kind that cannot be listed is missing here and named by `absent`. */
  list(): Promise<readonly PluggedDevice[]>;
  /** Kinds that the newest `list` could not ask, each with one line why (a native module is missing, no spooler). */
  absent(): readonly { readonly kind: PluggedDevice['kind']; readonly reason: string }[];
  /** Called after each change while anybody listens; watching costs nothing when nobody does. */
  onChange(listener: (change: InventoryChange) => void): () => void;
  /** Called when something may have come or gone, at once and without asking what: cheap enough to be left on. */
  onPlug(listener: () => void): () => void;
}

/** What a machine in the house sends over HTTP: where it is taken, from whom, and by whom. */
export interface HttpIntakeOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** The one path that is served. */
  readonly path: string;
  /** Sent as `Authorization: Bearer TOKEN` or `X-Token: TOKEN`; null if the address of the machine is enough. */
  readonly token: string | null;
  /** As `LinkOptions.allow`; null: this machine only if `host` is a loopback address, else private networks. */
  readonly allow: readonly string[] | null;
  readonly maxBodyBytes: number;
  /** One whole body; what it answers is sent as it is. Must not throw. */
  take(body: Uint8Array): { readonly status: number; readonly body: string };
}

export interface HttpIntake {
  /** `http://HOST:PORT` */
  readonly origin: string;
  close(): Promise<void>;
}

/** The switch between the desk and the network; training and the demo cut the line with it. */
export interface Line {
  readonly up: boolean;
  /** Down: open sockets are destroyed, new ones refused before a byte leaves. */
  set(up: boolean): void;
  /** Called after each change; returns the function that stops it. */
  onChange(listener: (up: boolean) => void): () => void;
}

/**
 * Named moments between two steps of which a crash may separate one from the other. The crash test kills the station
 * at each of them (docs/reliability.md); the list is what "all of them" means.
 */
export const failpointNames = [
  'intake.before-commit',
  'intake.after-commit',
  'intake.before-cursor-commit',
  'intake.after-cursor-commit',
  'seal.before-commit',
  'seal.after-commit',
  'outbox.before-recovery-commit',
  'outbox.after-recovery-commit',
  'outbox.before-claim-commit',
  'outbox.after-claim-commit',
  'outbox.answered',
  'outbox.before-settle-commit',
  'outbox.after-settle-commit',
  'http.connected',
  'http.written',
  'http.answer-head',
  'http.answer-whole',
  'label.before-arrival-commit',
  'label.arrived',
  'print.before-claim-commit',
  'print.claimed',
  'print.before-preflight-commit',
  'print.preflight',
  'print.before-sending-commit',
  'print.sending',
  'print.before-first-byte',
  'print.mid-label',
  'print.after-last-byte',
  'print.before-outcome-commit',
  'print.after-outcome-commit',
  'print.before-recovery-commit',
  'print.after-recovery-commit',
  'reprint.before-commit',
  'reprint.after-commit',
  'scan-back.before-commit',
  'scan-back.after-commit',
  'rack.before-commit',
  'rack.after-commit',
  'tracking.before-ask-commit',
  'tracking.after-ask-commit',
  'tracking.before-answer-commit',
  'tracking.after-answer-commit',
] as const;
export type FailpointName = (typeof failpointNames)[number];

/** Called at a failpoint. Absent in every host: only the crash test stops anything here. */
export type Failpoint = (name: FailpointName) => void;

export interface Ports {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: RandomSource;
  readonly secrets: Secrets;
  readonly log: Log;
  readonly http: Http;
  readonly line: Line;
  readonly links: Links;
  /** Listens for machines that send over HTTP. Rejects with a one-line Error. Absent on hosts that do not listen. */
  readonly httpIntake?: ((options: HttpIntakeOptions) => Promise<HttpIntake>) | undefined;
  /** Where this desk keeps its database, artwork and training records. */
  readonly dataDir: string;
  readonly version: string;
  readonly failpoint?: Failpoint | undefined;
}
