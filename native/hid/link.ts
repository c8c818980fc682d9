/** A HID device that is no keyboard: a USB scale, a scanner in HID-POS mode. */
import { watchDeviceNode } from '../device-node.ts';
import type { Link, LinkDeps, LinkOptions } from '../link.ts';
import { firstLine, LinkError, linkError, linkProblem } from '../link-problems.ts';
import { takeOrThrow, type Claim } from '../owners.ts';
import { createReopeningLink } from '../reopening.ts';
import type { Attempt, AttemptEvents, Pipe } from '../reopening.ts';
import { hidProblem, parseHidUri } from './address.ts';
import { findHid } from './find.ts';
import { loadHidLibrary, type HidHandle, type HidLibrary } from './library.ts';

const openTimeoutMs = 4_000;
/** `close` waits this long for the driver. */
const closeTimeoutMs = 1_500;
/** The back-off stops doubling here: at most 1.6 s, for a packer is standing there with the plug in hand. */
const maxBackoffSteps = 3;
/** Longest report this link sends or hands on, with its id: a bound far above any scale's or scanner's, no device's figure. */
const maxReportBytes = 4_097;

/**
 * Makes the link; opens nothing yet. Bytes come as whole reports with the report id in byte 0; on Windows and Linux that is
 * the form of a numbered report on the wire. One write is one output report, its id first.
 *
 * Found again wherever it is plugged in; pulled out it is lost at once if the driver says so, else within a quarter of a
 * second on Linux and macOS, where its file goes away. A write that fails counts its whole report as taken.
 *
 * Throws a one-line Error if the URI names no HID device, or the `node-hid` package or its native part is absent.
 */
export function createHidLink(uri: string, options: LinkOptions, deps: LinkDeps): Link {
  return createHidLinkOver(loadHidLibrary, uri, options, deps);
}

/** The same over a given library: for tests. */
export function createHidLinkOver(load: () => HidLibrary, uri: string, options: LinkOptions, deps: LinkDeps): Link {
  const address = parseHidUri(uri);
  const library = loadOr(load, uri);
  const { clock } = deps;
  const owner = options.owner ?? uri;

  function start(events: AttemptEvents): Attempt {
    let handle: HidHandle | null = null;
    let claim: Claim | null = null;
    let given = false;
    let stopWatching: (() => void)[] = [];

    async function open(): Promise<Pipe> {
      const { path } = findHid(uri, await library.list(), address);
      if (given) throw linkError('given-up', { uri });
      claim = takeOrThrow(deps.owners, `hid ${path}`, owner, uri);
      handle = await library.open(path);
      const opened = handle;
      if (given) {
        // Nobody may be waiting any more for a driver that took its time.
        await within(opened.close());
        handle = null;
        throw linkError('given-up', { uri });
      }
      opened.onError((error) => events.lost(hidProblem(uri, error)));
      opened.onReport((report) => {
        if (report.length > 0 && report.length <= maxReportBytes) events.bytes(Uint8Array.from(report));
      });
      const gone = (): void => events.lost(linkProblem('unplugged', { uri }));
      const checkListed = async (): Promise<void> => {
        // Also where devices are no files (Windows): after each plug the list says whether this one is still in it.
        const listed = await library.list().catch(() => null);
        if (!given && listed !== null && !listed.some((each) => each.path === path)) gone();
      };
      stopWatching = [
        watchDeviceNode(path, clock, gone),
        deps.plugs?.onPlug(() => void checkListed()) ?? (() => undefined),
      ];
      return {
        writable: true,
        async write(report) {
          try {
            await opened.write(report);
            return { taken: report.length, problem: null };
          } catch (error) {
            return { taken: report.length, problem: hidProblem(uri, error) };
          }
        },
      };
    }

    const opened = open().catch((error: unknown) => {
      throw new LinkError(hidProblem(uri, error), { cause: error });
    });
    return {
      opened,
      async release() {
        given = true;
        for (const stop of stopWatching.splice(0)) stop();
        await within(opened.catch(() => null));
        await within(handle?.close() ?? Promise.resolve());
        claim?.release();
      },
    };
  }

  /** Waits for the driver, within bounds whatever it does. */
  function within(work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const timer = clock.after(closeTimeoutMs / 2, resolve);
      void work
        .catch((error: unknown) => deps.log.debug({ uri, error: String(error) }, 'a HID device could not be closed'))
        .then(() => {
          timer.cancel();
          resolve();
        });
    });
  }

  return createReopeningLink(
    {
      uri,
      owner,
      reopen: options.reopen ?? true,
      openTimeoutMs,
      late: linkProblem('late', { uri, ms: openTimeoutMs }),
      closed: linkProblem('hid-closed', { uri }),
      pieceBytes: maxReportBytes,
      maxWriteBytes: maxReportBytes,
      maxBackoffSteps,
      start,
      ...(deps.plugs === undefined ? {} : { onArrival: deps.plugs.onPlug }),
    },
    deps,
  );
}

function loadOr(load: () => HidLibrary, uri: string): HidLibrary {
  try {
    return load();
  } catch (error) {
    throw linkError('module-absent', { uri, module: 'node-hid', detail: firstLine(error) });
  }
}
