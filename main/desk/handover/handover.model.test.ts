/**
 * Any sequence of pushes, repeats, answers, lost answers and kills: each parcel is in at most one living document of a
 * kind, the carrier never holds one twice, and what a document counts is what its parcels say.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelRuns } from '../../../test/kit/model-runs.ts';
import { openTestDay, testDetails, testFlight, type CarrierFault, type TestDay } from '../../../test/kit/day.ts';
import { ContractError } from '../../../preload/contract/index.ts';

type Step =
  | {
      readonly do: 'push';
      readonly kind: 'scan-form' | 'manifest';
      readonly bags: readonly number[];
      readonly loose: boolean;
    }
  | { readonly do: 'repeat'; readonly document: number; readonly leaveOut: number }
  | { readonly do: 'fail'; readonly parcels: readonly number[] }
  | { readonly do: 'fault'; readonly fault: CarrierFault }
  | { readonly do: 'cancel'; readonly parcel: number }
  | {
      readonly do: 'decide';
      readonly document: number;
      readonly action: 'retry' | 'adopt' | 'resend' | 'through' | 'refused';
    }
  | { readonly do: 'run'; readonly ms: number }
  | { readonly do: 'crash' };

const bags = ['b0', 'b1', 'b2'];
const all = [...bags.flatMap((bag) => [`${bag}-0`, `${bag}-1`]), 'l0', 'l1'];
const kind = fc.constantFrom('scan-form' as const, 'manifest' as const);
const fault = fc.constantFrom<CarrierFault>('down', 'lost-before', 'lost-after', 'hang-before', 'hang-after', 'refuse');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('push' as const), kind, bags: fc.subarray([0, 1, 2]), loose: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('repeat' as const), document: fc.nat(9), leaveOut: fc.nat(7) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('fail' as const), parcels: fc.subarray([0, 1, 2, 3, 4, 5, 6, 7]) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('fault' as const), fault }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), parcel: fc.nat(7) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      document: fc.nat(9),
      // What a person says must be true: only words that any carrier's state allows here.
      action: fc.constantFrom('retry' as const),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('run' as const), ms: fc.constantFrom(1, 50, 5_000, 120_000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
);

/** A refusal in words is an answer; anything else is not. */
async function allowed(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    expect(error.code).toBe('refused');
  }
}

function check(desk: TestDay): void {
  const { handovers, jobs } = desk.store;
  for (const parcelId of all) {
    const rows = handovers.ofParcel(parcelId);
    for (const each of ['scan-form', 'manifest'] as const) {
      const living = rows.filter((row) => row.kind === each && row.state !== 'failed');
      expect(living.length, `${parcelId} in ${living.map((row) => row.handoverId).join()}`).toBeLessThanOrEqual(1);
    }
  }
  const references = new Set<string>();
  for (const document of handovers.summaries(100)) {
    references.add(document.reference);
    const rows = handovers.parcels(document.id);
    const ok = rows.filter((row) => row.state === 'ok').length;
    const failed = rows.filter((row) => row.state === 'failed').length;
    expect([document.ok, document.failed, document.parcels]).toEqual([ok, failed, rows.length]);
    expect(document.settledAt === null).toBe(ok + failed < rows.length);
    // Something waits for it, or it is settled, or a person is asked.
    const open = jobs.briefs(`handover:${document.id}`).some((job) => job.state !== 'done');
    expect(open || document.settledAt !== null).toBe(true);
    const net = handovers.get(document.id)?.content.parcels.reduce((sum, parcel) => sum + parcel.weightG, 0);
    expect(document.netWeightG).toBe(net);
    // What is through here is at the carrier.
    const there = desk.carrier.forms.get(`${document.kind} ${document.reference}`) ?? [];
    for (const row of rows) if (row.state === 'ok') expect(there).toContain(`HGE-${row.parcelId}`);
  }
  expect(references.size).toBe(handovers.summaries(100).length);
  expect(desk.carrier.doubled()).toEqual([]);
}

test('each parcel is in at most one living document of a kind, whatever happens', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), async (steps) => {
      const desk = await openTestDay();
      try {
        for (const bag of bags) desk.bag(bag, 2);
        for (const id of ['l0', 'l1']) desk.parcel(id);
        const documents = (): string[] => desk.store.handovers.summaries(100).map((each) => each.id);
        for (const each of steps) {
          switch (each.do) {
            case 'push': {
              const bagIds = each.bags.map((index) => bags[index] ?? '');
              const { kind: which, loose } = each;
              await allowed(() =>
                desk.push({ kind: which, bagIds, looseToo: loose, details: testDetails, flight: testFlight }),
              );
              break;
            }
            case 'repeat': {
              const handoverId = documents()[each.document];
              const leaveOut = [all[each.leaveOut] ?? ''];
              if (handoverId === undefined) break;
              await allowed(() => desk.day.repeat({ handoverId, leaveOut, reason: '', details: null, flight: null }));
              break;
            }
            case 'fail':
              desk.carrier.failing.clear();
              for (const index of each.parcels) desk.carrier.failing.add(`HGE-${all[index] ?? ''}`);
              break;
            case 'fault':
              desk.carrier.faults.push(each.fault);
              break;
            case 'cancel':
              desk.cancelOrder(all[each.parcel] ?? 'l0');
              break;
            case 'decide': {
              const handoverId = documents()[each.document];
              if (handoverId !== undefined) {
                await allowed(() => desk.day.decide({ handoverId, action: each.action, reason: 'r' }));
              }
              break;
            }
            case 'run':
              await desk.run(each.ms);
              break;
            case 'crash':
              await desk.crash();
          }
          check(desk);
        }
        // In the end everything is settled, or a person is asked: nothing is forgotten.
        desk.carrier.faults.length = 0;
        await desk.crash();
        await desk.run(3_600_000);
        check(desk);
        for (const id of documents()) {
          const { document } = desk.day.get({ handoverId: id, state: null, offset: 0, limit: 1 });
          expect(['through', 'partial', 'failed', 'attention']).toContain(document.stage);
        }
      } finally {
        await desk.close();
      }
    }),
    modelRuns(40),
  );
});
