/** What the packer has open on the screen. */
import type { AttentionItem, OrderStatus, PackCommand } from '#contract';

export type Drawer = 'none' | 'attention' | 'timeline' | 'settings' | 'keys';

export interface ViewSlice {
  readonly drawer: Drawer;
  readonly trainingOpen: boolean;
  /** Code being typed by hand outside any field. */
  readonly typed: string;
  readonly queueStatus: OrderStatus | null;
  readonly queueSearch: string;
  readonly attentionItems: readonly AttentionItem[];
  readonly attentionIndex: number;
  /** A command that waits for its reason. */
  readonly askingReason: PackCommand | null;
}

export const initialView: ViewSlice = {
  drawer: 'none',
  trainingOpen: false,
  typed: '',
  queueStatus: 'waiting',
  queueSearch: '',
  attentionItems: [],
  attentionIndex: 0,
  askingReason: null,
};
