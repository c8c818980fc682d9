/** The end of the day: choose, push, follow the carrier's answers, print the list, scan at loading. */
import type {
  CallOutput,
  CallRequest,
  DaySnapshot,
  HandoverListFile,
  HandoverListPrint,
  ScanFeedback,
} from '../../../preload/contract/index.ts';
import { ContractError } from '../../../preload/contract/index.ts';
import type { Clock } from '../../ports.ts';
import type { Store } from '../../store/store.ts';
import { no, notice } from '../answer.ts';
import { Observable } from '../observable.ts';
import type { People } from '../people.ts';

export interface DayDesk {
  readonly snapshot: Observable<DaySnapshot>;
  /** All but `scan` and `loading` throw ContractError `not-found` or `refused`. */
  push(input: CallRequest<'day.push'>): Promise<CallOutput<'day.push'>>;
  repeat(input: CallRequest<'day.repeat'>): CallOutput<'day.repeat'>;
  get(input: CallRequest<'day.get'>): CallOutput<'day.get'>;
  decide(input: CallRequest<'day.decide'>): void;
  flight(input: CallRequest<'day.flight'>): void;
  printList(input: CallRequest<'day.printList'>): Promise<HandoverListPrint>;
  listFile(handoverId: string): Promise<HandoverListFile>;
  loading(input: CallRequest<'day.loading'>): ScanFeedback;
  /** `source` is how the text came in: wedge, keyboard, device. */
  scan(text: string, source?: string): ScanFeedback;
}

export function createDayDesk(options: { store: Store; clock: Clock; people: People }): DayDesk {
  let seq = 0;
  const say = (code: string): ScanFeedback => {
    seq += 1;
    return { seq, at: options.clock.now(), code, ...no(notice('scan.not-now', 'warn', { code })) };
  };
  const unknown = (handoverId: string): never => {
    throw new ContractError('not-found', `no scan form or manifest is known under ${handoverId}`);
  };
  return {
    snapshot: new Observable<DaySnapshot>({
      carriers: [],
      choices: [],
      documents: [],
      loading: null,
      next: notice('day.next-choose', 'info'),
      last: null,
      packer: options.people.current(),
      supervisor: options.people.supervisor(),
    }),
    push: () => Promise.reject(new ContractError('refused', 'nothing of this choice is ready to be pushed')),
    repeat: ({ handoverId }) => unknown(handoverId),
    get: ({ handoverId }) => unknown(handoverId),
    decide: ({ handoverId }) => unknown(handoverId),
    flight: ({ handoverId }) => unknown(handoverId),
    printList: ({ handoverId }) => unknown(handoverId),
    listFile: (handoverId) => unknown(handoverId),
    loading: ({ action }) => say(`PB:DAY:${action}`),
    scan: (text) => say(text.slice(0, 200)),
  };
}
