/** Pushing, answers, repeats and decisions: with the real store and outbox, and a carrier that keeps what it is given. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadingRefusals } from '../../domain/handover.ts';
import { openTestDay, testDetails, type TestDay } from '../../../test/kit/day.ts';
import type { CallRequest, DaySnapshot, HandoverView } from '../../../preload/contract/index.ts';
import { ContractError, DaySnapshot as DaySnapshotSchema, HandoverAction } from '../../../preload/contract/index.ts';

let desk: TestDay;
beforeEach(async () => {
  desk = await openTestDay();
});
afterEach(() => desk.close());

const shown = (): DaySnapshot => desk.day.snapshot.current();
const document = (id: string): HandoverView =>
  desk.day.get({ handoverId: id, state: null, offset: 0, limit: 100 }).document;
const parcelsOf = (id: string, state: 'failed' | 'ok' | 'open' | null = null) =>
  desk.day.get({ handoverId: id, state, offset: 0, limit: 500 }).parcels;
const refusal = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof ContractError) return String((error.detail?.['notice'] as { code: string } | undefined)?.code);
    throw error;
  }
  return 'done';
};
const pushed = async (change?: Partial<CallRequest<'day.push'>>): Promise<string> => {
  const { handoverIds } = await desk.push(change);
  return handoverIds[0] ?? '';
};
const eventsOf = (parcelId: string): string[] =>
  desk.store.events.list({ parcelId }, 0, 100).map((event) => event.kind);

test('a push writes the document, its parcels and its jobs; the result settles each parcel', async () => {
  desk.bag('b1', 3);
  desk.parcel('l1', { weightG: 700 });
  const id = await pushed();
  expect(document(id)).toMatchObject({
    ...{ stage: 'pushing', parcels: 4, bags: 1, open: 4, netWeightG: 2_200, grossWeightG: 1_750 + 700 },
  });
  await desk.run();
  expect(document(id)).toMatchObject({ stage: 'through', ok: 4, failed: 0, notice: { code: 'day.document-through' } });
  expect(desk.carrier.sent[0]?.payload).toMatchObject({
    details: { ...testDetails, country: 'US' },
    parcels: [{ vendorOrderNumber: 'HGE-b1-0' }, {}, {}, { vendorOrderNumber: 'HGE-l1', waybill: 'W-l1' }],
    bags: [{ bagNumber: 'BG-b1' }],
  });
  expect(eventsOf('b1-1')).toEqual(['handover-pushed', 'handover-through']);
  // The carrier's word moves nothing out of the house.
  expect(desk.store.bags.get('b1')?.handedOver).toBe(false);
});

test('the same choice is pushed once; the second push is refused in words', async () => {
  desk.bag('b1', 2);
  const id = await pushed();
  const { reference } = document(id);
  expect(await refusal(() => desk.push())).toBe('day.push-already');
  expect(shown().last?.notice.params['document']).toBe(reference);
  await desk.run();
  expect(await refusal(() => desk.push())).toBe('day.push-already');
  expect(desk.carrier.forms.size).toBe(1);
});

test('two pushes at once share the choice without doubling', async () => {
  for (let n = 0; n < 3; n += 1) desk.bag(`b${n}`, 300);
  const both = Promise.allSettled([desk.push(), desk.push()]);
  await desk.run();
  await both;
  const parcels = [...desk.carrier.forms.values()].flat();
  expect(parcels).toHaveLength(900);
  expect(new Set(parcels).size).toBe(900);
});

test('more than one document takes is divided by whole bags', async () => {
  for (let n = 0; n < 5; n += 1) desk.bag(`b${n}`, 150);
  const pushing = desk.push();
  await desk.run();
  const { handoverIds, parcels } = await pushing;
  expect(parcels).toBe(750);
  expect(handoverIds.map((id) => document(id).bags)).toEqual([3, 2]);
  expect(new Set(handoverIds.map((id) => document(id).reference)).size).toBe(2);
});

test('a scan form and a manifest may each hold a parcel; a manifest takes no loose ones', async () => {
  desk.bag('b1', 2);
  desk.parcel('l1');
  await pushed();
  const id = await pushed({ kind: 'manifest' });
  expect(document(id)).toMatchObject({ kind: 'manifest', parcels: 2, flight: { airWaybill: '180-1' } });
  await desk.run();
  expect(shown().choices[0]?.free).toEqual({
    scanForm: { bags: 0, loose: 0, parcels: 0 },
    manifest: { bags: 0, loose: 0, parcels: 0 },
  });
  desk.parcel('l2');
  expect(await refusal(() => desk.push({ kind: 'manifest' }))).toBe('day.push-already');
  const onlyLoose = await openTestDay();
  onlyLoose.parcel('l1');
  expect(await refusal(() => onlyLoose.push({ kind: 'manifest' }))).toBe('day.push-no-bags');
  await onlyLoose.close();
});

test('fields the carrier needs are named before anything is written', async () => {
  desk.bag('b1', 1);
  const details = { ...testDetails, contactName: ' ', handoverNumber: '' };
  expect(await refusal(() => desk.push({ details }))).toBe('day.push-missing-fields');
  expect(shown().last?.notice.params['fields']).toBe('handoverNumber, contactName');
  expect(await refusal(() => desk.push({ kind: 'manifest', flight: null }))).toBe('day.push-missing-fields');
  expect(await refusal(() => desk.push({ vendor: 'ane' }))).toBe('day.push-kind');
  expect(shown().documents).toEqual([]);
});

test('what was entered is remembered for the carrier, also after a restart', async () => {
  desk.bag('b1', 1);
  await pushed({ details: { ...testDetails, city: 'Ningbo' } });
  await desk.crash();
  expect(shown().carriers[0]).toMatchObject({
    vendor: 'hge',
    details: { city: 'Ningbo' },
    flight: { flightNumber: 'KE1' },
  });
  expect(shown().carriers[1]).toMatchObject({ vendor: 'ane', kinds: [], details: { city: '' }, flight: null });
});

test('a bag that is not ready, holds a cancelled parcel or is open stays here, in words', async () => {
  desk.bag('b1', 2);
  desk.bag('b2', 2, { ready: false });
  desk.bag('b3', 2);
  desk.cancelOrder('b3-1');
  desk.store.bags.insert({
    ...{ id: 'b4', number: 'BAG-D01-b4', tareG: 200, openedAt: 1, follows: null },
    ...{ route: { vendor: 'hge', service: 'P10006', destination: 'US' }, limits: { maxParcels: 9, maxWeightG: 9_000 } },
  });
  desk.parcel('b4-0');
  desk.store.bags.put('b4', { parcelId: 'b4-0', weightG: 500 }, 9);
  desk.parcel('l1');
  const [choice] = shown().choices;
  expect(choice?.obstacles.map(({ code, params }) => [code, params['count']])).toEqual([
    ['day.bags-not-scanned', 1],
    ['day.bags-cancelled', 1],
    ['day.bags-open', 1],
    ['day.loose-not-bagged', 1],
  ]);
  expect(choice?.bags.map((bag) => [bag.id, bag.ready])).toEqual([
    ['b1', true],
    ['b2', false],
    ['b3', false],
    ['b4', false],
  ]);
  expect(choice?.free.scanForm).toEqual({ bags: 1, loose: 1, parcels: 3 });
  const { parcels, leftOut } = await desk.push();
  expect(parcels).toBe(3);
  expect(leftOut.map((each) => [each.parcelId, each.notice.code])).toEqual([
    ['b3-0', 'day.left-bag-not-ready'],
    ['b3-1', 'day.left-cancelled'],
  ]);
  expect(await refusal(() => desk.push({ bagIds: ['b2'] }))).toBe('day.bag-not-scanned');
});

test('a bag that was not weighed counts as its parcels and its sack, and that is said', async () => {
  desk.bag('b1', 2, { grossWeightG: null });
  expect(shown().choices[0]).toMatchObject({ netWeightG: 1_000, grossWeightG: 1_200, unweighedBags: 1 });
  expect(document(await pushed())).toMatchObject({ netWeightG: 1_000, grossWeightG: 1_200 });
});

test('leaving something behind: only the bags that were named go', async () => {
  desk.bag('b1', 2);
  desk.bag('b2', 2);
  desk.parcel('l1');
  expect(document(await pushed({ bagIds: ['b2'], looseToo: false }))).toMatchObject({ parcels: 2, bags: 1 });
  expect(shown().choices[0]?.free.scanForm).toEqual({ bags: 1, loose: 1, parcels: 3 });
});

test('a partial failure shows who failed and why; a repeat pushes just those', async () => {
  desk.bag('b1', 3);
  desk.carrier.failing.add('HGE-b1-0').add('HGE-b1-2');
  const id = await pushed();
  await desk.run();
  expect(document(id)).toMatchObject({ stage: 'partial', ok: 1, failed: 2, repeatable: 2 });
  expect(parcelsOf(id, 'failed').map((each) => [each.parcelId, each.reason, each.bagNumber])).toEqual([
    ['b1-0', 'intercepted', 'BG-b1'],
    ['b1-2', 'intercepted', 'BG-b1'],
  ]);
  desk.carrier.failing.clear();
  const repeat = desk.day.repeat({
    handoverId: id,
    leaveOut: ['b1-2'],
    reason: 'customer',
    details: null,
    flight: null,
  });
  expect(repeat).toMatchObject({ parcels: 1, leftOutCount: 1, leftOut: [{ parcelId: 'b1-2' }] });
  await desk.run();
  // The sack was weighed into the first document.
  expect(document(repeat.handoverId)).toMatchObject({ stage: 'through', parcels: 1, repeats: id, grossWeightG: 500 });
  expect(parcelsOf(id, 'failed').map((each) => each.repeatedBy)).toEqual([repeat.handoverId, null]);
  expect(document(id).repeatable).toBe(1);
  expect(desk.carrier.doubled()).toEqual([]);
  expect(eventsOf('b1-2')).toEqual(['handover-pushed', 'handover-failed', 'handover-left-out']);
});

test('a repeat leaves out what was cancelled meanwhile, and is refused if nothing is left', async () => {
  desk.parcel('l1');
  desk.carrier.failing.add('HGE-l1');
  const id = await pushed();
  await desk.run();
  desk.cancelOrder('l1');
  const again = () => desk.day.repeat({ handoverId: id, leaveOut: [], reason: '', details: null, flight: null });
  expect(await refusal(again)).toBe('day.repeat-nothing');
  expect(desk.carrier.forms.size).toBe(1);
});

test('a document the carrier clearly refuses fails as a whole and frees its parcels', async () => {
  desk.bag('b1', 2);
  desk.carrier.faults.push('refuse');
  const id = await pushed();
  await desk.run();
  expect(document(id)).toMatchObject({
    ...{ stage: 'failed', failed: 2, repeatable: 2, notice: { params: { reason: 'not like this' } } },
  });
  // Nothing of it waits for anybody any more.
  expect(desk.store.jobs.summary()).toMatchObject({ open: 0, rejected: 0, dead: 0 });
  const { handoverId } = desk.day.repeat({ handoverId: id, leaveOut: [], reason: '', details: null, flight: null });
  await desk.run();
  expect(document(handoverId)).toMatchObject({ stage: 'through', ok: 2 });
});

test('no line: the document waits and goes by itself', async () => {
  desk.bag('b1', 2);
  desk.carrier.faults.push('down');
  const id = await pushed();
  await desk.run(10);
  expect(document(id)).toMatchObject({ stage: 'pushing', notice: { code: 'day.document-later' } });
  desk.outbox.retryNow();
  await desk.run();
  expect(document(id).stage).toBe('through');
});

test.each(['lost-before', 'lost-after'] as const)(
  'an answer that is %s is asked about, never pushed twice',
  async (fault) => {
    desk.bag('b1', 2);
    desk.carrier.faults.push(fault);
    const id = await pushed();
    await desk.run(100);
    expect(document(id).notice.code).toBe('day.document-asking');
    await desk.run();
    expect(document(id)).toMatchObject({ stage: 'through', ok: 2 });
    expect([...desk.carrier.forms.keys()]).toHaveLength(1);
    expect(desk.carrier.sent.filter((call) => call.operation === 'scanForm')).toHaveLength(
      fault === 'lost-before' ? 2 : 1,
    );
  },
);

test.each(['hang-before', 'hang-after'] as const)(
  'a kill in the middle of a push (%s) neither loses nor doubles it',
  async (fault) => {
    desk.bag('b1', 2);
    desk.carrier.faults.push(fault);
    const id = await pushed();
    await desk.run(100);
    await desk.crash();
    await desk.run();
    expect(document(id)).toMatchObject({ stage: 'through', ok: 2 });
    expect(desk.carrier.doubled()).toEqual([]);
    expect(await refusal(() => desk.push())).toBe('day.push-already');
  },
);

test('a result that is not there yet is asked for again, and nothing else waits for it', async () => {
  desk.bag('b1', 1);
  desk.carrier.processing = true;
  const id = await pushed();
  await desk.run(1_000);
  expect(document(id).stage).toBe('waiting');
  desk.bag('b2', 1);
  await pushed();
  // Long before the first result is asked for again.
  await desk.run(1_000);
  expect(desk.carrier.forms.size).toBe(2);
  desk.carrier.processing = false;
  await desk.run(120_000);
  expect(document(id).stage).toBe('through');
});

test('a result nobody can get is decided by a person, with what their own screen shows', async () => {
  desk.bag('b1', 2);
  desk.carrier.processing = true;
  const id = await pushed();
  await desk.run(10);
  const stop = (): void => {
    const brief = desk.store.jobs.briefs(`handover:${id}`)[1];
    const job = brief === undefined ? null : desk.store.jobs.get(brief.id);
    if (job === null) throw new Error('no result job');
    const lastError = { kind: 'unknown' as const, code: 'status-unknown', message: 'status WEIRD', at: 1 };
    desk.store.jobs.update({ ...job, state: 'dead', lastError }, job.state);
  };
  stop();
  expect(document(id)).toMatchObject({ stage: 'attention', actions: ['retry', 'through', 'refused'] });
  expect(shown().next.tone).toBe('ask');
  expect(await refusal(() => desk.day.decide({ handoverId: id, action: 'adopt', reason: '' }))).toBe(
    'day.decide-not-now',
  );
  desk.day.decide({ handoverId: id, action: 'refused', reason: 'their screen says so' });
  expect(document(id)).toMatchObject({ stage: 'failed', failed: 2, repeatable: 2 });
  expect(parcelsOf(id)[0]?.reason).toBe('their screen says so');
  await desk.run();
  expect(document(id).stage).toBe('failed');
});

test('a push nobody can tell about is asked of a person; what they saw goes on from there', async () => {
  desk.bag('b1', 2);
  desk.carrier.faults.push('lost-after');
  const id = await pushed();
  await desk.run(100);
  const brief = desk.store.jobs.briefs(`handover:${id}`)[0];
  const job = brief === undefined ? null : desk.store.jobs.get(brief.id);
  if (job === null) throw new Error('no push job');
  const dead = { ...job, state: 'dead' as const, doubt: true };
  desk.store.jobs.update(dead, job.state);
  expect(desk.day.question(dead)).toMatchObject({
    ...{ handoverId: id, actions: ['adopt', 'resend', 'retry'], notice: { code: 'day.document-unknown', tone: 'ask' } },
  });
  expect(desk.day.isSettledJob(dead)).toBe(false);
  // Its parcels stay taken until somebody has looked.
  expect(await refusal(() => desk.push())).toBe('day.push-already');
  desk.day.decide({ handoverId: id, action: 'adopt', reason: 'it is on their screen' });
  await desk.run();
  expect(document(id)).toMatchObject({ stage: 'through', ok: 2 });
  expect(desk.carrier.sent.filter((call) => call.operation === 'scanForm')).toHaveLength(1);
  expect(desk.day.isSettledJob(dead)).toBe(true);
});

test('every word the end of the day can say has its sentence', () => {
  const english = JSON.parse(
    readFileSync(new URL('../../../resources/locales/en.json', import.meta.url), 'utf8'),
  ) as Record<string, string>;
  const words = [
    ...['pushing', 'asking', 'later', 'waiting', 'through', 'partial', 'failed', 'unknown', 'stopped', 'no-result'].map(
      (each) => `document-${each}`,
    ),
    ...loadingRefusals.map((each) => `load-${each}`),
    ...HandoverAction.options.map((each) => `decided-${each}`),
    ...['cancelled', 'handed-over', 'not-labelled', 'no-number', 'left-out', 'no-bag', 'bag-not-ready'].map(
      (each) => `left-${each}`,
    ),
    ...['open', 'not-known', 'not-scanned', 'cancelled'].flatMap((each) => [`bag-${each}`, `bags-${each}`]),
  ];
  expect(words.filter((each) => english[`day.${each}`] === undefined)).toEqual([]);
});

test('the nodes of a flight are told once each, in their order, after the manifest', async () => {
  desk.bag('b1', 1);
  const form = await pushed();
  const id = await pushed({ kind: 'manifest' });
  const tell = (node: string, handoverId = id) =>
    desk.day.flight({ handoverId, node, at: '2026-11-22 18:30', remark: '' });
  tell('departed');
  tell('landed');
  expect(await refusal(() => tell('departed'))).toBe('day.node-twice');
  expect(await refusal(() => tell('departed', form))).toBe('day.node-no-flight');
  await desk.run();
  expect(document(id).nodes.map((each) => [each.node, each.at, each.state])).toEqual([
    ['departed', '2026-11-22 18:30:00', 'told'],
    ['landed', '2026-11-22 18:30:00', 'told'],
  ]);
  expect(desk.carrier.sent.map((call) => call.operation).slice(-2)).toEqual(['updateFlight', 'updateFlight']);
});

test('the snapshot is what the contract allows', async () => {
  desk.bag('b1', 3);
  desk.carrier.failing.add('HGE-b1-0');
  await pushed();
  await pushed({ kind: 'manifest' });
  await desk.run();
  desk.day.loading({ action: 'start', vendor: 'hge', reason: '' });
  expect(() => DaySnapshotSchema.parse(shown())).not.toThrow();
  expect(shown().documents).toHaveLength(2);
});
