/** What the screen can do at the end of the day. */
import { ContractError } from '#contract';
import type { CallInput, HandoverAction, HandoverKind, Notice, ScanManner } from '#contract';
import { failureNotice, getStation, showNotice } from './actions.ts';
import {
  chosenCarrier,
  chosenRoutes,
  detailFields,
  draftOf,
  flightFields,
  flightOrNull,
  missingFields,
  routeKey,
  shownChoiceRow,
  shownDocumentRow,
  withField,
} from './handover-choice.ts';
import { spokenAnswer } from './place-slice.ts';
import { ask } from './question.ts';
import { useStore, type AppState } from './store.ts';

function needed(): NonNullable<ReturnType<typeof getStation>> {
  const station = getStation();
  if (station === null) throw new ContractError('disconnected', 'no station');
  return station;
}

/** Sends a scan to the end of the day. It is never repeated by itself. */
export async function sendDayScan(
  code: string,
  source: CallInput<'day.scan'>['source'],
  manner?: ScanManner,
): Promise<void> {
  useStore.setState({ typed: '' });
  await said(
    async () => needed().call('day.scan', { code, source, ...(manner === undefined ? {} : { manner }) }),
    code,
  );
}

async function said(call: () => Promise<Parameters<typeof spokenAnswer>[1]>, code = ''): Promise<void> {
  try {
    const answer = await call();
    useStore.setState((state) => ({ spokenAtDay: spokenAnswer(state.spokenAtDay, answer) }));
    // A barcode cannot carry a reason; the station asks for it, and the screen does.
    if (answer.notice.code === 'day.load-why-missing') stopLoading('end');
    if (answer.notice.code === 'day.load-why-cancel') stopLoading('cancel');
  } catch (thrown) {
    showNotice(failureNotice(thrown, code), code);
  }
}

/** Does something. The station says itself what came of it, with the next snapshot. */
async function told(work: () => Promise<Notice | null>): Promise<void> {
  try {
    const notice = await work();
    if (notice !== null) showNotice(notice);
  } catch (thrown) {
    // With its words on the way in the snapshot, the refusal is not said twice.
    if (thrown instanceof ContractError && thrown.detail?.['notice'] !== undefined) return;
    showNotice(failureNotice(thrown, ''));
  }
}

/** Pushes the chosen routes of the carrier under the cursor; what is missing opens the form instead. */
export function push(kind: HandoverKind): void {
  const state = useStore.getState();
  const carrier = chosenCarrier(state);
  if (carrier === null || !carrier.kinds.includes(kind)) return;
  const draft = draftOf(state, carrier);
  const [first] = missingFields(draft, carrier, kind);
  if (first !== undefined) {
    useStore.setState({ drawer: 'handover-details', draftField: first });
    showNotice({ code: 'ui.day.missing-field', tone: 'ask', params: { field: `ui.day.field.${first}` } });
    return;
  }
  const routes = chosenRoutes(state, carrier).map(({ route: { service, destination } }) => ({ service, destination }));
  const { details } = draft;
  const { vendor } = carrier;
  // A manifest of a carrier with big bags takes nothing but bags.
  const looseToo = state.looseToo && !(kind === 'manifest' && carrier.bags);
  void told(async () => {
    await needed().call('day.push', {
      kind,
      vendor,
      routes,
      looseToo,
      details,
      flight: flightOrNull(draft.flight),
    });
    useStore.setState({ dayList: 'documents', documentRow: 0, drawer: 'none' });
    return null;
  });
}

/** Opens a document, or reads it again if it is the one that is open. */
export async function openDocument(documentId: string): Promise<void> {
  const fresh = useStore.getState().documentId !== documentId;
  useStore.setState({
    drawer: 'handover-document',
    documentId,
    ...(fresh ? { document: null, parcelRow: 0, leaveOut: new Set<string>() } : {}),
  });
  await readDocument();
}

export async function readDocument(): Promise<void> {
  const { documentId } = useStore.getState();
  if (documentId === null) return;
  try {
    const document = await needed().call('day.get', { handoverId: documentId, limit: 500 });
    if (useStore.getState().documentId === documentId) useStore.setState({ document });
  } catch (thrown) {
    showNotice(failureNotice(thrown, ''));
  }
}

/** Pushes what failed in the open document once more; parcels that are to stay behind need a reason. */
export function repeatFailed(reason = ''): void {
  const { documentId, leaveOut } = useStore.getState();
  if (documentId === null) return;
  if (leaveOut.size > 0 && reason === '') {
    ask('day-leave-out', 3, (said_) => repeatFailed(said_));
    return;
  }
  void told(async () => {
    const answer = await needed().call('day.repeat', { handoverId: documentId, leaveOut: [...leaveOut], reason });
    useStore.setState({ dayList: 'documents', documentRow: 0 });
    await openDocument(answer.handoverId);
    return null;
  });
}

export function decide(action: HandoverAction, reason = ''): void {
  const { documentId } = useStore.getState();
  if (documentId === null) return;
  if (reason === '' && action !== 'retry') {
    ask('day-decide', 3, (said_) => decide(action, said_));
    return;
  }
  void told(async () => {
    await needed().call('day.decide', { handoverId: documentId, action, reason });
    await readDocument();
    return null;
  });
}

export function tellFlight(node: string, at: string, remark: string): void {
  const { documentId } = useStore.getState();
  if (documentId === null) return;
  void told(async () => {
    await needed().call('day.flight', { handoverId: documentId, node, at, remark });
    await readDocument();
    return null;
  });
}

export function printList(handoverId: string): void {
  void told(async () => {
    await needed().call('day.printList', { handoverId });
    return null;
  });
}

/** The list as a file, for the host or the browser to save. */
export function saveList(handoverId: string): void {
  void told(async () => {
    const { fileName, mimeType, base64, pages } = await needed().call('day.listFile', { handoverId });
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const address = URL.createObjectURL(new Blob([bytes], { type: mimeType }));
    const anchor = document.createElement('a');
    anchor.href = address;
    anchor.download = fileName;
    anchor.click();
    URL.revokeObjectURL(address);
    return { code: 'ui.day.list-saved', tone: 'ok', params: { pages } };
  });
}

export function startLoading(): void {
  const carrier = chosenCarrier(useStore.getState());
  if (carrier !== null) loading('start', carrier.vendor, '');
}

/** Ends the loading in one of three ways; with something missing, or given up, it needs a reason. */
export function stopLoading(action: 'end' | 'end-unread' | 'cancel'): void {
  const shown = useStore.getState().day?.loading ?? null;
  if (shown === null) return;
  if (action === 'end' && shown.loaded === shown.expected) loading('end', shown.vendor, '');
  else ask(`day-${action}`, 3, (reason) => loading(action, shown.vendor, reason));
}

function loading(action: CallInput<'day.loading'>['action'], vendor: string, reason: string): void {
  void said(() => needed().call('day.loading', { action, vendor, reason }));
}

export function moveDayRow(step: number): void {
  useStore.setState((state) => {
    if (state.drawer === 'handover-document') {
      const last = Math.max(0, failedOf(state.document).length - 1);
      return { parcelRow: Math.min(Math.max(0, state.parcelRow + step), last) };
    }
    if (state.dayList === 'documents') {
      const last = Math.max(0, (state.day?.documents.length ?? 0) - 1);
      return { documentRow: Math.min(Math.max(0, shownDocumentRow(state) + step), last) };
    }
    const last = Math.max(0, (state.day?.choices.length ?? 0) - 1);
    return { choiceRow: Math.min(Math.max(0, shownChoiceRow(state) + step), last) };
  });
}

/** Parcels that a repeat may take up or leave out. */
export function failedOf(document: CallOutputOfGet | null): CallOutputOfGet['parcels'] {
  return document?.parcels.filter((parcel) => parcel.state === 'failed' && parcel.repeatedBy === null) ?? [];
}
type CallOutputOfGet = NonNullable<ReturnType<typeof useStore.getState>['document']>;

/** What Enter does: takes or leaves a route, opens a document, takes or leaves a failed parcel. */
export function enterDayRow(): void {
  const state = useStore.getState();
  if (state.drawer === 'handover-document') {
    const parcel = failedOf(state.document)[state.parcelRow];
    if (parcel !== undefined) toggleLeaveOut(parcel.parcelId);
    return;
  }
  if (state.dayList === 'documents') {
    const document = state.day?.documents[shownDocumentRow(state)];
    if (document !== undefined) void openDocument(document.id);
    return;
  }
  const choice = state.day?.choices[shownChoiceRow(state)];
  if (choice !== undefined) toggleRoute(routeKey(choice.route));
}

export function toggleRoute(key: string): void {
  useStore.setState(({ leftBehind }) => ({ leftBehind: toggled(leftBehind, key) }));
}

export function toggleLeaveOut(parcelId: string): void {
  useStore.setState(({ leaveOut }) => ({ leaveOut: toggled(leaveOut, parcelId) }));
}

function toggled(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(key)) next.add(key);
  return next;
}

export function setDraft(vendor: string, field: string, value: string): void {
  useStore.setState((state) => {
    const carrier = state.day?.carriers.find((one) => one.vendor === vendor);
    if (carrier === undefined) return {};
    return { drafts: { ...state.drafts, [vendor]: withField(draftOf(state, carrier), field, value) } };
  });
}

/** True while a scan belongs into the marked field of the details. */
export function takesIntoDraft({ drawer, draftField, place }: AppState): boolean {
  return place === 'day' && drawer === 'handover-details' && draftField !== null;
}

/** A scan into the marked field of the details; the next field is marked then. */
export function scanIntoDraft(code: string): void {
  const state = useStore.getState();
  const carrier = chosenCarrier(state);
  if (!takesIntoDraft(state) || state.draftField === null || carrier === null) return;
  setDraft(carrier.vendor, state.draftField, code.slice(0, 100));
  const fields: readonly string[] = [...detailFields, ...flightFields];
  useStore.setState({ draftField: fields[fields.indexOf(state.draftField) + 1] ?? state.draftField });
}
