/** What the carrier's answers about a bag come to. */
import type { BagLabelResult, CreateBagResult } from '../../domain/documents.ts';
import type { Job } from '../../domain/job.ts';
import type { BagContext } from './bag-context.ts';
import { printLabelIfReady } from './bag-labels.ts';
import { bagOfLane, jobsOf } from './bag-lane.ts';
import { releaseWaiting, settleVoided } from './voiding.ts';

/** Inside the transaction that makes the job `done`. The result was checked by its vendor. */
export function keepBagResult(bags: BagContext, job: Job): void {
  const bagId = bagOfLane(job.lane);
  const bag = bagId === null ? null : bags.store.bags.get(bagId);
  if (bag === null) return;
  const { store } = bags;
  const { vendor } = job;
  const about = { bag: bag.number, bagId: bag.id, vendor };
  switch (job.operation) {
    case 'createBag': {
      const { bagNumber } = job.result as CreateBagResult;
      const labelled = jobsOf(store, bag.id).some((each) => each.operation === 'bagLabel');
      store.bags.change(bag.id, {
        vendorBagNumber: bagNumber === '' ? null : bagNumber,
        // A carrier that takes bags but gives no label for them.
        ...(labelled || bag.state !== 'closed' ? {} : { label: 'own' }),
      });
      bags.record('bag-created', {}, { ...about, vendorBagNumber: bagNumber });
      return;
    }
    case 'bagLabel': {
      if (bag.state !== 'closed') return;
      const { artwork } = job.result as BagLabelResult;
      const artworkSha256 = artwork === null ? null : store.parcels.putArtwork(artwork);
      store.bags.change(bag.id, { label: artwork === null ? 'own' : 'carrier', artworkSha256 });
      bags.record('bag-label-fetched', {}, { ...about, type: artwork?.type ?? 'none', sha256: artworkSha256 });
      return;
    }
    case 'voidBag':
      store.bags.change(bag.id, { voidOpen: false });
      bags.record('bag-void-confirmed', {}, about);
      return;
    default:
  }
}

/** After the commit of any change of a job. True if it was a bag's. */
export function followBagJob(bags: BagContext, job: Job): boolean {
  const bagId = bagOfLane(job.lane);
  const bag = bagId === null ? null : bags.store.bags.get(bagId);
  if (bag === null) return false;
  if (job.state === 'rejected' || job.state === 'dead') {
    const detail = { bag: bag.number, bagId: bag.id, vendor: job.vendor, operation: job.operation };
    bags.record(`job-${job.state}`, {}, { ...detail, error: job.lastError });
  }
  bags.changed(bag.id);
  if (bag.state === 'voided') {
    settleVoided(bags, bag.id);
    if (job.operation === 'voidBag' && job.state === 'done') releaseWaiting(bags, bag.route.vendor);
  } else if (job.state === 'done') printLabelIfReady(bags, bag.id, job.operation === 'bagLabel');
  return true;
}

/** After a start: what followed from a commit and was cut off by the stop is done now. */
export function takeUpBags(bags: BagContext): void {
  const { store } = bags;
  for (const bag of store.bags.listClosed(null)) {
    if (bag.labelVerifiedAt === null) printLabelIfReady(bags, bag.id);
  }
  for (const vendor of store.jobs.vendors()) {
    for (const bag of store.bags.listVoidOpen(vendor)) settleVoided(bags, bag.id);
    releaseWaiting(bags, vendor);
  }
}
