/**
 * Everything that goes wrong with a link, told by what its driver reports: a code, and its English sentence for the command
 * line and the log. The screen says the same in its own language (`link.<code>` of the station's locales).
 *
 * A link's trouble is only ever made here, so that nothing is said of a link without a code. What a driver said, in whatever
 * language the operating system has, stands in the parameter `detail` and never in a code. Pure.
 */

/** By code. `{name}` is a parameter; `uri` is the link. */
export const linkSentences = {
  // Any link.
  'in-use': '{uri}: already in use by {owner}; a device has one owner: change the link of one of the two',
  late: '{uri}: did not open within {ms} ms',
  'not-open': '{uri}: not open',
  closed: '{uri}: closed',
  stalled: '{uri}: the device stopped taking data',
  gone: '{uri}: the device went away',
  unplugged: '{uri}: the device was unplugged',
  'unplugged-said': '{uri}: the device was unplugged ({detail})',
  'memory-unplugged': '{uri}: unplugged',
  'write-long': '{uri}: takes at most {max} bytes at a time',
  'write-waiting': '{uri}: too much data is waiting already',
  'given-up': '{uri}: given up',
  other: '{uri}: {detail}',
  // TCP.
  'tcp-late': '{uri}: no connection within {ms} ms; is the device on?',
  'tcp-closed': '{uri}: the device closed the connection',
  'tcp-silent': '{uri}: not a byte within {ms} ms',
  'tcp-refused': '{uri}: connection refused; is the device on and its port right?',
  'tcp-host-unreachable': '{uri}: host unreachable; check the cable and the address',
  'tcp-network-unreachable': '{uri}: network unreachable; check the cable and the address',
  'tcp-no-host': '{uri}: no such host name',
  'tcp-lookup': '{uri}: host name cannot be looked up now',
  'tcp-timed-out': '{uri}: the device stopped answering',
  'tcp-dropped': '{uri}: the device dropped the connection',
  // Machines that connect to this one.
  'listen-taken': '{uri}: another program listens on this port already',
  'listen-no-address': '{uri}: this machine has no such address; write 0.0.0.0 or one of its own',
  'listen-not-allowed': '{uri}: this user may not listen on this port; write one above 1023',
  'peer-none': '{uri}: no machine is connected',
  'peer-not-connected': '{uri}: {peer} is not connected any more',
  'peer-replaced': '{uri}: {peer} was replaced by a newer connection',
  'peer-silent': '{uri}: {peer} sent not a byte within {ms} ms',
  'peer-closed': '{uri}: {peer} closed the connection',
  'peer-gone': '{uri}: {peer} went away',
  'peer-stalled': '{uri}: {peer} stopped taking data',
  'peer-cut': '{uri}: {peer} was cut off',
  'peer-waiting': '{uri}: too much data is waiting for {peer} already',
  'peer-timed-out': '{uri}: the device stopped answering ({peer})',
  'peer-dropped': '{uri}: the device dropped the connection ({peer})',
  'peer-other': '{uri}: {detail} ({peer})',
  // Machines that send over HTTP.
  'http-taken': '{what} {where} is taken; choose another port',
  'http-failed': '{what} {where} cannot be opened: {detail}',
  // Serial ports.
  'serial-closed': '{uri}: the port was closed',
  'serial-no-list': '{uri}: ports cannot be listed without udev; name the port by its path ({detail})',
  'serial-no-port': '{uri}: no such port; is the cable in? ({detail})',
  'serial-not-allowed': '{uri}: not allowed; add this user to the group that owns the port (dialout) ({detail})',
  'serial-busy': '{uri}: another program has the port open ({detail})',
  'serial-no-number': '{uri}: no port has the serial number {serial}; is the cable in?',
  'serial-several-number': '{uri}: {count} ports have that serial number ({paths}); name the port by its path',
  'serial-no-adapter': '{uri}: no such USB serial adapter is plugged in; is the cable in?',
  'serial-several': '{uri}: {count} such ports are plugged in ({paths}); add the serial number',
  'serial-several-same': '{uri}: {count} such ports are plugged in ({paths}); name the port by its path',
  // HID.
  'hid-closed': '{uri}: the device was closed',
  'hid-not-allowed': '{uri}: not allowed; give this user the right to it (Linux: a udev rule for hidraw) ({detail})',
  'hid-cannot-open': '{uri}: cannot be opened; another program may have it, or this user may not ({detail})',
  'hid-none': '{uri}: no such HID device is plugged in; is it on and the cable in?',
  'hid-none-of': '{uri}: no HID {usage} is plugged in; is it on and the cable in?',
  'hid-several': '{uri}: {count} devices fit; name one by its serial number ({uris})',
  // USB printers.
  'usb-closed': '{uri}: the printer was closed',
  'usb-unplugged': '{uri}: the printer was unplugged',
  'usb-unplugged-said': '{uri}: the printer was unplugged ({detail})',
  'usb-not-allowed':
    '{uri}: not allowed; give this user the right to the device (Linux: a udev rule for its VID) ({detail})',
  'usb-busy': '{uri}: another program has the printer; remove its queue from the operating system ({detail})',
  'usb-other-driver':
    '{uri}: the operating system keeps the printer for its own driver; use spooler://QUEUE ({detail})',
  'usb-refused': '{uri}: the printer refused the data; switch it off and on ({detail})',
  'usb-none': '{uri}: no such USB printer; is it on and the cable in?',
  'usb-several': '{uri}: {count} USB printers fit; add the serial number (packbench device list shows it)',
  'usb-no-number': '{uri}: no USB printer has the serial number {serial}; is it on and the cable in?',
  // Print queues. The text is the spooler's own, or ours of it.
  'spooler-no-queue': '{uri}: {detail}',
  'spooler-silent': '{uri}: {detail}',
  'spooler-not-running': '{uri}: {detail}',
  'spooler-not-accepting': '{uri}: {detail}',
  'spooler-unsure': '{uri}: {detail}',
  // Links that cannot be made.
  'unknown-kind': 'link "{uri}" is of no known kind; known are {kinds}',
  'module-absent': 'link "{uri}" needs the {module} package, which does not load here: {detail}',
  'spooler-absent': 'link "{uri}" needs a print spooler: {detail}',
  'bad-tcp': 'link "{uri}" is not a TCP address; write tcp://HOST:PORT, for example tcp://192.168.1.50:9100',
  'bad-listen':
    'link "{uri}" is no address to listen on; write tcp-listen://ADDRESS:PORT with an address of this machine, for example tcp-listen://0.0.0.0:20011',
  'bad-serial':
    'link "{uri}" is not a serial port; write serial:///dev/ttyUSB0, serial://COM3, serial://usb/VID:PID/SERIALNUMBER or serial://sn:SERIALNUMBER',
  'bad-hid':
    'link "{uri}" names no HID device; write hid://VID:PID, hid://VID:PID/SERIALNUMBER (4 hexadecimal digits each), hid://scale or hid://scanner',
  'bad-usb':
    'link "{uri}" names no USB printer; write usb://VID:PID, usb://VID:PID/SERIALNUMBER (4 hexadecimal digits each) or usb://printer',
  'bad-spooler': 'link "{uri}" names no print queue; write spooler://QUEUE, with the name the operating system shows',
  'bad-memory': 'link "{uri}" is not a memory link; write memory://NAME',
  'bad-baud': 'link "{uri}" has the impossible baud rate {baud}; most scales use 9600',
  'bad-silence': 'link "{uri}" has the silence limit {ms} ms; write {least} to 86400000',
  'bad-peers': 'link "{uri}" has {count} as its number of peers; write 1 to {max}',
  'bad-allow-count': 'link "{uri}" allows more than {max} kinds of peer',
  'bad-allow': 'link "{uri}" cannot allow "{entry}"; write loopback, private, an address or a network like 10.1.0.0/16',
} as const satisfies Readonly<Record<string, string>>;

export type LinkProblemCode = keyof typeof linkSentences;

/** What went wrong. */
export interface LinkProblem {
  readonly code: LinkProblemCode;
  readonly params: Readonly<Record<string, string | number>>;
  /** The English sentence, one line. */
  readonly message: string;
}

/** The names in braces of a sentence. */
type Names<Sentence extends string> = Sentence extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;
type ParamsOf<Code extends LinkProblemCode> = Readonly<Record<Names<(typeof linkSentences)[Code]>, string | number>>;

/** The problem of this code, with all its parameters. */
export function linkProblem<Code extends LinkProblemCode>(code: Code, params: ParamsOf<Code>): LinkProblem {
  return made(code, params);
}

function made(code: LinkProblemCode, params: Readonly<Record<string, string | number>>): LinkProblem {
  const message = linkSentences[code].replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
  return { code, params, message };
}

/** An error of a link; its message is the sentence of its problem. */
export class LinkError extends Error {
  readonly problem: LinkProblem;
  constructor(problem: LinkProblem, options?: ErrorOptions) {
    super(problem.message, options);
    this.problem = problem;
  }
}

/** The error of this code. */
export function linkError<Code extends LinkProblemCode>(code: Code, params: ParamsOf<Code>): LinkError {
  return new LinkError(linkProblem(code, params));
}

/** Codes whose parameters are the link and what the driver said. */
type SaidCode = {
  [Code in LinkProblemCode]: Names<(typeof linkSentences)[Code]> extends 'uri' | 'detail' ? Code : never;
}[LinkProblemCode];

/** What a driver's text means, the first pattern that fits. */
export type Hints = readonly (readonly [pattern: RegExp, code: SaidCode])[];

/** The problem behind an error: our own as it is, a driver's by what its text says, else its text after the link. */
export function problemOf(uri: string, error: unknown, hints: Hints): LinkProblem {
  if (error instanceof LinkError) return error.problem;
  const detail = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 200);
  const code = hints.find(([pattern]) => pattern.test(detail))?.[1] ?? 'other';
  return made(code, { uri, detail });
}

/** A write of which the operating system took this many bytes. */
export function failed(
  bytes: number,
  problem: LinkProblem,
): { readonly kind: 'failed'; readonly bytes: number; readonly message: string } {
  return { kind: 'failed', bytes, message: problem.message };
}

/** A package that does not load: the first line of why. */
export function firstLine(error: unknown): string {
  return ((error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '').slice(0, 200);
}
