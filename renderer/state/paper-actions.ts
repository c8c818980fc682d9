/** Papers that are no labels: slips of an order, sheets of the desk. */
import { ContractError } from '#contract';
import type { Notice, SheetKind, SlipKind } from '#contract';
import type { StationClient } from '../client/connect.ts';
import { failureNotice, getStation, showNotice } from './actions.ts';
import { localeOf } from './locale.ts';
import { useStore, type AppState } from './store.ts';
import { shownOrder } from './view-slice.ts';

/** The order a slip would be printed of: the one that is looked at, else the one on the desk. */
export function slipOrder(state: AppState): string | null {
  if (state.drawer === 'labels') return state.inspectedOrderId;
  if (state.drawer === 'timeline' || state.place === 'pack') return shownOrder(state)?.id ?? null;
  return null;
}

export function printSlip(kind: SlipKind): void {
  const orderId = slipOrder(useStore.getState());
  if (orderId === null) return;
  void told(async (station) => (await station.call('slips.print', { orderId, kind })).notice);
}

export function printDaySummary(): void {
  void told(async (station) => (await station.call('slips.daySummary', {})).notice);
}

/** In the language of the screen. */
export function printSheet(kind: SheetKind): Promise<void> {
  const locale = localeOf(useStore.getState());
  return told(async (station) => (await station.call('sheets.print', { kind, locale })).notice);
}

/** As a PDF, for the host or the browser to save. */
export function saveSheet(kind: SheetKind): Promise<void> {
  const locale = localeOf(useStore.getState());
  return told(async (station) => {
    const { fileName, mimeType, base64, pages } = await station.call('sheets.file', { kind, locale });
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const address = URL.createObjectURL(new Blob([bytes], { type: mimeType }));
    const anchor = document.createElement('a');
    anchor.href = address;
    anchor.download = fileName;
    anchor.click();
    URL.revokeObjectURL(address);
    return { code: 'ui.sheets.saved', tone: 'ok', params: { pages } };
  });
}

async function told(work: (station: StationClient) => Promise<Notice>): Promise<void> {
  try {
    const station = getStation();
    if (station === null) throw new ContractError('disconnected', 'no station');
    showNotice(await work(station));
  } catch (thrown) {
    showNotice(failureNotice(thrown, ''));
  }
}
