/**
 * Keys of the screen. One list: what a key does, when it may, and the word on its button. If two commands would take
 * the same key at the same time, neither runs (a test keeps that from happening).
 */
import type { PackPrompt } from '#contract';
import { PackCommand } from '#contract';
import {
  closeTop,
  goTo,
  moveAttention,
  resolveAttention,
  retryAllLike,
  sendCommand,
  setTraining,
  toggleDrawer,
  toggleInspector,
  toggleLocale,
  toggleTraining,
  trainingWeightsG,
} from '../state/actions.ts';
import { answerByNumber } from '../state/question.ts';
import { printSlip, slipOrder } from '../state/paper-actions.ts';
import { scanNewestLabel } from '../state/places.ts';
import { useStore, type AppState } from '../state/store.ts';
import type { Place } from '../state/view-slice.ts';
import type { Params } from '../ui/text.ts';
import { bagAnswer, bagCommands, bagRowDigit } from './bag-commands.ts';
import { dayCommands, dayDigit } from './day-commands.ts';

export interface ScreenCommand {
  readonly id: string;
  /** Locale key of its name. */
  readonly label: string;
  readonly params?: Params;
  /** As shown on the button: `F9`, `Ctrl+Z`, `Esc`. */
  readonly key: string;
  /** Where it works; everywhere if left out. */
  readonly place?: Place;
  readonly available: (state: AppState) => boolean;
  readonly run: (state: AppState) => void;
}

const always = (): boolean => true;
const drawerOpen = (state: AppState): boolean =>
  state.drawer !== 'none' || state.askingReason !== null || state.question !== null;
const attentionOpen = (state: AppState): boolean => state.drawer === 'attention' && state.askingReason === null;

/** Set by the queue while it is on the screen: puts the focus into its search box. */
let focusQueue: () => void = () => undefined;

export function onQueueKey(focus: () => void): () => void {
  focusQueue = focus;
  return () => {
    focusQueue = () => undefined;
  };
}

/** Set by the address form while it is on the screen: puts the focus into its first field. */
let focusAddress: () => void = () => undefined;

export function onAddressKey(focus: () => void): () => void {
  focusAddress = focus;
  return () => {
    focusAddress = () => undefined;
  };
}

/** Set by the label inspector while it is on the screen: prints again for the reason of this number. */
let inspectorReasonPicked: (index: number) => void = () => undefined;

export function onInspectorReasonKey(pick: (index: number) => void): () => void {
  inspectorReasonPicked = pick;
  return () => {
    inspectorReasonPicked = () => undefined;
  };
}

/** Set by the numbered choices of the devices while they are on the screen. */
let devicesKeyPressed: (name: string) => boolean = () => false;

export function onDevicesKey(press: (name: string) => boolean): () => void {
  devicesKeyPressed = press;
  return () => {
    if (devicesKeyPressed === press) devicesKeyPressed = () => false;
  };
}

const trainingOpen = (state: AppState): boolean => state.trainingOpen && state.training !== null;

export const screenCommands: readonly ScreenCommand[] = [
  { id: 'keys', label: 'ui.key.keys', key: 'F1', available: always, run: () => toggleDrawer('keys') },
  { id: 'queue', label: 'ui.key.queue', key: 'F2', available: always, run: findOrder },
  {
    id: 'timeline',
    label: 'ui.key.timeline',
    key: 'F3',
    place: 'pack',
    available: always,
    run: () => toggleDrawer('timeline'),
  },
  { id: 'attention', label: 'ui.key.attention', key: 'F4', available: always, run: () => toggleDrawer('attention') },
  {
    id: 'retry',
    label: 'ui.command.retry',
    key: 'F5',
    place: 'pack',
    available: always,
    run: () => sendCommand('retry'),
  },
  {
    id: 'training',
    label: 'ui.key.training',
    key: 'F6',
    available: (state) => hasTraining(state),
    run: () => toggleTraining(),
  },
  { id: 'settings', label: 'ui.key.settings', key: 'F7', available: always, run: () => toggleDrawer('settings') },
  { id: 'devices', label: 'ui.key.devices', key: 'Ctrl+U', available: always, run: () => toggleDrawer('devices') },
  { id: 'labels', label: 'ui.key.labels', key: 'Ctrl+I', available: always, run: () => toggleInspector() },
  {
    id: 'inspector-reprint',
    label: 'ui.inspector.reprint',
    key: 'Ctrl+P',
    available: (state) => state.drawer === 'labels',
    run: (state) => useStore.setState({ inspectAsking: !state.inspectAsking }),
  },
  {
    id: 'print-slip',
    label: 'ui.command.print-slip',
    key: 'Ctrl+S',
    available: (state) => slipOrder(state) !== null,
    run: () => printSlip('packing'),
  },
  {
    id: 'print-contents',
    label: 'ui.slip.contents',
    key: 'Ctrl+D',
    available: (state) => slipOrder(state) !== null,
    run: () => printSlip('contents'),
  },
  { id: 'language', label: 'ui.key.language', key: 'F8', available: always, run: () => toggleLocale() },
  {
    id: 'release-order',
    label: 'ui.command.release-order',
    key: 'F9',
    place: 'pack',
    available: always,
    run: () => sendCommand('release-order'),
  },
  {
    id: 'reprint',
    label: 'ui.command.reprint',
    key: 'F10',
    place: 'pack',
    available: always,
    run: () => sendCommand('reprint'),
  },
  { id: 'bags', label: 'ui.place.bags', key: 'F11', available: always, run: () => goTo('bags') },
  { id: 'day', label: 'ui.place.day', key: 'F12', available: always, run: () => goTo('day') },
  {
    id: 'undo-scan',
    label: 'ui.command.undo-scan',
    key: 'Ctrl+Z',
    place: 'pack',
    available: (state) => state.pack?.stage === 'items' || state.pack?.stage === 'weigh',
    run: () => sendCommand('undo-scan'),
  },
  {
    id: 'skip-scan-back',
    label: 'ui.command.skip-scan-back',
    key: 'Ctrl+K',
    place: 'pack',
    available: (state) => state.pack?.stage === 'scan-back',
    run: () => sendCommand('skip-scan-back'),
  },
  {
    id: 'override-weight',
    label: 'ui.command.override-weight',
    key: 'Ctrl+O',
    place: 'pack',
    available: (state) => state.pack?.stage === 'weigh',
    run: () => sendCommand('override-weight'),
  },
  {
    id: 'recount-items',
    label: 'ui.command.recount-items',
    key: 'Ctrl+Y',
    place: 'pack',
    available: (state) => state.pack?.stage === 'weigh',
    run: () => sendCommand('recount-items'),
  },
  {
    id: 'tare',
    label: 'ui.command.tare',
    key: 'Ctrl+B',
    place: 'pack',
    available: (state) => isBeforeSealing(state) || hasTare(state),
    run: (state) => sendCommand(hasTare(state) ? 'tare-clear' : 'tare'),
  },
  {
    id: 'tare-stay',
    label: 'ui.command.tare-stay',
    key: 'Alt+B',
    place: 'pack',
    available: (state) => !hasTare(state),
    run: () => sendCommand('tare-stay'),
  },
  {
    id: 'correct-address',
    label: 'ui.address.hint',
    key: 'Ctrl+E',
    place: 'pack',
    available: (state) => state.pack?.prompt?.address !== undefined,
    run: () => focusAddress(),
  },
  {
    id: 'newest-label',
    label: 'ui.training.newest',
    key: 'Ctrl+L',
    available: (state) => state.training !== null && state.training.tray.length > 0,
    run: () => scanNewestLabel(),
  },
  ...trainingWeightsG.map((grams, index) => ({
    id: `put-${grams}`,
    label: 'ui.training.weigh',
    params: { grams },
    key: `Alt+${index + 1}`,
    available: trainingOpen,
    run: () => setTraining({ scaleGrams: grams }),
  })),
  { id: 'close', label: 'ui.key.close', key: 'Esc', available: drawerOpen, run: () => closeTop() },
  { id: 'up', label: 'ui.key.attention', key: '↑', available: attentionOpen, run: () => moveAttention(-1) },
  { id: 'down', label: 'ui.key.attention', key: '↓', available: attentionOpen, run: () => moveAttention(1) },
  ...bagCommands,
  ...dayCommands,
];

function isBeforeSealing({ pack }: AppState): boolean {
  return pack?.stage === 'items' || pack?.stage === 'weigh';
}

/** A tare is in force, or was and has to be settled: the same key ends both. */
function hasTare({ weight }: AppState): boolean {
  return weight?.tare != null || weight?.reason?.code === 'weight.tare-lost';
}

/** To the queue: from another place only there; on the pack screen into its search box. */
function findOrder(state: AppState): void {
  if (state.place === 'pack') focusQueue();
  else goTo('pack');
}

/** True if the command may run where the packer is now. */
export function isAvailable(command: ScreenCommand, state: AppState): boolean {
  return (command.place === undefined || command.place === state.place) && command.available(state);
}

/** Training mode, or at least one virtual device or vendor: there is something for the panel to do. */
export function hasTraining(state: Pick<AppState, 'status' | 'info'>): boolean {
  return state.status?.training === true || state.info?.training === true;
}

export function commandOf(id: string): ScreenCommand | undefined {
  return screenCommands.find((command) => command.id === id);
}

const namedKeys: Readonly<Record<string, string>> = {
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Enter: 'Enter',
};

/** The name of a pressed key in the form commands use; letters and digits by their place, not their character. */
export function keyName(event: Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>): string {
  const place = event.code.replace(/^(Key|Digit|Numpad)/, '');
  const base = namedKeys[event.code] ?? place;
  return `${event.ctrlKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${event.metaKey ? 'Meta+' : ''}${event.shiftKey ? 'Shift+' : ''}${base}`;
}

/** Runs what a key stands for. True if it was a command or an answer. */
export function runKey(name: string, state: AppState): boolean {
  const asked = state.place === 'pack' && state.askingReason === null;
  const answer = asked ? promptAnswer(state.pack?.prompt ?? null, name) : null;
  // A question on the screen goes first; only its single letters and digits wait for `runLoneKey`.
  if (answer !== null && name.length > 1) {
    sendCommand(answer);
    return true;
  }
  if (state.place === 'bags' && name.length > 1 && bagAnswer(name, state)) return true;
  const matching = screenCommands.filter((command) => command.key === name && isAvailable(command, state));
  const [only] = matching;
  if (only === undefined || matching.length > 1) return false;
  only.run(state);
  return true;
}

/** A single letter or digit pressed alone answers what is asked: reason, then the list of decisions, then the prompt. */
export function runLoneKey(key: string, state: AppState): boolean {
  const name = key.toUpperCase();
  if (state.question !== null) return /^[1-9]$/.test(name) && answerByNumber(Number(name));
  if (state.askingReason !== null) {
    const reason = reasonOf(name, state.askingReason);
    if (reason === null) return false;
    reasonPicked(reason);
    return true;
  }
  if (state.drawer === 'labels' && state.inspectAsking) {
    const reason = /^[1-3]$/.test(name) ? Number(name) : null;
    if (reason === null) return false;
    inspectorReasonPicked(reason);
    return true;
  }
  if (state.drawer === 'devices') return /^([1-9]|ENTER)$/.test(name) && devicesKeyPressed(name);
  if (state.drawer === 'attention') {
    const item = state.attentionItems[state.attentionIndex];
    if (name === 'A' && item?.group !== undefined) {
      void retryAllLike(item.group);
      return true;
    }
    const action = /^[1-9]$/.test(name) ? item?.actions[Number(name) - 1] : undefined;
    if (item === undefined || action === undefined) return false;
    void resolveAttention(item.id, action);
    return true;
  }
  if (state.place === 'bags') return bagAnswer(name, state) || bagRowDigit(name, state);
  if (state.place === 'day') return dayDigit(name, state);
  const answer = promptAnswer(state.pack?.prompt ?? null, name);
  if (answer === null) return false;
  sendCommand(answer);
  return true;
}

/** The command of the option with this key, or null. An option whose command this screen does not know is no answer. */
export function promptAnswer(prompt: PackPrompt | null, name: string): PackCommand | null {
  const option = prompt?.options.find((one) => one.key.toUpperCase() === name.toUpperCase());
  const command = PackCommand.safeParse(option?.command);
  return command.success ? command.data : null;
}

/** Common reasons of a command, chosen by digit. */
export function reasonCount(command: PackCommand): number {
  return command === 'reprint' ? 5 : 3;
}

function reasonOf(name: string, command: PackCommand): number | null {
  return /^[1-9]$/.test(name) && Number(name) <= reasonCount(command) ? Number(name) : null;
}

/** Set by the reason question while it is on the screen. */
let reasonPicked: (index: number) => void = () => undefined;

export function onReasonKey(pick: (index: number) => void): () => void {
  reasonPicked = pick;
  return () => {
    reasonPicked = () => undefined;
  };
}
