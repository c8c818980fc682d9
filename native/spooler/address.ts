import { linkError, problemOf, type Hints, type LinkProblem } from '../link-problems.ts';

/** The queue of the operating system that a URI names. */
export interface SpoolerAddress {
  readonly queue: string;
}

/**
 * Reads `spooler://QUEUE` (percent-encoding allowed, for the spaces of Windows' names; `\\\\SERVER\\QUEUE` is a name
 * too). Throws a one-line Error that names the URI and the fix.
 */
export function parseSpoolerUri(uri: string): SpoolerAddress {
  const written = /^spooler:\/\/(.{1,600})$/.exec(uri)?.[1];
  let queue = written ?? '';
  try {
    queue = decodeURIComponent(queue);
  } catch {
    // A name with a bare percent sign is that name.
  }
  // A name that begins with `-` would be read as an option by the programs it is given to.
  if (written === undefined || queue === '' || queue.length > 220 || /^-|\p{C}/u.test(queue)) {
    throw linkError('bad-spooler', { uri });
  }
  return { queue };
}

/** What the spooler's own words mean: lp and lpstat in the C locale, or ours of a call of winspool. */
export function spoolerProblem(uri: string, said: string): LinkProblem {
  return problemOf(uri, said, hints);
}

const hints: Hints = [
  [
    /no print queue is called|does not exist|unknown destination|invalid destination|no default destination/i,
    'spooler-no-queue',
  ],
  [/not accepting/i, 'spooler-not-accepting'],
  [
    /scheduler (is )?not (running|responding)|connection refused|unable to connect|bad file descriptor/i,
    'spooler-not-running',
  ],
  [/does not answer|timed out/i, 'spooler-silent'],
  [/did not say whether|did not take the label in time/i, 'spooler-unsure'],
];
