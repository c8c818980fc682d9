/** The dimension-weigh-scan machines of the profile, each joined to its link or its HTTP address, and to the desk. */
import { join } from 'node:path';
import type { ConfiguredDevice, DwsStatus, Notice } from '../../preload/contract/index.ts';
import { createDwsDesk, type DwsDesk, type DwsDeskMachine } from '../desk/dws-desk.ts';
import { createDwsMachine, type DwsMachine } from '../devices/dws/driver.ts';
import { dwsFormat } from '../devices/dws/index.ts';
import { openDwsPictures } from '../devices/dws/pictures.ts';
import type { DwsRecord } from '../domain/dws-record.ts';
import { frameCause } from '../domain/frame-problems.ts';
import { deviceProblem, linkCause, withCause } from '../domain/link-cause.ts';
import { chooseRoute, type RouteRule } from '../domain/routing.ts';
import type { Ports } from '../ports.ts';
import { usualHoldMs, type DwsProfile } from '../profile/dws-profile.ts';
import type { Store } from '../store/store.ts';
import { shownRefusal } from './shown-refusal.ts';
import { createHttpLink, type HttpLink } from './http-link.ts';
import { parseHttpListen } from './http-listen.ts';
import type { LinkBook } from './link-book.ts';

export interface DwsMachines {
  readonly desk: DwsDesk;
  status(): DwsStatus[];
  problems(): readonly Notice[];
  /** What a machine sent that was a record, and what was none; null if none of this id runs. */
  counts(id: string): Pick<ConfiguredDevice, 'frames' | 'refused' | 'lastRefused'> | null;
  /** Where this desk listens for the machine (`tcp://host:port`, `http://host:port`), or null. */
  listening(id: string): string | null;
  onChange(listener: () => void): () => void;
  /** A machine that was started while the desk works, in training. */
  add(given: DwsProfile): void;
  start(): void;
  stop(): Promise<void>;
}

const dayMs = 86_400_000;
/** One message over HTTP: a record, with its picture where pictures are kept. */
const maxMessageBytes = { plain: 256 * 1024, picture: 8 * 1024 * 1024 } as const;

export function openDwsMachines(options: {
  readonly ports: Ports;
  readonly profile: readonly DwsProfile[];
  readonly store: Store;
  readonly limits: { readonly minG: number; readonly maxG: number };
  routes(): readonly RouteRule[];
  isWeighing(): boolean;
  isVirtual(id: string): boolean;
  /** Where machines that send over HTTP are written down; those over links are by the links themselves. */
  readonly book: Pick<LinkBook, 'note'>;
}): DwsMachines {
  const { ports, profile, store } = options;
  const { clock, log } = ports;
  const problems: Notice[] = [];
  const listeners = new Set<() => void>();
  const report = (device: string, error: unknown): void => {
    problems.push(deviceProblem(device, error));
    for (const listener of [...listeners]) listener();
  };

  const desk = createDwsDesk({
    store,
    clock,
    log,
    machines: profile.map((machine) => deskMachine(machine, store, options.routes)),
    limits: options.limits,
    isWeighing: () => options.isWeighing(),
  });
  const machines: DwsMachine[] = [];
  const closers: (() => Promise<void>)[] = [];
  const starters: (() => void)[] = [];
  const httpLinks = new Map<string, HttpLink['link']>();

  function open(given: DwsProfile): void {
    try {
      const http = parseHttpListen(given.link);
      const { baud, dataBits, parity, stopBits, peers, allow } = given;
      const link =
        http === null
          ? ports.links.create(given.link, {
              ...{ baud, dataBits, parity, stopBits, peers, allow },
              owner: `DWS ${given.id}`,
            })
          : null;
      // A template or layout that cannot be read is found out now, not when the first parcel comes.
      const format = dwsFormat(given.format);
      format.decoder(given);
      const machine = createDwsMachine({
        id: given.id,
        link,
        format,
        settings: given,
        reply: given.reply,
        replyRefused: given.replyRefused,
        replyIdle: given.replyIdle,
        pollMs: given.pollMs,
        silentMs: given.silentMs,
        pictures: given.pictures ? openDwsPictures(join(ports.dataDir, 'dws-pictures')) : null,
        sink: desk,
        clock,
        log,
      });
      machines.push(machine);
      follow(machine);
      closers.push(() => machine.close());
      starters.push(() => machine.open());
      if (http !== null) {
        const way = createHttpLink(given.link);
        httpLinks.set(given.id, way.link);
        options.book.note(way.link);
        closers.push(() => way.link.close());
        starters.push(() => listenHttp(given, http, machine, way));
      }
    } catch (error) {
      report(given.id, error);
    }
  }

  /** Machines can be added, so who listens to the machines listens here. */
  function follow(machine: DwsMachine): void {
    const stop = machine.onChange(changed);
    closers.push(() => {
      stop();
      return Promise.resolve();
    });
  }

  function changed(): void {
    for (const listener of [...listeners]) listener();
  }

  for (const given of profile) open(given);

  function listenHttp(
    given: DwsProfile,
    at: NonNullable<ReturnType<typeof parseHttpListen>>,
    machine: DwsMachine,
    way: HttpLink,
  ): void {
    const failed = (error: unknown): void => {
      way.failed(error);
      report(given.id, error);
    };
    const token = given.token === undefined ? null : (ports.secrets.get(given.token.slice('secret:'.length)) ?? '');
    if (token === '') {
      failed(`${given.token} is not set; enter it in the desk's secret store`);
      return;
    }
    if (ports.httpIntake === undefined) {
      failed('this host takes no messages over HTTP');
      return;
    }
    const opening = ports.httpIntake({
      ...at,
      token,
      allow: given.allow ?? null,
      maxBodyBytes: given.pictures ? maxMessageBytes.picture : maxMessageBytes.plain,
      take(body) {
        way.heard(body);
        const { outcome, reply } = machine.message(body);
        return { status: { stored: 200, refused: 422, failed: 503 }[outcome], body: reply };
      },
    });
    opening.then((intake) => {
      log.info({ machine: given.id, origin: intake.origin }, 'a DWS machine may send over HTTP');
      // A station that is stopping closes it again.
      if (way.link.state !== 'closed') way.opened(intake.origin);
      changed();
    }, failed);
    // A stop before it is open closes it all the same.
    closers.push(() => opening.then((intake) => intake.close()).catch(() => undefined));
  }

  return {
    desk,
    status: () =>
      machines.map((machine) => ({
        ...statusOf(machine, httpLinks.get(machine.id) ?? null),
        virtual: options.isVirtual(machine.id),
      })),
    problems: () => problems,
    counts(id) {
      const machine = machines.find((each) => each.id === id);
      if (machine === undefined) return null;
      const { records, duplicates, refused, lastRefused } = machine.counts();
      return { frames: records + duplicates, refused, lastRefused: shownRefusal(lastRefused) };
    },
    listening: (id) =>
      httpLinks.get(id)?.listening ?? machines.find((machine) => machine.id === id)?.listening() ?? null,
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    add(given) {
      desk.add(deskMachine(given, store, options.routes));
      open(given);
      for (const start of starters.splice(0)) start();
      changed();
    },
    start() {
      for (const start of starters.splice(0)) start();
    },
    async stop() {
      await Promise.all(closers.splice(0).map((close) => close()));
    },
  };
}

/** `http`: the way of a machine that sends over HTTP, which its driver does not know of. */
function statusOf(machine: DwsMachine, http: HttpLink['link'] | null): DwsStatus {
  const { id } = machine;
  const { records, duplicates, refused, lastRefused, ...counts } = machine.counts();
  const lastLinkError = http?.lastError ?? counts.lastLinkError;
  const linkProblem = linkCause(http === null ? counts.lastLinkProblem : http.problem);
  const state = http !== null && http.state !== 'open' ? 'connecting' : machine.state();
  const reasons: Readonly<Record<typeof state, Notice | null>> = {
    online: null,
    connecting:
      lastLinkError === null
        ? null
        : withCause(
            { code: 'dws.connecting', tone: 'warn', params: { machine: id, reason: lastLinkError } },
            linkProblem,
          ),
    silent: { code: 'dws.silent', tone: 'warn', params: { machine: id } },
    noise: withCause(
      { code: 'dws.noise', tone: 'warn', params: { machine: id, reason: lastRefused?.error ?? '' } },
      lastRefused === null ? undefined : frameCause(lastRefused.problem),
    ),
    failed: { code: 'dws.failed', tone: 'stop', params: { machine: id } },
  };
  return { id, state, lastAt: machine.lastAt(), records, duplicates, refused, reason: reasons[state] };
}

function deskMachine(given: DwsProfile, store: Store, routes: () => readonly RouteRule[]): DwsDeskMachine {
  const { id, pairing, duplicateMs, maxHeld, keepDays, sorting } = given;
  return {
    id,
    policy: { pairing, duplicateMs, holdMs: given.holdMs ?? usualHoldMs[pairing], maxHeld },
    keepMs: keepDays * dayMs,
    chute(record) {
      if (sorting === undefined) return null;
      const exception = (reason: string): { chute: string; reason: string } => ({ chute: sorting.exception, reason });
      if (record.barcodes.length === 0) return exception('no barcode');
      if (record.weightG === null) return exception('no weight');
      const order = orderOf(record, store);
      if (order === null) return exception('unknown order');
      if (order.upstream !== 'waiting') return exception('order cancelled');
      const { country, state } = order.receiver;
      const route = chooseRoute(routes(), {
        ...{ country, state, upstream: order.vendor, fields: order.fields },
        weightG: Math.round(record.weightG),
      });
      if (route === null) return exception('no route');
      return { chute: sorting.carriers[route.vendor] ?? sorting.chute, reason: '' };
    },
  };
}

function orderOf(record: DwsRecord, store: Store): ReturnType<Store['orders']['findByNumber']> {
  for (const code of record.barcodes) {
    const order = store.orders.findByNumber(code) ?? store.orders.findByNumber(code.toUpperCase());
    if (order !== null) return order;
  }
  return null;
}
