/** Attempts to put a label through a printer. */
import type { PrintState } from '../../preload/contract/index.ts';
import type { Connection, Row } from './connection.ts';
import type { PrintKind, PrintRecord, PrintRepository } from './store.ts';

function toPrint(row: Row): PrintRecord {
  return {
    id: String(row['id']),
    parcelId: String(row['parcel_id']),
    kind: row['kind'] as PrintKind,
    printerId: String(row['printer_id']),
    state: row['state'] as PrintState,
    copy: Number(row['copy']),
    reason: String(row['reason']),
    bytesWritten: Number(row['bytes_written']),
    message: String(row['message']),
    createdAt: Number(row['created_at']),
    settledAt: row['settled_at'] as number | null,
  };
}

export function createPrintRepository(connection: Connection): PrintRepository {
  const listByState = (state: PrintState): PrintRecord[] =>
    connection.all('SELECT * FROM prints WHERE state = ? ORDER BY seq', state).map(toPrint);

  return {
    insert(print) {
      connection.atomic(() => {
        connection.run(
          'INSERT INTO prints (id, parcel_id, kind, printer_id, state, copy, reason, bytes_written, message,' +
            ' created_at, settled_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
          ...[print.id, print.parcelId, print.kind, print.printerId, print.state, print.copy, print.reason],
          ...[print.bytesWritten, print.message, print.createdAt, print.settledAt],
        );
        connection.touch();
      });
    },
    get(id) {
      const row = connection.get('SELECT * FROM prints WHERE id = ?', id);
      return row ? toPrint(row) : null;
    },
    listByParcel: (parcelId) =>
      connection.all('SELECT * FROM prints WHERE parcel_id = ? ORDER BY seq', parcelId).map(toPrint),
    update(print) {
      connection.atomic(() => {
        const changed = connection.run(
          'UPDATE prints SET state = ?, reason = ?, bytes_written = ?, message = ?, settled_at = ? WHERE id = ?',
          ...[print.state, print.reason, print.bytesWritten, print.message, print.settledAt, print.id],
        );
        if (changed === 0) throw new Error(`No print ${print.id}.`);
        connection.touch();
      });
    },
    recoverInterrupted(now) {
      return connection.atomic(() => {
        const message = 'The station stopped before this print was settled.';
        const claimed = connection.run(
          "UPDATE prints SET state = 'not-printed', message = ?, settled_at = ? WHERE state = 'claimed'",
          ...[message, now],
        );
        const sending = listByState('sending').map((print): PrintRecord => ({
          ...print,
          state: 'unknown',
          message,
          settledAt: now,
        }));
        connection.run(
          "UPDATE prints SET state = 'unknown', message = ?, settled_at = ? WHERE state = 'sending'",
          ...[message, now],
        );
        if (claimed > 0 || sending.length > 0) connection.touch();
        return sending;
      });
    },
    listByState,
  };
}
