/**
 * Joins the records of dimension-weigh-scan machines to the desk: keeps each before the machine is answered, and finds the
 * one that belongs to the order on the desk. The rules are in domain/dws.ts.
 */
import type { DwsView, Notice } from '../../preload/contract/index.ts';
import type { DwsDecision } from '../devices/dws/reply.ts';
import type { DwsSink } from '../devices/dws/driver.ts';
import {
  isRepeat,
  judgeDws,
  namesOrder,
  type DwsMeasurement,
  type DwsOrder,
  type DwsPolicy,
  type DwsVerdict,
} from '../domain/dws.ts';
import type { DwsRecord } from '../domain/dws-record.ts';
import { normaliseScan } from '../domain/scan.ts';
import type { Clock, Log } from '../ports.ts';
import type { StoredDwsRecord } from '../store/dws.ts';
import type { Store } from '../store/store.ts';

/** A machine as far as its records go. */
export interface DwsDeskMachine {
  readonly id: string;
  readonly policy: DwsPolicy;
  /** How long a record is kept, used or not. */
  readonly keepMs: number;
  /** Where a sorter puts a parcel; null if the machine is no sorter. */
  chute(record: DwsRecord): { readonly chute: string; readonly reason: string } | null;
}

/** The record that may give the order on the desk its weight, and what the rules say of it. */
export interface DwsCandidate {
  readonly stored: StoredDwsRecord;
  readonly verdict: Exclude<DwsVerdict, { kind: 'elsewhere' }>;
}

export interface DwsDesk extends DwsSink {
  /** A machine that was started while the desk works. */
  add(machine: DwsDeskMachine): void;
  /** The order on the desk, or null. */
  setOrder(orderId: string | null): void;
  /** The newest record about the order on the desk. */
  candidate(): DwsCandidate | null;
  /** Inside the sealing transaction: this record is that parcel's. */
  take(candidate: DwsCandidate, orderId: string, parcelId: string): void;
  /** The machine's newest record as the screen shows it. */
  latest(): DwsView | null;
  /** Records came; after the machine was answered. */
  onRecords(listener: () => void): () => void;
  /** A record that is about another parcel than the one on the desk, or about none, and why; to be said aloud. */
  onRefused(listener: (code: string, reason: Notice) => void): () => void;
}

/** Old and surplus records are looked after once in so many. */
const careEvery = 64;
const purgeAtOnce = 256;
/** Events that change what is in the parcel. */
const itemEvents = new Set(['item-scanned', 'item-undone']);
/** Longest raw record in the timeline, hexadecimal digits; the whole one is in the table of records. */
const shownRaw = 8_192;

export function createDwsDesk(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly machines: readonly DwsDeskMachine[];
  readonly limits: { readonly minG: number; readonly maxG: number };
  /** True while the order on the desk waits for its weight. */
  isWeighing(): boolean;
}): DwsDesk {
  const { store, clock, log, limits } = options;
  const machines = [...options.machines];
  const byId = new Map(machines.map((machine) => [machine.id, machine]));
  const recordListeners = new Set<() => void>();
  const refusedListeners = new Set<(code: string, reason: Notice) => void>();
  const uncared = new Map<string, number>();
  let orderId: string | null = null;
  let latest: DwsView | null = null;
  /** Numbers of records that came since the desk last acted. */
  let fresh: number[] = [];

  /** Inside a transaction. */
  function keep(machine: DwsDeskMachine, record: DwsRecord, at: number): { decision: DwsDecision; seq: number | null } {
    const { id, policy } = machine;
    const since = at - policy.duplicateMs;
    const earlier = record.noRead
      ? null
      : record.barcodes.length > 0
        ? store.dws.latestWithCodes(id, record.barcodes, since)
        : store.dws.latestWithRaw(id, record.raw, since);
    const sorted = machine.chute(record) ?? { chute: '', reason: '' };
    const said = { at, weightG: record.weightG };
    if (earlier !== null && isRepeat({ at: earlier.at, weightG: earlier.record.weightG }, said, policy.duplicateMs)) {
      store.dws.countRepeat(earlier.seq);
      return { decision: { kind: 'duplicate', ...sorted }, seq: null };
    }
    const seq = store.dws.insert({ machine: id, at, state: record.noRead ? 'unread' : 'held', record });
    return { decision: { kind: 'accepted', ...sorted }, seq };
  }

  function care(machine: DwsDeskMachine, records: number, at: number): void {
    const { id, policy, keepMs } = machine;
    const due = (uncared.get(id) ?? careEvery) + records;
    uncared.set(id, due >= careEvery ? 0 : due);
    if (due < careEvery) return;
    store.dws.expire(id, at - policy.holdMs, store.dws.heldCount(id) - policy.maxHeld, at);
    store.dws.purge(at - keepMs, purgeAtOnce);
  }

  function orderOnDesk(): DwsOrder | null {
    const order = orderId === null ? null : store.orders.get(orderId);
    if (order === null) return null;
    let openedAt = 0;
    let changedAt = 0;
    for (const { kind, at } of store.events.listForOrder(order.id)) {
      if (kind === 'order-opened') {
        openedAt = at;
        changedAt = at;
      } else if (itemEvents.has(kind)) changedAt = at;
    }
    return { number: order.number, openedAt, changedAt };
  }

  function judge(stored: StoredDwsRecord, order: DwsOrder): DwsVerdict {
    const policy = byId.get(stored.machine)?.policy;
    if (policy === undefined) return { kind: 'elsewhere' };
    return judgeDws(measurementOf(stored), order, policy, limits, clock.now());
  }

  function candidate(): DwsCandidate | null {
    if (orderId === null || machines.length === 0) return null;
    const order = store.orders.get(orderId);
    if (order === null) return null;
    const normal = normaliseScan(order.number);
    const found = normal.kind === 'code' ? store.dws.heldWithCode(normal.code, 4) : [];
    let about: DwsOrder | null = null;
    for (const { id, policy } of machines) {
      if (policy.pairing !== 'desk') continue;
      about ??= orderOnDesk();
      if (about !== null) found.push(...store.dws.heldWithoutCode(id, about.openedAt, 1));
    }
    if (found.length === 0) return null;
    about ??= orderOnDesk();
    if (about === null) return null;
    for (const stored of found.sort((a, b) => b.seq - a.seq)) {
      const verdict = judge(stored, about);
      if (verdict.kind !== 'elsewhere') return { stored, verdict };
    }
    return null;
  }

  /** A record that is about something else than the parcel in front of the packer stops the packer, once. */
  function refuseOthers(): void {
    const seqs = fresh;
    fresh = [];
    if (orderId === null || seqs.length === 0 || !options.isWeighing()) return;
    const order = orderOnDesk();
    if (order === null) return;
    for (const seq of seqs.slice(-20)) {
      const stored = store.dws.get(seq);
      if (stored === null || (stored.state !== 'held' && stored.state !== 'unread')) continue;
      const measurement = measurementOf(stored);
      const verdict = judge(stored, order);
      if (verdict.kind !== 'refused' || verdict.notice === null || namesOrder(measurement, order.number)) continue;
      const { code } = verdict.notice;
      if (code !== 'dws.other-order' && code !== 'dws.no-read') continue;
      store.transaction(() => {
        store.dws.settle(seq, 'refused', code, clock.now());
        store.events.append('dws-refused', orderId === null ? {} : { orderId }, {
          machine: stored.machine,
          reason: code,
          code: measurement.barcodes.join(' ').slice(0, 200),
          raw: stored.raw.slice(0, shownRaw),
        });
      });
      for (const listener of [...refusedListeners]) listener(measurement.barcodes[0] ?? '', verdict.notice);
    }
  }

  return {
    add(machine) {
      machines.push(machine);
      byId.set(machine.id, machine);
    },
    accept(machineId, records) {
      const machine = byId.get(machineId);
      if (machine === undefined) throw new Error(`DWS machine ${machineId} is not of this desk`);
      const at = clock.now();
      const kept = store.transaction(() => {
        const answers = records.map((record) => keep(machine, record, at));
        care(machine, records.length, at);
        return answers;
      });
      for (const { seq } of kept) if (seq !== null) fresh.push(seq);
      if (fresh.length > 1_000) fresh = fresh.slice(-1_000);
      const newest = records.at(-1);
      if (newest !== undefined) latest = viewOf(machineId, newest, at);
      return kept.map(({ decision }) => decision);
    },
    accepted(machineId) {
      try {
        refuseOthers();
        for (const listener of [...recordListeners]) listener();
      } catch (error) {
        log.error({ machine: machineId, error: String(error) }, 'the desk could not act on a DWS record');
      }
    },
    setOrder(next) {
      orderId = next;
      fresh = [];
    },
    candidate,
    take({ stored, verdict }, takenFor, parcelId) {
      const at = clock.now();
      store.dws.pair(stored.seq, takenFor, parcelId, at);
      const { record } = stored;
      store.events.append(
        'dws-paired',
        { orderId: takenFor, parcelId },
        {
          machine: stored.machine,
          measuredAt: stored.at,
          code: record.barcodes.join(' ').slice(0, 200),
          weightG: record.weightG,
          ...verdict.size,
          volumeCm3: record.volumeCm3,
          volumeComputedCm3: record.volumeComputedCm3,
          volumeMismatch: record.volumeMismatch,
          picture: record.picture,
          raw: stored.raw.slice(0, shownRaw),
        },
      );
    },
    latest: () => latest,
    onRecords: (listener) => added(recordListeners, listener),
    onRefused: (listener) => added(refusedListeners, listener),
  };
}

function measurementOf({ record, at }: StoredDwsRecord): DwsMeasurement {
  return { ...record, at };
}

function viewOf(machineId: string, record: DwsRecord, at: number): DwsView {
  const { weightG, lengthMm, widthMm, heightMm, barcodes, volumeMismatch } = record;
  const code = barcodes[0] ?? null;
  return { machineId, at, code, grams: weightG, lengthMm, widthMm, heightMm, volumeMismatch };
}

function added<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
