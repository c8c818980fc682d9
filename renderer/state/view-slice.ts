/** What the packer has open on the screen. */
import type { AttentionItem, OrderRow, OrderStatus, PackCommand } from '#contract';
import type { DeskSlice } from './desk-slice.ts';

export type Drawer =
  | 'none'
  | 'attention'
  | 'timeline'
  | 'settings'
  | 'keys'
  | 'labels'
  | 'devices'
  | 'handover-details'
  | 'handover-document';

/** Where at the desk the packer works: a scan goes to the place that is open. */
export type Place = 'pack' | 'bags' | 'day';

/** A decision at the bags or at the end of the day that goes on record with its reason. */
export interface Question {
  /** Tail of the locale keys: `ui.ask.<about>` asks, `ui.ask.<about>.<n>` are common reasons. */
  readonly about: string;
  /** How many common reasons there are. */
  readonly presets: number;
  readonly answer: (reason: string) => void;
}

export interface ViewSlice {
  readonly place: Place;
  readonly drawer: Drawer;
  /** An order of the queue whose record is looked at; null for the one on the desk. */
  readonly lookedAt: Pick<OrderRow, 'id' | 'number'> | null;
  readonly trainingOpen: boolean;
  /** What the label inspector looks for. */
  readonly inspectQuery: string;
  /** The order of the label that the inspector shows; null while it shows none. */
  readonly inspectedOrderId: string | null;
  /** The label inspector waits for the reason of a reprint. */
  readonly inspectAsking: boolean;
  /** Code being typed by hand outside any field. */
  readonly typed: string;
  readonly queueStatus: OrderStatus | null;
  readonly queueSearch: string;
  readonly attentionItems: readonly AttentionItem[];
  readonly attentionIndex: number;
  /** The decision that waits for the vendor's number. */
  readonly numberFor: string | null;
  /** A command that waits for its reason. */
  readonly askingReason: PackCommand | null;
  /** The same at the bags and at the end of the day. */
  readonly question: Question | null;
}

export const initialView: ViewSlice = {
  place: 'pack',
  drawer: 'none',
  lookedAt: null,
  trainingOpen: false,
  inspectQuery: '',
  inspectedOrderId: null,
  inspectAsking: false,
  typed: '',
  queueStatus: 'waiting',
  queueSearch: '',
  attentionItems: [],
  attentionIndex: 0,
  numberFor: null,
  askingReason: null,
  question: null,
};

/** The order whose record the timeline shows. */
export function shownOrder(
  state: Pick<ViewSlice, 'lookedAt'> & Pick<DeskSlice, 'pack'>,
): Pick<OrderRow, 'id' | 'number'> | null {
  return state.lookedAt ?? state.pack?.order ?? null;
}
