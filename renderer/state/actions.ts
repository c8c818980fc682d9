/** What the screen can do. Plain functions, so that keys, buttons and scans all call the same ones. */
import { ContractError, PackCommand } from '#contract';
import type { AttentionItem, CallInput, Notice, OrderRow, OrderStatus, ScanFeedback, ScanManner } from '#contract';
import type { StationClient } from '../client/connect.ts';
import { withAnswer, withLocalNotice } from './desk-slice.ts';
import { spokenLocally } from './place-slice.ts';
import type { ScannerPrefix } from './preferences-slice.ts';
import { shownOrder, type Drawer, type Place } from './view-slice.ts';
import { localeOf } from './locale.ts';
import { useStore } from './store.ts';

let station: StationClient | null = null;

/** Names the station the actions talk to; null between tests. */
export function setStation(client: StationClient | null): void {
  station = client;
}

/** The station, for features that read pages of their own. */
export function getStation(): StationClient | null {
  return station;
}

export function showAnswer(answer: ScanFeedback): void {
  useStore.setState((state) => withAnswer(state, answer));
}

export function showNotice(notice: Notice, code = ''): void {
  useStore.setState((state) => {
    if (state.place === 'bags') return { spokenAtBags: spokenLocally(state.spokenAtBags, notice, code) };
    if (state.place === 'day') return { spokenAtDay: spokenLocally(state.spokenAtDay, notice, code) };
    return withLocalNotice(state, notice, code);
  });
}

/** Sends a scan. It is never repeated by itself: if the answer is lost, the packer is told and scans again. */
export function sendScan(code: string, source: CallInput<'pack.scan'>['source'], manner?: ScanManner): void {
  useStore.setState({ typed: '' });
  void ask((client) => client.call('pack.scan', { code, source, ...(manner === undefined ? {} : { manner }) }), code);
}

/** Runs a command at the station. Commands that override a rule ask for their reason first. */
export function sendCommand(command: PackCommand, reason = ''): void {
  if (needsReason(command) && reason === '') {
    useStore.setState({ askingReason: command });
    return;
  }
  useStore.setState({ askingReason: null });
  void ask((client) => client.call('pack.command', { command, reason }), '');
}

function needsReason(command: PackCommand): boolean {
  return command === 'override-weight' || command === 'skip-scan-back' || command === 'reprint';
}

async function ask(call: (client: StationClient) => Promise<ScanFeedback>, code: string): Promise<void> {
  try {
    if (station === null) throw new ContractError('disconnected', 'no station');
    const answer = await call(station);
    showAnswer(answer);
    askReason(answer);
  } catch (thrown) {
    showNotice(failureNotice(thrown, code), code);
  }
}

/** A command barcode cannot carry a reason; the station asks for it, and the screen does. */
function askReason({ notice }: ScanFeedback): void {
  if (notice.code !== 'scan.reason-needed') return;
  const command = PackCommand.safeParse(notice.params['command']);
  if (command.success) useStore.setState({ askingReason: command.data });
}

/** What a failed call means to the packer. A lost scan and an unanswered one are told apart. */
export function failureNotice(thrown: unknown, code: string): Notice {
  if (thrown instanceof ContractError && code !== '') {
    if (thrown.code === 'disconnected') return { code: 'ui.connection.scan-lost', tone: 'stop', params: {} };
    if (thrown.code === 'timeout') return { code: 'ui.scan.no-answer', tone: 'stop', params: { code } };
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'ui.call.failed', tone: 'stop', params: { reason } };
}

/** Opens a drawer, or closes it if it is the one that is open. */
export function toggleDrawer(drawer: Drawer): void {
  useStore.setState((state) => ({
    drawer: state.drawer === drawer ? 'none' : drawer,
    attentionIndex: 0,
    lookedAt: null,
  }));
}

/** Opens the label inspector on the order that is shown, or closes it. */
export function toggleInspector(): void {
  useStore.setState((state) => {
    if (state.drawer === 'labels') return { drawer: 'none', inspectAsking: false };
    return { drawer: 'labels', inspectAsking: false, inspectQuery: shownOrder(state)?.number ?? '' };
  });
}

export function setInspectQuery(inspectQuery: string): void {
  useStore.setState({ inspectQuery, inspectAsking: false });
}

/** Goes to another place of the desk. What was asked at the old one is asked no more. */
export function goTo(place: Place): void {
  useStore.setState((state) => ({
    place,
    question: null,
    drawer: state.drawer === 'handover-details' || state.drawer === 'handover-document' ? 'none' : state.drawer,
  }));
}

/** Shows the record of an order that is not on the desk: one that has left. */
export function lookAt({ id, number }: OrderRow): void {
  useStore.setState({ drawer: 'timeline', lookedAt: { id, number } });
}

/** Says how an address is divided; the station places the order again. */
export async function correctAddress(correction: CallInput<'orders.correctAddress'>): Promise<void> {
  try {
    if (station === null) throw new ContractError('disconnected', 'no station');
    await station.call('orders.correctAddress', correction);
  } catch (thrown) {
    showNotice(failureNotice(thrown, ''));
  }
}

export function closeTop(): void {
  useStore.setState((state) => {
    if (state.question !== null) return { question: null };
    return state.askingReason === null ? { drawer: 'none' } : { askingReason: null };
  });
}

export function toggleTraining(): void {
  useStore.setState((state) => ({ trainingOpen: !state.trainingOpen }));
}

export function toggleLocale(): void {
  useStore.setState((state) => ({ chosenLocale: localeOf(state) === 'en' ? 'zh-CN' : 'en' }));
}

export function setVolume(volume: number): void {
  useStore.setState({ volume: Math.min(1, Math.max(0, volume)) });
}

export function setScannerPrefix(scannerPrefix: ScannerPrefix): void {
  useStore.setState({ scannerPrefix });
}

export function setQueueStatus(queueStatus: OrderStatus | null): void {
  useStore.setState({ queueStatus });
}

export function setQueueSearch(queueSearch: string): void {
  useStore.setState({ queueSearch });
}

export function moveAttention(step: number): void {
  useStore.setState((state) => ({
    attentionIndex: Math.min(Math.max(0, state.attentionIndex + step), Math.max(0, state.attentionItems.length - 1)),
  }));
}

/** Reads the list of open decisions again. */
export async function refreshAttention(): Promise<void> {
  try {
    const { items } = (await station?.call('attention.list', {})) ?? { items: [] };
    useStore.setState((state) => ({
      attentionItems: items,
      attentionIndex: Math.min(state.attentionIndex, Math.max(0, items.length - 1)),
    }));
  } catch {
    // The list stays as it was; the banner already says that the station cannot be reached.
  }
}

/** Answers one item. "It is there" first asks for the vendor's number where the item needs one. */
export async function resolveAttention(
  id: string,
  action: AttentionItem['actions'][number],
  waybill?: string,
): Promise<void> {
  const item = useStore.getState().attentionItems.find((each) => each.id === id);
  if (action === 'exists' && item?.needsWaybill === true && waybill === undefined) {
    useStore.setState({ numberFor: id });
    return;
  }
  useStore.setState({ numberFor: null });
  try {
    await station?.call('attention.resolve', { id, action, ...(waybill === undefined ? {} : { waybill }) });
  } catch (thrown) {
    showNotice(failureNotice(thrown, ''));
  }
  await refreshAttention();
}

/** After an update or a repair: tries everything again that stopped for the same reason. */
export async function retryAllLike(group: string): Promise<void> {
  try {
    const { retried } = (await station?.call('attention.retryAll', { group })) ?? { retried: 0 };
    showNotice({ code: 'ui.attention.retried', tone: 'info', params: { count: retried } });
  } catch (thrown) {
    showNotice(failureNotice(thrown, ''));
  }
  await refreshAttention();
}

/** The record of an order as a file, for the host or the browser to save. */
export async function exportAudit(orderId: string, format: 'json' | 'csv'): Promise<void> {
  try {
    if (station === null) throw new ContractError('disconnected', 'no station');
    const { fileName, mimeType, text, rows, brokenAt } = await station.call('audit.export', { orderId, format });
    const address = URL.createObjectURL(new Blob([text], { type: mimeType }));
    const anchor = document.createElement('a');
    anchor.href = address;
    anchor.download = fileName;
    anchor.click();
    URL.revokeObjectURL(address);
    showNotice(
      brokenAt === null
        ? { code: 'ui.timeline.saved', tone: 'ok', params: { rows } }
        : { code: 'ui.timeline.broken', tone: 'stop', params: { rows, seq: brokenAt } },
    );
  } catch (thrown) {
    showNotice(failureNotice(thrown, ''));
  }
}

/** Weights the training panel offers, in grams; each has a key. */
export const trainingWeightsG = [0, 350, 820, 1_500, 5_200] as const;

export function setTraining(change: CallInput<'training.set'>): void {
  void station?.call('training.set', change).then(
    (training) => useStore.setState({ training }),
    (thrown: unknown) => showNotice(failureNotice(thrown, '')),
  );
}
