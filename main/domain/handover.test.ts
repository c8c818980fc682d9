import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DocumentJobFact, LoadingScan, PickedBag } from './handover.ts';
import { composeDocument, judgeLoading, missingFields, standingOf, whyLeftOut, whyNotLoaded } from './handover.ts';

const parcel = (id: string, weightG = 500) => ({
  ...{ parcelId: id, reference: `R${id}`, vendorOrderNumber: `HGE${id}`, waybill: `W${id}`, weightG },
});
const candidate = (change: object = {}) => ({
  ...parcel('1'),
  ...{ seq: 1, orderId: 'o', orderNumber: 'SO', bagId: null, labelled: true, handedOver: false, withdrawn: false },
  inDocument: null,
  ...change,
});
const weight = fc.integer({ min: 1, max: 40_000 });
const pickedBag = fc
  .record({
    bagId: fc.uuid(),
    tareG: fc.integer({ min: 0, max: 2_000 }),
    weights: fc.array(weight, { minLength: 1, maxLength: 20 }),
    left: fc.nat(5),
    sackG: fc.option(fc.integer({ min: 0, max: 3_000 })),
  })
  .map(({ bagId, tareG, weights, left, sackG }): PickedBag => {
    const parcels = weights.map((each, index) => parcel(`${bagId}-${index}`, each));
    const netG = weights.reduce((sum, each) => sum + each, 0);
    const grossWeightG = sackG === null ? null : netG + sackG;
    return { bagId, bagNumber: `BG${bagId}`, tareG, grossWeightG, content: parcels.length + left, parcels };
  });

test('a document names every parcel once, and its weights add up', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(pickedBag, { selector: (bag) => bag.bagId, maxLength: 6 }),
      fc.array(weight),
      (bags, loose) => {
        const alone = loose.map((each, index) => parcel(`loose-${index}`, each));
        const body = composeDocument(bags, alone);
        const ids = body.parcels.map((each) => each.parcelId);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.length).toBe(bags.reduce((sum, bag) => sum + bag.parcels.length, alone.length));
        expect(body.netWeightG).toBe(body.parcels.reduce((sum, each) => sum + each.weightG, 0));
        expect(body.grossWeightG).toBeGreaterThanOrEqual(body.netWeightG);
        expect(body.bags.flatMap((bag) => bag.parcels.map((each) => each.parcelId)).toSorted()).toEqual(
          bags.flatMap((bag) => bag.parcels.map((each) => each.parcelId)).toSorted(),
        );
      },
    ),
  );
});

test('the sack counts with the document that takes the whole bag, and never again', () => {
  const whole = {
    bagId: 'b',
    bagNumber: 'BG',
    tareG: 200,
    grossWeightG: 1_260,
    content: 2,
    parcels: [parcel('1'), parcel('2')],
  };
  expect(composeDocument([whole], []).grossWeightG).toBe(1_260);
  expect(composeDocument([{ ...whole, grossWeightG: null }], []).grossWeightG).toBe(1_200);
  expect(composeDocument([{ ...whole, parcels: [parcel('2')] }], []).grossWeightG).toBe(500);
});

test.each([
  [{}, null],
  [{ withdrawn: true }, 'cancelled'],
  [{ inDocument: 'SF1', withdrawn: true }, 'in-document'],
  [{ handedOver: true }, 'handed-over'],
  [{ labelled: false }, 'not-labelled'],
  [{ vendorOrderNumber: '' }, 'no-number'],
])('a parcel that is %o is left out because of %s', (change, reason) => {
  expect(whyLeftOut(candidate(change))).toBe(reason);
});

test('needed fields that are empty are named, blanks count as empty', () => {
  const details = {
    ...{
      handoverNumber: ' ',
      contactName: 'Li',
      company: '',
      email: '',
      phone: '',
      mobile: '',
      country: '',
      state: '',
    },
    ...{ city: '', postcode: '', houseNumber: '', street: '', address: '' },
  };
  expect(
    missingFields({ details: ['handoverNumber', 'contactName', 'phone'], flight: ['airWaybill'] }, details, null),
  ).toEqual(['handoverNumber', 'phone', 'airWaybill']);
});

describe('where a document stands', () => {
  const job = (state: DocumentJobFact['state'], change: Partial<DocumentJobFact> = {}): DocumentJobFact => ({
    ...{ id: 'j', state, doubt: false, lastError: null, ...change },
  });
  test.each([
    [job('ready'), job('ready'), 'pushing', []],
    [job('unknown', { doubt: true }), job('ready'), 'pushing', []],
    [job('dead', { doubt: true }), job('ready'), 'attention', ['adopt', 'resend', 'retry']],
    [job('dead'), job('ready'), 'attention', ['retry', 'refused']],
    [job('done'), job('ready'), 'waiting', []],
    [job('done'), job('dead'), 'attention', ['retry', 'through', 'refused']],
    [job('done'), job('rejected'), 'attention', ['retry', 'through', 'refused']],
  ] as const)('%o then %o is %s', (push, result, stage, actions) => {
    expect(standingOf('pushed', push, result)).toMatchObject({ stage, actions });
  });

  test('a settled document asks nothing, whatever its jobs say', () => {
    for (const state of ['through', 'partial', 'failed'] as const) {
      expect(standingOf(state, job('dead', { doubt: true }), job('dead'))).toMatchObject({
        stage: state,
        actions: [],
        jobId: null,
      });
    }
  });

  test('parcels whose push is in doubt are never offered as refused', () => {
    const states = fc.constantFrom<DocumentJobFact['state']>(
      ...(['ready', 'sending', 'done', 'rejected', 'unknown', 'reconciling', 'dead'] as const),
    );
    fc.assert(
      fc.property(states, states, (push, result) => {
        const { actions } = standingOf('pushed', job(push, { doubt: true }), job(result));
        if (push !== 'done') expect(actions).not.toContain('refused');
      }),
    );
  });
});

describe('a scan at loading', () => {
  const found = {
    ...{ kind: 'bag' as const, vendor: 'hge', handedOver: false, ready: true, withdrawn: false, inBag: null },
    progress: { 'scan-form': 'ok' as const, manifest: 'none' as const },
  };
  const scan = (change: Partial<LoadingScan> = {}): LoadingScan => ({
    ...{ vendor: 'hge', found, documents: true, loaded: false, ...change },
  });
  test.each([
    [scan(), null],
    [scan({ found: null }), 'unknown'],
    [scan({ found: { ...found, vendor: 'ane' }, loaded: true }), 'wrong-carrier'],
    [scan({ found: { ...found, handedOver: true } }), 'gone'],
    [scan({ found: { ...found, kind: 'parcel', inBag: 'BG1' } }), 'in-bag'],
    [scan({ loaded: true }), 'already'],
    [scan({ found: { ...found, withdrawn: true } }), 'cancelled'],
    [scan({ found: { ...found, ready: false } }), 'not-ready'],
    [scan({ found: { ...found, progress: { 'scan-form': 'ok', manifest: 'failed' } } }), 'refused'],
    [scan({ found: { ...found, progress: { 'scan-form': 'none', manifest: 'none' } } }), 'not-pushed'],
    [scan({ found: { ...found, progress: { 'scan-form': 'none', manifest: 'none' } }, documents: false }), null],
  ])('%# gives its own reason', (given, reason) => {
    expect(judgeLoading(given)).toBe(reason);
  });

  test('a document that is still open is enough: trucks do not wait for answers', () => {
    expect(whyNotLoaded({ 'scan-form': 'open', manifest: 'none' })).toBeNull();
  });
});
