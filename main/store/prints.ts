/** Attempts to put a label of a parcel or a big bag through a printer. */
import { nextPrint } from '../domain/print-transitions.ts';
import type { PrintState } from '../../preload/contract/index.ts';
import type { Connection, Row } from './connection.ts';
import type { BagPrint, BagPrintKind, ParcelPrint, ParcelPrintKind, PrintRecord, PrintRepository } from './store.ts';

function toPrint(row: Row): PrintRecord {
  const common = {
    id: String(row['id']),
    printerId: String(row['printer_id']),
    state: row['state'] as PrintState,
    copy: Number(row['copy']),
    reason: String(row['reason']),
    bytesWritten: Number(row['bytes_written']),
    message: String(row['message']),
    createdAt: Number(row['created_at']),
    settledAt: row['settled_at'] as number | null,
  };
  return row['bag_id'] === null
    ? { ...common, parcelId: String(row['parcel_id']), bagId: null, kind: row['kind'] as ParcelPrintKind }
    : { ...common, parcelId: null, bagId: String(row['bag_id']), kind: row['kind'] as BagPrintKind };
}

export function createPrintRepository(connection: Connection): PrintRepository {
  const listByState = (state: PrintState): PrintRecord[] =>
    connection.all('SELECT * FROM prints WHERE state = ? ORDER BY seq', state).map(toPrint);

  return {
    insert(print) {
      connection.atomic(() => {
        connection.run(
          'INSERT INTO prints (id, parcel_id, bag_id, kind, printer_id, state, copy, reason, bytes_written, message,' +
            ' created_at, settled_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
          ...[
            print.id,
            print.parcelId,
            print.bagId ?? null,
            print.kind,
            print.printerId,
            print.state,
            print.copy,
            print.reason,
          ],
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
      connection
        .all('SELECT * FROM prints WHERE parcel_id = ? ORDER BY seq', parcelId)
        .map(toPrint)
        .filter((print): print is ParcelPrint => print.parcelId !== null),
    listByBag: (bagId) =>
      connection
        .all('SELECT * FROM prints WHERE bag_id = ? ORDER BY seq', bagId)
        .map(toPrint)
        .filter((print): print is BagPrint => print.parcelId === null),
    update(print) {
      connection.atomic(() => {
        const changed = connection.run(
          'UPDATE prints SET printer_id = ?, state = ?, reason = ?, bytes_written = ?, message = ?, settled_at = ?' +
            ' WHERE id = ?',
          ...[print.printerId, print.state, print.reason, print.bytesWritten, print.message, print.settledAt],
          print.id,
        );
        if (changed === 0) throw new Error(`No print ${print.id}.`);
        connection.touch();
      });
    },
    recoverInterrupted(now) {
      return connection.atomic(() => {
        const changed = [...listByState('preflight'), ...listByState('sending')].map((print) =>
          nextPrint(print, { kind: 'interrupted' }, now),
        );
        for (const print of changed) this.update(print);
        return changed;
      });
    },
    latestSent: (printerId, limit) =>
      connection
        .all(
          'SELECT * FROM prints WHERE printer_id = ? AND bytes_written <> 0 ORDER BY seq DESC LIMIT ?',
          printerId,
          limit,
        )
        .map(toPrint),
    listByState,
  };
}
