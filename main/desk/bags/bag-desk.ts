/** The bagging place: big bags filled, weighed, closed and labelled by scanner alone. */
import type { BagCommand, BagRoute, BagsSnapshot, CallOutput, ScanFeedback } from '../../../preload/contract/index.ts';
import { ContractError } from '../../../preload/contract/index.ts';
import type { Clock } from '../../ports.ts';
import type { Store } from '../../store/store.ts';
import { no, notice } from '../answer.ts';
import { Observable } from '../observable.ts';
import type { People } from '../people.ts';

export interface BagOrder {
  readonly command: BagCommand;
  readonly bagId: string | null;
  readonly route: BagRoute | null;
  readonly reason: string;
}

export interface BagDesk {
  readonly snapshot: Observable<BagsSnapshot>;
  /** `source` is how the text came in: wedge, keyboard, device. */
  scan(text: string, source?: string): ScanFeedback;
  command(order: BagOrder): ScanFeedback;
  /** Throws ContractError `not-found`. */
  get(bagId: string): CallOutput<'bags.get'>;
}

export function createBagDesk(options: { store: Store; clock: Clock; people: People }): BagDesk {
  let seq = 0;
  const say = (code: string): ScanFeedback => {
    seq += 1;
    return { seq, at: options.clock.now(), code, ...no(notice('scan.not-now', 'warn', { code })) };
  };
  return {
    snapshot: new Observable<BagsSnapshot>({
      open: [],
      waiting: [],
      voided: [],
      chosen: null,
      content: [],
      mode: 'put-in',
      mismatch: null,
      recount: null,
      loose: [],
      next: notice('bag.next-scan', 'info'),
      expects: null,
      last: null,
      options: [],
      packer: options.people.current(),
      supervisor: options.people.supervisor(),
    }),
    scan: (text) => say(text.slice(0, 200)),
    command: ({ command }) => say(`PB:BAG:${command}`),
    get(bagId) {
      throw new ContractError('not-found', `no bag is known under ${bagId}`);
    },
  };
}
