/** Takes the weight when it may be taken and seals the parcel in one transaction. */
import { isComplete } from '../domain/packing.ts';
import { chooseRoute } from '../domain/routing.ts';
import { no, notice, notNow, yes, type Answer } from './answer.ts';
import type { DeskContext, WeightSource } from './desk-context.ts';
import type { LabelFlow } from './label-flow.ts';
import { sealParcel } from './sealing.ts';

/**
 * `overrideReason` is empty unless a weight outside the rules is taken on purpose. Throws StoreError if the commit
 * failed: then nothing was accepted.
 */
export function weighAndSeal(
  desk: DeskContext,
  labels: LabelFlow,
  weight: {
    readonly grams: number;
    readonly tareG?: number | undefined;
    readonly frames: readonly string[];
    readonly source?: WeightSource | undefined;
  },
  overrideReason: string,
): Answer {
  const { store } = desk;
  const refusal = desk.refusal?.() ?? null;
  if (refusal !== null) return no(refusal, 'stop');
  const { order, scans } = desk.facts();
  if (order === null || !isComplete(order.lines, scans)) return notNow('');
  const { country, state } = order.receiver;
  const question = { country, state, upstream: order.vendor, fields: order.fields, weightG: weight.grams };
  const route = chooseRoute(desk.routes(), question);
  const jobs = route === null ? null : desk.planJobs(route.vendor);
  if (route === null || jobs === null) return no(notice('order.no-route', 'stop', { number: order.number }), 'stop');
  const work = { orderId: order.id, orderVersion: order.version, scans: [] };
  const tareG = weight.tareG ?? 0;
  const grossG = weight.grams + tareG;
  const parcel = store.transaction(() => {
    const sealed = sealParcel(store, desk.ids, {
      order,
      deskId: desk.deskId,
      vendor: route.vendor,
      service: route.service,
      weightG: weight.grams,
      tareG,
      weightFrames: weight.frames,
      expected: desk.expectation(),
      size: weight.source?.size ?? null,
      jobs,
      at: desk.clock.now(),
      overrideReason,
    });
    weight.source?.take(order.id, sealed.id);
    desk.keep({ ...work, parcelId: sealed.id });
    desk.weigher.rememberWeight(grossG);
    desk.expectedWeights?.learn(order, weight.grams, overrideReason !== '');
    desk.failpoint?.('seal.before-commit');
    return sealed;
  });
  desk.failpoint?.('seal.after-commit');
  desk.weigher.weightTaken(order.id, grossG);
  desk.poke();
  labels.await(parcel);
  return yes(notice('seal.done', 'ok', { grams: weight.grams }), 'sealed');
}
