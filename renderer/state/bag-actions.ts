/** What the screen can do at the bags. */
import { BagCommand, ContractError } from '#contract';
import type { BagRoute, BagView, CallInput, ScanFeedback, ScanManner } from '#contract';
import { failureNotice, getStation, showNotice } from './actions.ts';
import { spokenAnswer } from './place-slice.ts';
import { ask } from './question.ts';
import { useStore, type AppState } from './store.ts';

/** Sends a scan to the bags. It is never repeated by itself. */
export function sendBagScan(code: string, source: CallInput<'bags.scan'>['source'], manner?: ScanManner): void {
  useStore.setState({ typed: '' });
  void answered(() => needed().call('bags.scan', { code, source, ...(manner === undefined ? {} : { manner }) }), code);
}

export interface BagOrder {
  readonly command: BagCommand;
  /** The bag it is about; null: the chosen one. */
  readonly bagId?: string | null;
  readonly route?: BagRoute | null;
  readonly reason?: string;
}

/** Runs a command at the bags; one that goes on record asks for its reason first. */
export function sendBagCommand({ command, bagId = null, route = null, reason = '' }: BagOrder): void {
  if (needsReason(command) && reason === '') {
    askBagReason(command, bagId);
    return;
  }
  void answered(() => needed().call('bags.command', { command, bagId, route, reason }), '', bagId);
}

/** Where the station itself says that a command wants a reason, it is asked there; these always do. */
function needsReason(command: BagCommand): boolean {
  const option = useStore.getState().bags?.options.find((one) => one.command === command);
  return option?.reason ?? (command === 'void' || command === 'reprint' || command === 'close-anyway');
}

function askBagReason(command: BagCommand, bagId: string | null): void {
  ask(`bag-${command}`, 3, (reason) => sendBagCommand({ command, bagId, reason }));
}

async function answered(call: () => Promise<ScanFeedback>, code: string, bagId: string | null = null): Promise<void> {
  try {
    const answer = await call();
    useStore.setState((state) => ({ spokenAtBags: spokenAnswer(state.spokenAtBags, answer) }));
    // A command barcode cannot carry a reason; the station asks for it, and the screen does.
    const command = BagCommand.safeParse(answer.notice.params['command']);
    if (/\.reason-needed$/.test(answer.notice.code) && command.success) askBagReason(command.data, bagId);
  } catch (thrown) {
    showNotice(failureNotice(thrown, code), code);
  }
}

function needed(): NonNullable<ReturnType<typeof getStation>> {
  const station = getStation();
  if (station === null) throw new ContractError('disconnected', 'no station');
  return station;
}

/** What can be done with a row of the list beside the bags, in the order of its digits. */
export type BagRowAction = Extract<
  BagCommand,
  'open' | 'label-here' | 'no-label' | 'reprint' | 'retry' | 'vendor-did' | 'vendor-did-not' | 'void' | 'reopen'
>;

export type LooseRoute = NonNullable<AppState['bags']>['loose'][number];

/** A row of the list beside the bags: parcels in no bag, then closed bags, then voided ones. */
export type BagRow =
  | { readonly kind: 'loose'; readonly key: string; readonly loose: LooseRoute }
  | { readonly kind: 'waiting' | 'voided'; readonly key: string; readonly bag: BagView };

export function bagRows(bags: AppState['bags']): readonly BagRow[] {
  if (bags === null) return [];
  return [
    ...bags.loose.map((loose): BagRow => ({ kind: 'loose', key: JSON.stringify(loose.route), loose })),
    ...bags.waiting.map((bag): BagRow => ({ kind: 'waiting', key: bag.id, bag })),
    ...bags.voided.map((bag): BagRow => ({ kind: 'voided', key: bag.id, bag })),
  ];
}

export function rowActions(row: BagRow): readonly BagRowAction[] {
  if (row.kind === 'loose') return ['open'];
  if (row.kind === 'voided') return ['reopen'];
  switch (row.bag.stage) {
    case 'scan-back':
    case 'ready':
      return ['reprint', 'void'];
    case 'label':
      return row.bag.label?.print === 'unknown' ? ['label-here', 'no-label', 'void'] : ['reprint', 'void'];
    case 'attention':
      return ['retry', 'vendor-did', 'vendor-did-not', 'void'];
    case 'closing':
      return ['void'];
    default:
      return [];
  }
}

export function runRowAction(row: BagRow, command: BagRowAction): void {
  if (row.kind !== 'loose') {
    sendBagCommand({ command, bagId: row.bag.id });
    return;
  }
  const { vendor, service, destination } = row.loose.route;
  sendBagCommand({ command, route: { vendor, service, destination } });
}

export function moveBagRow(step: number): void {
  useStore.setState((state) => ({
    bagRow: Math.min(Math.max(0, shownBagRow(state) + step), Math.max(0, bagRows(state.bags).length - 1)),
  }));
}

/** The row under the cursor; rows may have gone since it was moved. */
export function shownBagRow({ bags, bagRow }: Pick<AppState, 'bags' | 'bagRow'>): number {
  return Math.min(bagRow, Math.max(0, bagRows(bags).length - 1));
}

/** Chooses an open bag without scanning it; weighing and commands are about it from then on. */
export function chooseBag(bagId: string): void {
  sendBagCommand({ command: 'put-in', bagId });
}

/** The next open bag, in the order they are shown. */
export function chooseNextBag(step: number): void {
  const { bags } = useStore.getState();
  if (bags === null || bags.open.length === 0) return;
  const at = bags.open.findIndex((bag) => bag.id === bags.chosen?.id);
  const next = bags.open[at < 0 ? 0 : (at + step + bags.open.length) % bags.open.length];
  if (next !== undefined) chooseBag(next.id);
}
