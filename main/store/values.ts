/** Small durable values and counters. */
import type { Connection } from './connection.ts';
import type { ValueRepository } from './store.ts';

export function createValueRepository(connection: Connection): ValueRepository {
  return {
    get(key) {
      const row = connection.get('SELECT value FROM station_values WHERE key = ?', key);
      return row ? String(row['value']) : null;
    },
    set(key, value) {
      connection.run(
        'INSERT INTO station_values (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
        ...[key, value],
      );
    },
    delete(key) {
      connection.run('DELETE FROM station_values WHERE key = ?', key);
    },
    increment(key) {
      const row = connection.get(
        'INSERT INTO counters (key, value) VALUES (?, 1) ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value',
        key,
      );
      return Number(row?.['value']);
    },
  };
}
