/** Keys at the end of the day. */
import { toggleDrawer } from '../state/actions.ts';
import {
  decide,
  enterDayRow,
  moveDayRow,
  printList,
  push,
  repeatFailed,
  saveList,
  startLoading,
  stopLoading,
} from '../state/day-actions.ts';
import { printDaySummary } from '../state/paper-actions.ts';
import { chosenCarrier } from '../state/handover-choice.ts';
import { useStore, type AppState } from '../state/store.ts';
import type { ScreenCommand } from './commands.ts';

const loading = (state: AppState): boolean => state.day !== null && state.day.loading !== null;
const choosing = (state: AppState): boolean => !loading(state) && chosenCarrier(state) !== null;
const takes =
  (kind: 'scan-form' | 'manifest') =>
  (state: AppState): boolean =>
    choosing(state) && chosenCarrier(state)?.kinds.includes(kind) === true;
const lists = (state: AppState): boolean =>
  !loading(state) && state.drawer !== 'attention' && state.drawer !== 'handover-details' && state.question === null;

const at = (command: Omit<ScreenCommand, 'place'>): ScreenCommand => ({ ...command, place: 'day' });

export const dayCommands: readonly ScreenCommand[] = [
  at({
    id: 'day-details',
    label: 'ui.day.command.details',
    key: 'F3',
    available: choosing,
    run: () => toggleDrawer('handover-details'),
  }),
  at({
    id: 'day-loose',
    label: 'ui.day.command.loose',
    key: 'F5',
    available: choosing,
    run: (state) => useStore.setState({ looseToo: !state.looseToo }),
  }),
  at({
    id: 'day-scan-form',
    label: 'ui.day.command.scan-form',
    key: 'F9',
    available: takes('scan-form'),
    run: () => push('scan-form'),
  }),
  at({
    id: 'day-manifest',
    label: 'ui.day.command.manifest',
    key: 'F10',
    available: takes('manifest'),
    run: () => push('manifest'),
  }),
  at({ id: 'day-load', label: 'ui.day.command.load', key: 'Insert', available: choosing, run: () => startLoading() }),
  at({ id: 'day-end', label: 'ui.day.command.end', key: 'End', available: loading, run: () => stopLoading('end') }),
  at({
    id: 'day-end-unread',
    label: 'ui.day.command.end-unread',
    key: 'Shift+End',
    available: loading,
    run: () => stopLoading('end-unread'),
  }),
  at({
    id: 'day-cancel',
    label: 'ui.day.command.cancel',
    key: 'Delete',
    available: loading,
    run: () => stopLoading('cancel'),
  }),
  at({
    id: 'day-summary',
    label: 'ui.day.summary',
    key: 'Shift+F12',
    available: (state) => state.day !== null,
    run: () => printDaySummary(),
  }),
  at({
    id: 'day-choices',
    label: 'ui.day.key.list',
    key: '←',
    available: lists,
    run: () => useStore.setState({ dayList: 'choices' }),
  }),
  at({
    id: 'day-documents',
    label: 'ui.day.key.list',
    key: '→',
    available: lists,
    run: () => useStore.setState({ dayList: 'documents' }),
  }),
  at({ id: 'day-up', label: 'ui.day.key.row', key: '↑', available: lists, run: () => moveDayRow(-1) }),
  at({ id: 'day-down', label: 'ui.day.key.row', key: '↓', available: lists, run: () => moveDayRow(1) }),
  at({
    id: 'day-enter',
    label: 'ui.day.key.enter',
    key: 'Enter',
    available: (state) => lists(state) && !inField(),
    run: () => enterDayRow(),
  }),
];

/** Enter in a field or on a button belongs to it. */
function inField(): boolean {
  return typeof document !== 'undefined' && document.activeElement?.closest('input, select, button') != null;
}

/** One thing that can be done with the document that is looked into, in the order of its digits. */
export interface DocumentAction {
  readonly id: string;
  readonly run: () => void;
}

export function documentActions(state: Pick<AppState, 'day' | 'document' | 'documentId'>): readonly DocumentAction[] {
  const shown = state.day?.documents.find((one) => one.id === state.documentId) ?? state.document?.document ?? null;
  if (shown === null) return [];
  const { id, actions, repeatable } = shown;
  return [
    ...(repeatable > 0 ? [{ id: 'repeat', run: () => repeatFailed() }] : []),
    ...actions.map((action) => ({ id: action, run: () => decide(action) })),
    { id: 'print', run: () => printList(id) },
    { id: 'save', run: () => saveList(id) },
  ];
}

/** A digit does what stands beside it on the document that is open. */
export function dayDigit(name: string, state: AppState): boolean {
  if (state.drawer !== 'handover-document' || !/^[1-9]$/.test(name)) return false;
  const action = documentActions(state)[Number(name) - 1];
  action?.run();
  return action !== undefined;
}
