/** 外勤365: pulls orders, and answers calls by name; what it writes back is in write-back.ts. */
import type { z } from 'zod';
import type { HttpRequest } from '../../ports.ts';
import type { PulledOrder, PullResult } from '../../domain/shipping.ts';
import { createVendor } from '../kit/create-vendor.ts';
import { createExchange } from '../kit/exchange.ts';
import { checkedBuild } from '../kit/named-calls.ts';
import { resultOrThrow } from '../kit/outcome.ts';
import { shanghaiText } from '../kit/time.ts';
import { VendorError, type BuildRefusal, type SigningMoment, type Vendor, type VendorPorts } from '../kit/vendor.ts';
import { createCalls, parsePage, signerFor } from './calls.ts';
import { manifestWith } from './manifest.ts';
import { mapRecord, stateOf, type Refused } from './map.ts';
import type { salesOrderQuery } from './params.ts';
import type { Settings } from './settings.ts';
import { writeBackOperations } from './write-back.ts';

/** More than this is not one pull but an import: `firstPullDays` limits it. */
const maxPages = 200;
/** A pull during which orders changed is read again, so that no record slips between two pages. */
const maxPasses = 3;

interface PageQuery {
  readonly pageNumber: number;
  readonly pageLength: number;
  /** 记录状态: 0 已删除, 1 正常. */
  readonly recordStatus: '0' | '1';
  /** Instant, or null for everything. */
  readonly modifiedAfter: number | null;
}

export function createWaiqin365(settings: Settings, ports: VendorPorts): Vendor {
  const sign = signerFor(settings);
  const calls = createCalls(sign);
  const manifest = manifestWith(settings);
  const secrets = [settings.appkey];
  const exchange = createExchange({ vendor: manifest.id, ports, tokens: null, secrets });

  const pageParams = (query: PageQuery): z.input<typeof salesOrderQuery> => ({
    page_number: query.pageNumber,
    page_length: query.pageLength,
    s_status: query.recordStatus,
    ...(query.modifiedAfter === null ? {} : { after_modify_date: shanghaiText(query.modifiedAfter) }),
    ...(settings.orderClass === undefined ? {} : { s_orderClass: settings.orderClass }),
  });
  const buildPage = (query: PageQuery, at: SigningMoment, requestId: string): HttpRequest | BuildRefusal =>
    checkedBuild('pullOrders', calls.pullOrders, pageParams(query), at, requestId);

  const askPage = async (query: PageQuery): Promise<readonly unknown[]> =>
    resultOrThrow(
      await exchange.run({
        name: 'pullOrders',
        question: true,
        build: (at) => buildPage(query, at, ports.ids.next()),
        parse: parsePage,
      }),
    );

  /** All pages of one record status. */
  const readPages = async (recordStatus: '0' | '1', modifiedAfter: number | null) => {
    const records: unknown[] = [];
    for (let pageNumber = 1; pageNumber <= maxPages; pageNumber += 1) {
      const page = await askPage({ pageNumber, pageLength: settings.pageLength, recordStatus, modifiedAfter });
      records.push(...page);
      // No total is returned: a page that is not full is the last one.
      if (page.length < settings.pageLength) return { records, pages: pageNumber };
    }
    throw new VendorError(
      'rejected',
      'too-many-pages',
      `more than ${maxPages} pages of orders; set vendors.waiqin365.firstPullDays in the profile`,
    );
  };

  const warned = new Set<string>();
  const noticeStatus = (order: PulledOrder): void => {
    const word = order.vendorStatus;
    if (order.state !== 'held' || stateOf(word, settings.statuses).known || warned.has(word) || warned.size >= 100)
      return;
    warned.add(word);
    ports.log.warn({ vendor: manifest.id, order: order.number, status: word }, 'unknown order status: order is held');
  };

  const pullOrders = async (cursor: string | null): Promise<PullResult> => {
    const seenUntil = decodeCursor(cursor);
    const startedAt = ports.clock.now() + ports.offset.ms;
    const modifiedAfter =
      seenUntil !== null
        ? Math.max(0, seenUntil - settings.overlapMs)
        : settings.firstPullDays === undefined
          ? null
          : startedAt - settings.firstPullDays * 86_400_000;

    const orders = new Map<string, PulledOrder>();
    const refused = new Map<string, Refused>();
    let newest = seenUntil;
    for (let pass = 1; pass <= maxPasses; pass += 1) {
      let pages = 0;
      let changedMeanwhile = false;
      // Deleted records are asked for by themselves: the document does not say whether a query without s_status
      // returns them. A desk that has pulled nothing yet has no order that could have been deleted.
      for (const recordStatus of seenUntil === null ? (['1'] as const) : (['1', '0'] as const)) {
        const read = await readPages(recordStatus, modifiedAfter);
        pages = Math.max(pages, read.pages);
        for (const raw of read.records) {
          const mapped = mapRecord(raw, settings);
          if (!mapped.ok) {
            refused.set(mapped.refused.number ?? `#${refused.size}`, mapped.refused);
            continue;
          }
          const { order } = mapped;
          noticeStatus(order);
          const known = orders.get(order.vendorOrderId);
          if (known === undefined || (order.modifiedAt ?? 0) >= (known.modifiedAt ?? 0)) {
            orders.set(order.vendorOrderId, order);
          }
          if (order.modifiedAt === null) continue;
          if (order.modifiedAt >= startedAt) changedMeanwhile = true;
          newest = Math.max(newest ?? 0, order.modifiedAt);
        }
      }
      if (pages < 2 || !changedMeanwhile) break;
    }
    // A change stamped in the future would hide everything until then.
    const next = newest === null ? null : Math.min(newest, startedAt);
    return { orders: [...orders.values()], refused: [...refused.values()], cursor: encodeCursor(next) };
  };

  return createVendor({
    manifest,
    exchange,
    secrets,
    operations: writeBackOperations(calls, settings.writeBack),
    calls: { ...calls },
    ids: ports.ids,
    signed: sign,
    signatureOf: (request) => request.url.split('/').at(-2) ?? null,
    questions: {
      pullOrders: (at, requestId) =>
        buildPage(
          { pageNumber: 1, pageLength: settings.pageLength, recordStatus: '1', modifiedAfter: null },
          at,
          requestId,
        ),
    },
    signedText: (request) => {
      const timestamp = request.url.split('/').at(-3) ?? '';
      return `${new TextDecoder().decode(request.body ?? new Uint8Array())}|‹appkey›|${timestamp}`;
    },
    pullOrders,
    async check() {
      await askPage({ pageNumber: 1, pageLength: 1, recordStatus: '1', modifiedAfter: null });
    },
  });
}

/** `m` and the newest change seen, milliseconds since the epoch; empty before anything was seen. */
function encodeCursor(seenUntil: number | null): string {
  return seenUntil === null ? '' : `m${seenUntil}`;
}

function decodeCursor(cursor: string | null): number | null {
  const digits = /^m(\d{1,15})$/.exec(cursor ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}
