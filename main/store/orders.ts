/** Orders as pulled from upstream, and where each stands at this desk. */
import { createHash } from 'node:crypto';
import { OrderStatus } from '../../preload/contract/index.ts';
import { searchPairs, searchQuery } from './search.ts';
import type { OrderRow } from '../../preload/contract/index.ts';
import type { Address, PulledLine, PulledOrder } from '../domain/shipping.ts';
import type { Clock, Ids } from '../ports.ts';
import type { Connection, Row } from './connection.ts';
import type { OrderRecord, OrderRepository, RefusedRecord } from './store.ts';

type StoredLine = OrderRecord['lines'][number];

function productCodes(line: PulledLine): string[] {
  return [line.productCode, line.productId, ...line.barcodes].map((code) => code.toUpperCase());
}

/** A search with more hits than this reports this many: nobody pages through more, and counting costs time. */
const mostCounted = 2_000;

const rowColumns =
  'id, number, vendor, status, customer_name, receiver_name, receiver_address, country, line_count, has_gift,' +
  ' due_date, ordered_at, waybill, lpn';

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function withdrawn(state: PulledOrder['state']): boolean {
  return state === 'cancelled' || state === 'closed' || state === 'deleted';
}

function addressLine(address: Address): string {
  return [address.state, address.city, address.county ?? '', address.line1, address.line2, address.postcode]
    .filter(Boolean)
    .join(' ');
}

function toRow(row: Row): OrderRow {
  return {
    id: String(row['id']),
    number: String(row['number']),
    vendor: String(row['vendor']),
    status: row['status'] as OrderStatus,
    customerName: String(row['customer_name']),
    receiverName: String(row['receiver_name']),
    receiverAddress: String(row['receiver_address']),
    country: String(row['country']),
    lineCount: Number(row['line_count']),
    hasGift: row['has_gift'] === 1,
    dueDate: row['due_date'] as string | null,
    orderedAt: row['ordered_at'] as number | null,
    waybill: row['waybill'] as string | null,
    lpn: row['lpn'] as string | null,
  };
}

function toRecord(row: Row): OrderRecord {
  return {
    id: String(row['id']),
    vendor: String(row['vendor']),
    vendorOrderId: String(row['vendor_order_id']),
    number: String(row['number']),
    status: row['status'] as OrderStatus,
    upstream: row['upstream'] as PulledOrder['state'],
    vendorStatus: String(row['vendor_status']),
    customerName: String(row['customer_name']),
    receiver: JSON.parse(String(row['receiver'])) as Address,
    remark: String(row['remark']),
    dueDate: row['due_date'] as string | null,
    orderedAt: row['ordered_at'] as number | null,
    lines: JSON.parse(String(row['lines'])) as StoredLine[],
    fields: JSON.parse(String(row['fields'])) as Record<string, string>,
    version: Number(row['version']),
  };
}

/** Lines keep their id as long as upstream keeps its own, so that what was scanned stays counted. */
function withIds(lines: readonly PulledLine[], earlier: readonly StoredLine[], ids: Ids): StoredLine[] {
  const known = new Map<string, string[]>();
  for (const line of earlier) {
    const list = known.get(line.vendorLineId);
    if (list) list.push(line.id);
    else known.set(line.vendorLineId, [line.id]);
  }
  return lines.map((line) => ({ ...line, id: known.get(line.vendorLineId)?.shift() ?? ids.next() }));
}

/** The texts an order is found by: its number, names, product codes, and every number of its parcels. */
function searchTexts(connection: Connection, order: OrderRecord): (string | null)[] {
  const texts: (string | null)[] = [order.number, order.customerName, order.receiver.name, order.receiver.phone];
  for (const parcel of connection.all('SELECT reference, lpn, waybill FROM parcels WHERE order_id = ?', order.id)) {
    for (const value of [parcel['waybill'], parcel['lpn'], parcel['reference']]) texts.push(value as string | null);
  }
  for (const line of order.lines) texts.push(line.productCode, ...line.barcodes);
  return texts;
}

/** Writes the search entry of an order anew. Inside the transaction that changed what it is found by. */
export function indexOrder(connection: Connection, orderId: string): void {
  const row = connection.get('SELECT * FROM orders WHERE id = ?', orderId);
  if (!row) return;
  const pairs = searchPairs(searchTexts(connection, toRecord(row)));
  connection.run('INSERT OR REPLACE INTO order_search (rowid, pairs) VALUES (?, ?)', Number(row['seq']), pairs);
}

export function createOrderRepository(connection: Connection, clock: Clock, ids: Ids): OrderRepository {
  const keepRaw = (vendor: string, orderId: string, number: string, raw: unknown): void => {
    const body = JSON.stringify(raw) ?? 'null';
    const rawDigest = createHash('sha256').update(body).digest('hex');
    const last = connection.get('SELECT digest FROM raw_records WHERE order_id = ? ORDER BY seq DESC LIMIT 1', orderId);
    if (last?.['digest'] === rawDigest) return;
    connection.run(
      'INSERT INTO raw_records (vendor, order_id, number, refused, digest, body, at) VALUES (?, ?, ?, NULL, ?, ?, ?)',
      ...[vendor, orderId, number, rawDigest, body, clock.now()],
    );
  };

  const columnsOf = (pulled: PulledOrder, lines: readonly StoredLine[]) => [
    pulled.number,
    pulled.state,
    pulled.vendorStatus,
    pulled.customerName,
    JSON.stringify(pulled.receiver),
    pulled.remark,
    pulled.dueDate,
    pulled.orderedAt,
    pulled.modifiedAt,
    JSON.stringify(lines),
    pulled.receiver.name,
    addressLine(pulled.receiver),
    pulled.receiver.country || 'CN',
    lines.length,
    lines.some((line) => line.gift) ? 1 : 0,
    JSON.stringify(pulled.fields ?? {}),
  ];

  const add = (vendor: string, pulled: PulledOrder, contentDigest: string, recordDigest: string) => {
    const id = ids.next();
    const now = clock.now();
    connection.run(
      'INSERT INTO orders (number, upstream, vendor_status, customer_name, receiver, remark, due_date, ordered_at,' +
        ' modified_at, lines, receiver_name, receiver_address, country, line_count, has_gift, fields,' +
        ' id, vendor, vendor_order_id, status, version, content_digest, record_digest, sort_at, created_at)' +
        ' VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)',
      ...columnsOf(pulled, withIds(pulled.lines, [], ids)),
      ...[id, vendor, pulled.vendorOrderId, withdrawn(pulled.state) ? 'cancelled' : 'waiting'],
      ...[contentDigest, recordDigest, pulled.orderedAt ?? now, now],
    );
    indexOrder(connection, id);
    return { orderId: id, change: 'new' as const };
  };

  const change = (row: Row, pulled: PulledOrder, contentDigest: string, recordDigest: string) => {
    const order = toRecord(row);
    const leaves = withdrawn(pulled.state);
    const sealed = connection.get('SELECT 1 AS found FROM parcels WHERE order_id = ? LIMIT 1', order.id) !== undefined;
    const shippedAndClosed = order.status === 'shipped' && pulled.state === 'closed';
    if (leaves && !withdrawn(order.upstream) && !shippedAndClosed) {
      connection.run(
        'UPDATE orders SET upstream = ?, vendor_status = ?, modified_at = ?, status = ?, record_digest = ? WHERE id = ?',
        ...[pulled.state, pulled.vendorStatus, pulled.modifiedAt],
        ...[order.status === 'waiting' ? 'cancelled' : order.status, recordDigest, order.id],
      );
      return { orderId: order.id, change: 'withdrawn' as const };
    }
    // Withdrawn orders keep the lines and receiver they had when the desk last could pack them.
    if (leaves) {
      connection.run(
        'UPDATE orders SET upstream = ?, vendor_status = ?, modified_at = ?, record_digest = ? WHERE id = ?',
        ...[pulled.state, pulled.vendorStatus, pulled.modifiedAt, recordDigest, order.id],
      );
      return { orderId: order.id, change: 'updated' as const };
    }
    const status = order.status === 'cancelled' && !sealed ? 'waiting' : order.status;
    const grown = row['content_digest'] !== contentDigest;
    connection.run(
      'UPDATE orders SET number = ?, upstream = ?, vendor_status = ?, customer_name = ?, receiver = ?, remark = ?,' +
        ' due_date = ?, ordered_at = ?, modified_at = ?, lines = ?, receiver_name = ?, receiver_address = ?,' +
        ' country = ?, line_count = ?, has_gift = ?, fields = ?, status = ?, version = ?, content_digest = ?, record_digest = ?,' +
        ' sort_at = ? WHERE id = ?',
      ...columnsOf(pulled, grown ? withIds(pulled.lines, order.lines, ids) : order.lines),
      ...[status, order.version + (grown ? 1 : 0), contentDigest, recordDigest],
      ...[pulled.orderedAt ?? Number(row['created_at']), order.id],
    );
    indexOrder(connection, order.id);
    return { orderId: order.id, change: 'updated' as const };
  };

  const counts = (): Record<OrderStatus, number> => {
    const result = Object.fromEntries(OrderStatus.options.map((status) => [status, 0])) as Record<OrderStatus, number>;
    for (const row of connection.all('SELECT status, count FROM order_counts')) {
      result[row['status'] as OrderStatus] = Number(row['count']);
    }
    return result;
  };

  const page = (status: OrderStatus | null, offset: number, limit: number): Row[] => {
    // The page's keys come from the index alone, so a far offset does not read the rows it skips.
    // What waits is packed oldest first; everything else is looked up, newest first.
    if (status === null) {
      return connection.all(
        `SELECT ${rowColumns} FROM orders WHERE seq IN` +
          ' (SELECT seq FROM orders ORDER BY sort_at DESC, seq DESC LIMIT ? OFFSET ?) ORDER BY sort_at DESC, seq DESC',
        ...[limit, offset],
      );
    }
    const direction = status === 'waiting' ? 'ASC' : 'DESC';
    return connection.all(
      `SELECT ${rowColumns} FROM orders WHERE seq IN (SELECT seq FROM orders WHERE status = ?` +
        ` ORDER BY sort_at ${direction}, seq ${direction} LIMIT ? OFFSET ?) ORDER BY sort_at ${direction}, seq ${direction}`,
      ...[status, limit, offset],
    );
  };

  return {
    upsert(vendor, pulled) {
      return connection.atomic(() => {
        const contentDigest = digest([pulled.lines, pulled.receiver]);
        const { raw, modifiedAt, ...record } = pulled;
        const recordDigest = digest(record);
        const row = connection.get(
          'SELECT * FROM orders WHERE vendor = ? AND vendor_order_id = ?',
          ...[vendor, pulled.vendorOrderId],
        );
        if (row && row['record_digest'] === recordDigest) {
          keepRaw(vendor, String(row['id']), pulled.number, raw);
          if (modifiedAt !== row['modified_at']) {
            connection.run('UPDATE orders SET modified_at = ? WHERE id = ?', modifiedAt, String(row['id']));
          }
          return { orderId: String(row['id']), change: 'same' as const };
        }
        connection.touch();
        const result = row
          ? change(row, pulled, contentDigest, recordDigest)
          : add(vendor, pulled, contentDigest, recordDigest);
        keepRaw(vendor, result.orderId, pulled.number, raw);
        return result;
      });
    },
    get(id) {
      const row = connection.get('SELECT * FROM orders WHERE id = ?', id);
      return row ? toRecord(row) : null;
    },
    row(id) {
      const row = connection.get(`SELECT ${rowColumns} FROM orders WHERE id = ?`, id);
      return row ? toRow(row) : null;
    },
    findByNumber(number) {
      const row = connection.get('SELECT * FROM orders WHERE number = ? ORDER BY seq DESC LIMIT 1', number);
      return row ? toRecord(row) : null;
    },
    setStatus(id, status) {
      connection.atomic(() => {
        if (connection.run('UPDATE orders SET status = ? WHERE id = ?', status, id) === 0) {
          throw new Error(`No order ${id}.`);
        }
        connection.touch();
      });
    },
    setReceiver(id, receiver) {
      connection.atomic(() => {
        const changed = connection.run(
          'UPDATE orders SET receiver = ?, receiver_name = ?, receiver_address = ?, country = ? WHERE id = ?',
          ...[JSON.stringify(receiver), receiver.name, addressLine(receiver), receiver.country || 'CN', id],
        );
        if (changed === 0) throw new Error(`No order ${id}.`);
        indexOrder(connection, id);
        connection.touch();
      });
    },
    forRouting: (after, limit) =>
      connection
        .all(
          'SELECT sort_at, seq, id, number, vendor, customer_name, receiver, fields FROM orders' +
            " WHERE status = 'waiting' AND (sort_at, seq) > (?, ?) ORDER BY sort_at, seq LIMIT ?",
          ...[after?.sortAt ?? Number.MIN_SAFE_INTEGER, after?.seq ?? 0, limit],
        )
        .map((row) => ({
          sortAt: Number(row['sort_at']),
          seq: Number(row['seq']),
          id: String(row['id']),
          number: String(row['number']),
          vendor: String(row['vendor']),
          customerName: String(row['customer_name']),
          receiver: JSON.parse(String(row['receiver'])) as Address,
          fields: JSON.parse(String(row['fields'])) as Record<string, string>,
        })),
    knowsProduct(code) {
      const query = searchQuery(code);
      if (query === null) return false;
      // The index finds substrings of any field; a handful of hits, looked at whole, is enough to tell a product code.
      const hits = connection.all('SELECT rowid FROM order_search WHERE order_search MATCH ? LIMIT ?', query, 20);
      return hits.some((hit) => {
        const row = connection.get('SELECT * FROM orders WHERE seq = ?', Number(hit['rowid']));
        return row !== undefined && toRecord(row).lines.some((line) => productCodes(line).includes(code.toUpperCase()));
      });
    },
    list({ status, search, offset, limit }) {
      if (search.trim() === '') {
        const all = counts();
        const total = status === null ? Object.values(all).reduce((sum, count) => sum + count, 0) : all[status];
        return { total, rows: page(status, offset, limit).map(toRow) };
      }
      const query = searchQuery(search);
      if (query === null) return { total: 0, rows: [] };
      const from =
        'FROM order_search JOIN orders ON orders.seq = order_search.rowid' +
        ' WHERE order_search MATCH ? AND (?2 IS NULL OR orders.status = ?2)';
      const total = connection.get(
        `SELECT count(*) AS count FROM (SELECT 1 ${from} LIMIT ?)`,
        query,
        status,
        mostCounted,
      );
      const rows = connection.all(
        `SELECT ${rowColumns} ${from} ORDER BY order_search.rowid DESC LIMIT ? OFFSET ?`,
        ...[query, status, limit, offset],
      );
      return { total: Number(total?.['count']), rows: rows.map(toRow) };
    },
    counts,
    revision: () => Number(connection.get('SELECT value FROM order_revision')?.['value']),
    rawOf(id) {
      const row = connection.get('SELECT body FROM raw_records WHERE order_id = ? ORDER BY seq DESC LIMIT 1', id);
      return row ? (JSON.parse(String(row['body'])) as unknown) : null;
    },
    keepRefused(vendor, refused) {
      const body = JSON.stringify(refused.raw) ?? 'null';
      const rawDigest = createHash('sha256').update(body).digest('hex');
      return (
        connection.run(
          'INSERT INTO raw_records (vendor, order_id, number, refused, digest, body, at)' +
            ' VALUES (?, NULL, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
          ...[vendor, refused.number, refused.reason, rawDigest, body, clock.now()],
        ) === 1
      );
    },
    listRefused(limit) {
      return connection
        .all(
          'SELECT vendor, number, refused, body, at FROM raw_records WHERE refused IS NOT NULL ORDER BY seq DESC LIMIT ?',
          limit,
        )
        .map((row): RefusedRecord => ({
          vendor: String(row['vendor']),
          number: row['number'] as string | null,
          reason: String(row['refused']),
          raw: JSON.parse(String(row['body'])) as unknown,
          at: Number(row['at']),
        }));
    },
  };
}
