/** What happened at the vendors and at the printer, from their own records, written by the harness's process. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tradeNumberFor } from '../../../main/training/vendors.ts';
import type { World } from './world.ts';

/** One effect at a vendor, in the order they happened there. */
export interface Effect {
  readonly vendor: 'hge' | 'ane' | 'asiabill' | 'hongxun';
  readonly operation: string;
  /** Our reference, order number or waybill: what the vendor knows it by. */
  readonly key: string;
  /** What it gave: a waybill. */
  readonly gave: string | null;
}

export interface Counters {
  readonly effects: readonly Effect[];
  /** Complete labels by attempt. */
  readonly labels: ReadonlyMap<string, number>;
  /** Trade number by order number, as the shop system knows orders. */
  tradeNumber(order: string): string;
}

type Line = Record<string, unknown>;

function lines(dir: string, file: string): Line[] {
  const path = join(dir, file);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

export function readCounters(world: World): Counters {
  const { vendorDir, printer } = world;
  const effects: Effect[] = [];
  const references = new Map<string, string>();
  for (const line of lines(vendorDir, 'hge.jsonl')) {
    if (line['effect'] === 'ordered') {
      const order = line['order'] as { orderNumber: string; customerOrderNumber: string };
      references.set(order.orderNumber, order.customerOrderNumber);
      effects.push({ vendor: 'hge', operation: 'placeOrder', key: order.customerOrderNumber, gave: null });
    }
    const key = references.get(String(line['orderNumber'])) ?? '';
    if (line['effect'] === 'confirmed') {
      effects.push({ vendor: 'hge', operation: 'confirm', key, gave: String(line['waybill']) });
    }
    if (line['effect'] === 'labelled') effects.push({ vendor: 'hge', operation: 'fetchLabel', key, gave: null });
  }
  for (const line of lines(vendorDir, 'ane.jsonl')) {
    const key = String(line['key']).replace(/^PBTRAIN/, '');
    if (line['effect'] === 'order') effects.push({ vendor: 'ane', operation: 'placeOrder', key, gave: null });
  }
  for (const line of lines(vendorDir, 'asiabill.jsonl')) {
    effects.push({
      vendor: 'asiabill',
      operation: 'uploadTracking',
      key: String(line['tradeNo']),
      gave: String(line['trackingNo']),
    });
  }
  for (const line of lines(vendorDir, 'hongxun.jsonl')) {
    if (line['effect'] === 'parcel')
      effects.push({ vendor: 'hongxun', operation: 'reportParcel', key: String(line['key']), gave: null });
  }
  const labels = new Map<string, number>();
  for (const { id } of printer.labels()) labels.set(id, (labels.get(id) ?? 0) + 1);
  return { effects, labels, tradeNumber: tradeNumberFor };
}
