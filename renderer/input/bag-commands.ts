/** Keys at the bags. Questions of the station (`options`) have keys of their own, which go first. */
import {
  bagRows,
  chooseNextBag,
  moveBagRow,
  rowActions,
  runRowAction,
  sendBagCommand,
  shownBagRow,
} from '../state/bag-actions.ts';
import type { AppState } from '../state/store.ts';
import type { ScreenCommand } from './commands.ts';

const always = (): boolean => true;
const chosen = (state: AppState): boolean => state.bags?.chosen !== null && state.bags !== null;
const listed = (state: AppState): boolean => state.drawer !== 'attention' && bagRows(state.bags).length > 0;
const filling = (state: AppState): boolean => state.bags?.chosen?.stage === 'filling';
const labelled = (state: AppState): boolean => state.bags?.chosen?.label != null;

const at = (command: Omit<ScreenCommand, 'place'>): ScreenCommand => ({ ...command, place: 'bags' });

export const bagCommands: readonly ScreenCommand[] = [
  at({
    id: 'bag-open',
    label: 'ui.bags.command.open',
    key: 'Insert',
    available: always,
    run: () => sendBagCommand({ command: 'open' }),
  }),
  at({
    id: 'bag-take-out',
    label: 'ui.bags.command.take-out',
    key: 'F3',
    available: filling,
    run: (state) => toggleMode(state, 'take-out'),
  }),
  at({
    id: 'bag-move',
    label: 'ui.bags.command.move',
    key: 'F5',
    available: filling,
    run: (state) => toggleMode(state, 'move'),
  }),
  at({
    id: 'bag-close',
    label: 'ui.bags.command.close',
    key: 'F9',
    available: filling,
    run: () => sendBagCommand({ command: 'close' }),
  }),
  at({
    id: 'bag-reprint',
    label: 'ui.bags.command.reprint',
    key: 'F10',
    available: labelled,
    run: () => sendBagCommand({ command: 'reprint' }),
  }),
  at({
    id: 'bag-void',
    label: 'ui.bags.command.void',
    key: 'Delete',
    available: chosen,
    run: () => sendBagCommand({ command: 'void' }),
  }),
  at({
    id: 'bag-undo',
    label: 'ui.bags.command.undo-scan',
    key: 'Ctrl+Z',
    available: chosen,
    run: () => sendBagCommand({ command: 'undo-scan' }),
  }),
  at({ id: 'bag-previous', label: 'ui.bags.key.choose', key: '←', available: always, run: () => chooseNextBag(-1) }),
  at({ id: 'bag-next', label: 'ui.bags.key.choose', key: '→', available: always, run: () => chooseNextBag(1) }),
  at({ id: 'bag-up', label: 'ui.bags.key.row', key: '↑', available: listed, run: () => moveBagRow(-1) }),
  at({ id: 'bag-down', label: 'ui.bags.key.row', key: '↓', available: listed, run: () => moveBagRow(1) }),
];

/** Pressed again, a mode for one scan is given up. */
function toggleMode(state: AppState, command: 'take-out' | 'move'): void {
  sendBagCommand({ command: state.bags?.mode === command ? 'put-in' : command });
}

/** Answers what the station asks. False if nothing asked has this key. */
export function bagAnswer(name: string, state: AppState): boolean {
  if (state.question !== null) return false;
  const option = state.bags?.options.find((one) => one.key.toUpperCase() === name.toUpperCase());
  if (option === undefined) return false;
  sendBagCommand({ command: option.command });
  return true;
}

/** A digit does what stands beside it in the row under the cursor. */
export function bagRowDigit(name: string, state: AppState): boolean {
  const row = bagRows(state.bags)[shownBagRow(state)];
  const action = row !== undefined && /^[1-9]$/.test(name) ? rowActions(row)[Number(name) - 1] : undefined;
  if (row === undefined || action === undefined) return false;
  runRowAction(row, action);
  return true;
}
