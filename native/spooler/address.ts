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
    throw new Error(
      `link "${uri}" names no print queue; write spooler://QUEUE, with the name the operating system shows`,
    );
  }
  return { queue };
}
