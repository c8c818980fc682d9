/**
 * What must hold when everything has come to rest. Reads what the world outside counted and what lies in the database,
 * never what the station had in memory.
 */
import { createHash } from 'node:crypto';
import type { Counters } from './counters.ts';
import type { DatabaseView, EventRow, JobRow, ParcelRow } from './database.ts';
import type { Memory } from './packer.ts';

export type ViolationKind =
  'duplicate' | 'lost' | 'acknowledged-missing' | 'order' | 'label' | 'audit' | 'integrity' | 'recovery' | 'stuck';

export interface Violation {
  readonly kind: ViolationKind;
  readonly what: string;
}

export interface Verdict {
  readonly violations: readonly Violation[];
  readonly duplicates: number;
  readonly lost: number;
  /** Orders with a question for a person, and those among them whose vendor has a query for what is in doubt. */
  readonly needsPerson: number;
  readonly needsPersonAskable: number;
  /** Vendor, operation and code of each question for a person. */
  readonly questions: readonly string[];
  readonly sealedOrders: number;
}

export function check(view: DatabaseView, counters: Counters, memory: Memory, orders: readonly string[]): Verdict {
  const violations: Violation[] = [];
  let duplicates = 0;
  let lost = 0;
  const say = (kind: ViolationKind, what: string): void => {
    violations.push({ kind, what });
    if (kind === 'duplicate') duplicates += 1;
    if (kind === 'lost' || kind === 'acknowledged-missing') lost += 1;
  };
  const ofParcel = (parcel: ParcelRow): JobRow[] =>
    view.jobs.filter((job) => job.lane === parcel.id || job.lane.startsWith(`${parcel.id}#`));

  checkEffects();
  checkAcknowledged();
  checkSequence();
  checkLabels();
  checkAudit();
  for (const line of view.integrity) say('integrity', line);
  const broken = firstBroken(view.events);
  if (broken !== null) say('integrity', `the chain of events breaks at ${broken}`);

  const asking = view.parcels.filter((parcel) => ofParcel(parcel).some(isForPerson));
  const askable = asking.filter((parcel) => ofParcel(parcel).some((job) => isForPerson(job) && couldBeAsked(job)));
  return {
    violations,
    duplicates,
    lost,
    needsPerson: asking.length,
    needsPersonAskable: askable.length,
    questions: view.jobs
      .filter(isForPerson)
      .map(({ vendor, operation, error }) => `${vendor} ${operation} ${codeOf(error)}`),
    sealedOrders: view.parcels.length,
  };

  /** I1: exactly one effect for what is done, at most one for what a person is asked about, none without a record. */
  function checkEffects(): void {
    const seen = new Map<string, number>();
    for (const { vendor, operation, key } of counters.effects) {
      const name = `${vendor} ${operation} ${key}`;
      seen.set(name, (seen.get(name) ?? 0) + 1);
    }
    const byOrder = new Map<string, number>();
    for (const parcel of view.parcels) {
      byOrder.set(parcel.order, (byOrder.get(parcel.order) ?? 0) + 1);
      for (const job of ofParcel(parcel)) {
        const name = `${job.vendor} ${job.operation} ${keyOf(job, parcel)}`;
        const count = seen.get(name) ?? 0;
        seen.delete(name);
        const where = `${job.vendor} ${job.operation} of ${parcel.order} (${job.state})`;
        if (count > 1 && job.effect !== 'safe') say('duplicate', `${where}: ${count} effects`);
        if (job.state === 'done' && count === 0) say('lost', `${where}: no effect at the vendor`);
        if (job.state === 'rejected' && count > 0 && job.effect !== 'safe')
          say('lost', `${where}: refused, yet it happened`);
        if (!['done', 'rejected', 'dead'].includes(job.state) && !waitsForOthers(job, parcel)) {
          say('lost', `${where}: came to no end; ${job.error ?? 'no error'}`);
        }
        if (job.attempts < count) say('audit', `${where}: ${count} effects, ${job.attempts} attempts written down`);
      }
    }
    for (const [order, count] of byOrder) if (count > 1) say('duplicate', `${order} was sealed ${count} times`);
    for (const name of seen.keys()) say('duplicate', `${name}: an effect nobody wrote down`);
  }

  function keyOf(job: JobRow, parcel: ParcelRow): string {
    if (job.vendor === 'asiabill') return counters.tradeNumber(parcel.order);
    return job.vendor === 'hongxun' ? (parcel.waybill ?? '') : parcel.reference;
  }

  /** Behind a job that a person is asked about, or for the label of a parcel that was put aside. */
  function waitsForOthers(job: JobRow, parcel: ParcelRow): boolean {
    if (job.state !== 'ready') return false;
    if (job.heldBy !== null) return parcel.verifiedAt === null && memory.aside.has(parcel.order);
    return view.jobs.some((other) => other.lane === job.lane && other.laneSeq < job.laneSeq && isForPerson(other));
  }

  /** I2: what the packer was told is there; every order came to an end the packer knows of. */
  function checkAcknowledged(): void {
    for (const order of memory.sealed) {
      if (!view.parcels.some((parcel) => parcel.order === order)) say('acknowledged-missing', `${order} was sealed`);
    }
    for (const order of memory.racked) {
      const parcel = view.parcels.find((each) => each.order === order);
      if (!view.events.some((event) => event.kind === 'parcel-racked' && event.parcelId === parcel?.id)) {
        say('acknowledged-missing', `${order} was put on the rack`);
      }
    }
    for (const [order, code] of memory.shipped) {
      const parcel = view.parcels.find((each) => each.order === order);
      if (parcel?.verifiedAt == null) say('acknowledged-missing', `the label of ${order} was scanned`);
      else if (parcel.waybill !== code)
        say('label', `${order}: ${code} was accepted, its waybill is ${parcel.waybill}`);
    }
    for (const what of memory.wronglyAccepted) say('label', `a wrong label was accepted: ${what}`);
    for (const order of orders) {
      const parcel = view.parcels.find((each) => each.order === order);
      if (parcel === undefined) say('lost', `${order} was never sealed`);
      else if (parcel.verifiedAt === null && !memory.aside.has(order)) say('lost', `${order} was never shipped`);
    }
  }

  /** I3: within a lane nothing before what comes before it; at the vendor as well. */
  function checkSequence(): void {
    for (const job of view.jobs) {
      const before = view.jobs.find(
        (other) => other.lane === job.lane && other.laneSeq < job.laneSeq && other.state !== 'done',
      );
      if (job.attempts > 0 && before !== undefined)
        say('order', `${job.operation} went before ${before.operation} was done`);
    }
    const steps = ['placeOrder', 'confirm', 'fetchLabel'];
    const reached = new Map<string, number>();
    for (const { vendor, operation, key } of counters.effects) {
      if (vendor !== 'hge') continue;
      const step = steps.indexOf(operation);
      const so = reached.get(key) ?? -1;
      if (step > so + 1) say('order', `hge ${operation} of ${key} came too early`);
      reached.set(key, Math.max(so, step));
    }
    for (const parcel of view.parcels) {
      const told = counters.effects.some(
        (effect) => effect.vendor === 'asiabill' && effect.key === counters.tradeNumber(parcel.order),
      );
      if (told && parcel.verifiedAt === null) say('order', `${parcel.order} was reported before its label was scanned`);
    }
  }

  /** I4: never more labels than attempts a person asked for, and no row that says otherwise than the tray. */
  function checkLabels(): void {
    const known = new Set(view.prints.map((print) => print.id));
    for (const [id, count] of counters.labels) {
      if (!known.has(id)) say('label', `a label of an attempt nobody wrote down: ${id}`);
      if (count > 1) say('duplicate', `${count} labels of one attempt: ${id}`);
    }
    for (const parcel of view.parcels) {
      for (const kind of ['carrier', 'lpn']) {
        const attempts = view.prints.filter((print) => print.parcelId === parcel.id && print.kind === kind);
        const out = attempts.reduce((sum, print) => sum + (counters.labels.get(print.id) ?? 0), 0);
        const allowed = 1 + (memory.confirmedReprints.get(`${parcel.id} ${kind}`) ?? 0);
        if (out > allowed) say('duplicate', `${parcel.order}: ${out} ${kind} labels, ${allowed} asked for`);
        for (const print of attempts) {
          const count = counters.labels.get(print.id) ?? 0;
          const where = `${kind} label of ${parcel.order}, attempt ${print.id}`;
          if (print.state === 'printed' && out === 0) say('label', `${where}: counted as printed, none came out`);
          if (print.state === 'printed' && print.message === '' && count === 0) {
            say('label', `${where}: the station says printed, none came out`);
          }
          if (print.state === 'not-printed' && print.bytesWritten === 0 && count > 0) {
            say('label', `${where}: said not to be printed, and it came out`);
          }
          if (['claimed', 'preflight', 'sending'].includes(print.state)) say('label', `${where}: still ${print.state}`);
        }
      }
    }
  }

  /** I5: one line of the record for each attempt. */
  function checkAudit(): void {
    const about = (kind: string, id: string): boolean =>
      view.events.some((event) => event.kind === kind && event.detail.includes(id));
    for (const print of view.prints) {
      if (!about('print-claimed', print.id)) say('audit', `attempt ${print.id} has no record of its start`);
      if (counters.labels.has(print.id) && !about('print-sending', print.id)) {
        say('audit', `attempt ${print.id} has no record of its sending`);
      }
    }
    const called = new Map<string, Set<unknown>>();
    for (const event of view.events) {
      if (event.kind !== 'vendor-called') continue;
      const { vendor, operation, attempt, question } = JSON.parse(event.detail) as Record<string, unknown>;
      if (question === true) continue;
      const name = `${event.parcelId} ${String(vendor)} ${String(operation)}`;
      called.set(name, (called.get(name) ?? new Set()).add(attempt));
    }
    for (const parcel of view.parcels) {
      for (const job of ofParcel(parcel)) {
        const found = called.get(`${parcel.id} ${job.vendor} ${job.operation}`)?.size ?? 0;
        const open = job.state === 'sending' ? 1 : 0;
        if (found + open < job.attempts) {
          say(
            'audit',
            `${job.vendor} ${job.operation} of ${parcel.order}: ${job.attempts} attempts, ${found} on record`,
          );
        }
      }
      const sealed = view.events.filter((event) => event.kind === 'parcel-sealed' && event.parcelId === parcel.id);
      if (sealed.length !== 1) say('audit', `${parcel.order} has ${sealed.length} records of its sealing`);
    }
  }
}

/** AsiaBill tells of an upload by its trade number alone, which the orders of these trials do not have. */
const withoutQuery = new Set(['cannot-tell', 'cannot-ask']);
const couldBeAsked = (job: JobRow): boolean => job.effect !== 'unsafe' && !withoutQuery.has(codeOf(job.error));

function codeOf(error: string | null): string {
  return error === null ? '' : ((JSON.parse(error) as { readonly code?: string }).code ?? '');
}

function isForPerson(job: JobRow): boolean {
  return job.state === 'dead' || job.state === 'rejected';
}

/** I6, computed anew from the documented form: SHA-256 over the hash before and the row. */
function firstBroken(events: readonly EventRow[]): number | null {
  let before = '0'.repeat(64);
  for (const event of events) {
    const { seq, at, kind, orderId, parcelId, detail, hash } = event;
    const content = JSON.stringify([before, at, kind, orderId, parcelId, detail]);
    if (createHash('sha256').update(content).digest('hex') !== hash) return seq;
    before = hash;
  }
  return null;
}
