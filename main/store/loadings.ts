/** The re-scan at loading: what is to be on the truck, what was scanned there. What may be scanned is decided in ../domain. */
import type { Connection, Row } from './connection.ts';

/** How a loading ended: see `day.loading`. */
export type LoadingEnd = 'end' | 'end-unread' | 'cancel';

export interface LoadingRecord {
  readonly id: string;
  readonly vendor: string;
  /** `finishing`: ended, and what it hands over is being written down. */
  readonly state: 'loading' | 'finishing' | 'ended';
  readonly expected: number;
  readonly loaded: number;
  readonly parcelsExpected: number;
  readonly parcelsLoaded: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly endedBy: LoadingEnd | null;
  readonly reason: string | null;
}

export interface LoadingItemRecord {
  readonly kind: 'bag' | 'parcel';
  readonly itemId: string;
  /** The code on it. */
  readonly number: string;
  readonly parcels: number;
  readonly loadedAt: number | null;
}

export interface LoadingRepository {
  /** The one that has not ended, or null. */
  current(): LoadingRecord | null;
  get(id: string): LoadingRecord | null;
  /** Throws if one has not ended. */
  insert(loading: { id: string; vendor: string; startedAt: number }): void;
  /** What is to be scanned; what is there already stays as it is. */
  expect(id: string, items: readonly Omit<LoadingItemRecord, 'loadedAt'>[]): void;
  /**
   * Expects every loose parcel of the carrier. With `inDocuments` only those that a living document holds and that did
   * not fail in one of another kind.
   */
  expectLoose(id: string, vendor: string, inDocuments: boolean): void;
  item(id: string, kind: LoadingItemRecord['kind'], itemId: string): LoadingItemRecord | null;
  /** Throws unless it is expected and not loaded yet. */
  load(id: string, kind: LoadingItemRecord['kind'], itemId: string, at: number): void;
  /** The one scanned last. */
  lastLoaded(id: string): LoadingItemRecord | null;
  /** Takes it off the truck. */
  unload(id: string, item: LoadingItemRecord): void;
  /** Bags first. */
  missing(id: string, limit: number): LoadingItemRecord[];
  /** No longer expected: it was bagged, voided or refused meanwhile. Only if it is not loaded. */
  drop(id: string, item: LoadingItemRecord): void;
  finish(id: string, by: LoadingEnd, reason: string, at: number): void;
  /** Items that leave and are not written down as such, up to about `parcels` parcels. `all`: also those not scanned. */
  unsettled(id: string, all: boolean, parcels: number): LoadingItemRecord[];
  settle(id: string, items: readonly LoadingItemRecord[]): void;
  end(id: string): void;
}

function toLoading(row: Row): LoadingRecord {
  return {
    id: String(row['id']),
    vendor: String(row['vendor']),
    state: row['state'] as LoadingRecord['state'],
    expected: Number(row['expected']),
    loaded: Number(row['loaded']),
    parcelsExpected: Number(row['parcels_expected']),
    parcelsLoaded: Number(row['parcels_loaded']),
    startedAt: Number(row['started_at']),
    endedAt: row['ended_at'] as number | null,
    endedBy: row['ended_by'] as LoadingEnd | null,
    reason: row['reason'] as string | null,
  };
}

function toItem(row: Row): LoadingItemRecord {
  return {
    kind: row['kind'] as LoadingItemRecord['kind'],
    itemId: String(row['item_id']),
    number: String(row['number']),
    parcels: Number(row['parcels']),
    loadedAt: row['loaded_at'] as number | null,
  };
}

const oneItem = 'loading_id = ? AND kind = ? AND item_id = ?';

export function createLoadingRepository(connection: Connection): LoadingRepository {
  const count = (id: string): void => {
    connection.run(
      'UPDATE loadings SET (expected, parcels_expected) = (SELECT count(*), ifnull(sum(parcels), 0) FROM loading_items' +
        ' WHERE loading_id = ?1) WHERE id = ?1',
      id,
    );
    connection.touch();
  };
  const one = (sql: string, ...values: string[]): LoadingRecord | null => {
    const row = connection.get(sql, ...values);
    return row ? toLoading(row) : null;
  };

  return {
    current: () => one("SELECT * FROM loadings WHERE state <> 'ended'"),
    get: (id) => one('SELECT * FROM loadings WHERE id = ?', id),
    insert(loading) {
      connection.atomic(() => {
        connection.run(
          'INSERT INTO loadings (id, vendor, state, expected, loaded, parcels_expected, parcels_loaded, started_at)' +
            " VALUES (?, ?, 'loading', 0, 0, 0, 0, ?)",
          ...[loading.id, loading.vendor, loading.startedAt],
        );
        connection.touch();
      });
    },
    expect(id, items) {
      connection.atomic(() => {
        for (const { kind, itemId, number, parcels } of items) {
          connection.run(
            'INSERT INTO loading_items (loading_id, kind, item_id, number, parcels) VALUES (?, ?, ?, ?, ?)' +
              ' ON CONFLICT DO NOTHING',
            ...[id, kind, itemId, number, parcels],
          );
        }
        count(id);
      });
    },
    expectLoose(id, vendor, inDocuments) {
      const held = (which: string): string =>
        `EXISTS (SELECT 1 FROM handover_parcels AS held WHERE held.parcel_id = parcels.id AND ${which})`;
      const condition = inDocuments
        ? ` AND ${held("held.state <> 'failed'")} AND NOT ` +
          held(
            "held.state = 'failed' AND NOT EXISTS (SELECT 1 FROM handover_parcels AS again WHERE again.kind = held.kind" +
              " AND again.parcel_id = held.parcel_id AND again.state <> 'failed')",
          )
        : '';
      connection.atomic(() => {
        connection.run(
          'INSERT INTO loading_items (loading_id, kind, item_id, number, parcels)' +
            " SELECT ?, 'parcel', parcels.id, parcels.waybill, 1 FROM parcels WHERE parcels.verified_at IS NOT NULL" +
            ' AND parcels.bag_id IS NULL AND parcels.handed_over_at IS NULL AND parcels.vendor = ?' +
            ` AND parcels.waybill IS NOT NULL${condition} ON CONFLICT DO NOTHING`,
          ...[id, vendor],
        );
        count(id);
      });
    },
    item(id, kind, itemId) {
      const row = connection.get(`SELECT * FROM loading_items WHERE ${oneItem}`, id, kind, itemId);
      return row ? toItem(row) : null;
    },
    load(id, kind, itemId, at) {
      connection.atomic(() => {
        const loaded = connection.run(
          'UPDATE loading_items SET loaded_at = ?, place = (SELECT ifnull(max(place), 0) + 1 FROM loading_items' +
            ` WHERE loading_id = ? AND loaded_at IS NOT NULL) WHERE ${oneItem} AND loaded_at IS NULL`,
          ...[at, id, id, kind, itemId],
        );
        if (loaded === 0) throw new Error(`${kind} ${itemId} is not expected, or loaded already.`);
        connection.run(
          'UPDATE loadings SET loaded = loaded + 1, parcels_loaded = parcels_loaded +' +
            ` (SELECT parcels FROM loading_items WHERE ${oneItem}) WHERE id = ?`,
          ...[id, kind, itemId, id],
        );
        connection.touch();
      });
    },
    lastLoaded(id) {
      const row = connection.get(
        'SELECT * FROM loading_items WHERE loading_id = ? AND loaded_at IS NOT NULL ORDER BY place DESC LIMIT 1',
        id,
      );
      return row ? toItem(row) : null;
    },
    unload(id, item) {
      connection.atomic(() => {
        const changed = connection.run(
          `UPDATE loading_items SET loaded_at = NULL, place = NULL WHERE ${oneItem} AND loaded_at IS NOT NULL`,
          ...[id, item.kind, item.itemId],
        );
        if (changed === 0) throw new Error(`${item.kind} ${item.itemId} is not loaded.`);
        connection.run(
          'UPDATE loadings SET loaded = loaded - 1, parcels_loaded = parcels_loaded - ? WHERE id = ?',
          ...[item.parcels, id],
        );
        connection.touch();
      });
    },
    missing: (id, limit) =>
      connection
        .all(
          'SELECT * FROM loading_items WHERE loading_id = ? AND loaded_at IS NULL ORDER BY kind, number LIMIT ?',
          ...[id, limit],
        )
        .map(toItem),
    drop(id, item) {
      connection.atomic(() => {
        const gone = connection.run(
          `DELETE FROM loading_items WHERE ${oneItem} AND loaded_at IS NULL`,
          ...[id, item.kind, item.itemId],
        );
        if (gone > 0) {
          connection.run(
            'UPDATE loadings SET expected = expected - 1, parcels_expected = parcels_expected - ? WHERE id = ?',
            ...[item.parcels, id],
          );
        }
        connection.touch();
      });
    },
    finish(id, by, reason, at) {
      connection.atomic(() => {
        connection.run(
          "UPDATE loadings SET state = ?, ended_at = ?, ended_by = ?, reason = ? WHERE id = ? AND state = 'loading'",
          ...[by === 'cancel' ? 'ended' : 'finishing', at, by, reason, id],
        );
        connection.touch();
      });
    },
    unsettled(id, all, parcels) {
      const rows = connection.all(
        'SELECT * FROM loading_items WHERE loading_id = ? AND settled = 0' +
          `${all ? '' : ' AND loaded_at IS NOT NULL'} ORDER BY kind, item_id LIMIT ?`,
        ...[id, parcels],
      );
      const items: LoadingItemRecord[] = [];
      let sum = 0;
      for (const item of rows.map(toItem)) {
        if (items.length > 0 && sum + item.parcels > parcels) break;
        items.push(item);
        sum += item.parcels;
      }
      return items;
    },
    settle(id, items) {
      connection.atomic(() => {
        for (const { kind, itemId } of items) {
          connection.run(`UPDATE loading_items SET settled = 1 WHERE ${oneItem}`, id, kind, itemId);
        }
        connection.touch();
      });
    },
    end(id) {
      connection.atomic(() => {
        connection.run("UPDATE loadings SET state = 'ended' WHERE id = ?", id);
        connection.touch();
      });
    },
  };
}
