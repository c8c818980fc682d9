/** What only a person can decide about big bags, for the list of everything that waits for a decision. */
import type { AttentionItem, Notice } from '../../../preload/contract/index.ts';
import { bagJobNotice } from '../../domain/bag-stage.ts';
import type { Job } from '../../domain/job.ts';
import type { BagPrint, PrintRecord } from '../../store/store.ts';
import { notice } from '../answer.ts';
import type { BagContext } from './bag-context.ts';
import { bagOfLane } from './bag-lane.ts';
import { labelHere, noLabel } from './bag-labels.ts';

export interface BagQuestions {
  /** The bag a job is about, and what is said of it if the vendor's own question is not asked; null if it is no bag's. */
  about(job: Job): { bagId: string; bagNumber: string; notice: Notice } | null;
  /** Labels of bags of which nobody knows whether they came out. */
  prints(unknown: readonly PrintRecord[]): AttentionItem[];
  /** One of those, answered; false if it is not asked any more. */
  answerPrint(print: BagPrint, action: 'label-here' | 'no-label', reason: string): boolean;
}

export function createBagQuestions(bags: BagContext): BagQuestions {
  const { store } = bags;
  return {
    about(job) {
      const bagId = bagOfLane(job.lane);
      const bag = bagId === null ? null : store.bags.get(bagId);
      if (bag === null) return null;
      const { operation, lastError } = job;
      const words = bagJobNotice(bag.number, bags.vendorName(job.vendor), {
        operation,
        state: job.state === 'rejected' ? 'rejected' : 'dead',
        code: lastError?.code ?? '',
        message: lastError?.message ?? '',
      });
      return { bagId: bag.id, bagNumber: bag.number, notice: words };
    },
    prints: (unknown) =>
      unknown.flatMap((print): AttentionItem[] => {
        const bag = print.parcelId === null ? store.bags.get(print.bagId) : null;
        if (bag === null || bag.state !== 'closed' || bag.labelVerifiedAt !== null || bag.handedOver) return [];
        if (bags.printing.latestOfBag(bag.id, 'bag')?.id !== print.id) return [];
        return [
          {
            id: `print:${print.id}`,
            orderId: null,
            orderNumber: null,
            bagId: bag.id,
            bagNumber: bag.number,
            notice: notice('bag.print-unknown', 'ask', { number: bag.number }),
            since: print.createdAt,
            actions: ['label-here', 'no-label'],
          },
        ];
      }),
    answerPrint(print, action, reason) {
      const bag = store.bags.get(print.bagId);
      if (bag === null || bags.printing.latestOfBag(bag.id, print.kind)?.id !== print.id) return false;
      return (action === 'label-here' ? labelHere(bags, bag) : noLabel(bags, bag, reason)) !== null;
    },
  };
}
