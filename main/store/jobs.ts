/**
 * Durable outbound calls. This file only stores; every change of state is decided by `next` in
 * ../domain/job-transitions.ts.
 */
import { parcelOfLane } from '../domain/lanes.ts';
import type { EffectClass, Job, JobError, JobState, ParcelJob } from '../domain/job.ts';
import type { DocumentOperation, OperationName, ParcelFacts } from '../domain/shipping.ts';
import type { Connection, Row } from './connection.ts';
import type { JobRepository } from './store.ts';

function toJob(row: Row): Job {
  const common = {
    id: String(row['id']),
    lane: String(row['lane']),
    laneSeq: Number(row['lane_seq']),
    vendor: String(row['vendor']),
    effect: row['effect'] as EffectClass,
    requestId: String(row['request_id']),
    state: row['state'] as JobState,
    attempts: Number(row['attempts']),
    uncounted: Number(row['uncounted']),
    asks: Number(row['asks']),
    doubt: row['doubt'] === 1,
    notBefore: Number(row['not_before']),
    heldBy: row['held_by'] as string | null,
    createdAt: Number(row['created_at']),
    sentAt: row['sent_at'] as number | null,
    firstSentAt: row['first_sent_at'] as number | null,
    lastError: row['last_error'] === null ? null : (JSON.parse(String(row['last_error'])) as JobError),
    result: row['result'] === null ? null : (JSON.parse(String(row['result'])) as unknown),
    ...(row['payload'] === null ? {} : { payload: JSON.parse(String(row['payload'])) as unknown }),
  };
  const facts = JSON.parse(String(row['facts'])) as ParcelFacts | null;
  return facts === null
    ? { ...common, operation: row['operation'] as DocumentOperation, facts }
    : { ...common, operation: row['operation'] as OperationName, facts };
}

/** A column that is kept even if nobody can read it. */
function parsed(text: Row[string] | undefined): unknown {
  try {
    return text === null || text === undefined ? null : (JSON.parse(String(text)) as unknown);
  } catch {
    return null;
  }
}

/** A request id stands for one content: with its window closed, the next send of changed content takes a new id. */
const closedIfSent = "CASE WHEN effect = 'keyed' AND first_sent_at IS NOT NULL THEN 0 ELSE first_sent_at END";

/** `last_error_kind` of a row that could not be read as a job. */
const unreadableKind = 'unreadable';

/** `?1` is a parcel's id; its reports have lanes `id#vendor`, and `$` follows `#` (ASCII). Walks the lane index. */
const lanesOfParcel = "lane = ?1 OR (lane > ?1 || '#' AND lane < ?1 || '$')";

const json = (value: unknown): string | null => (value === null || value === undefined ? null : JSON.stringify(value));

export function createJobRepository(connection: Connection): JobRepository {
  const known = new Set(connection.all('SELECT vendor FROM job_vendors').map((row) => String(row['vendor'])));
  const vendors = (skip: readonly string[]): string[] => [...known].filter((vendor) => !skip.includes(vendor));

  /**
   * The rows as jobs. One that does not parse is set aside as `dead`, with everything it holds: it must neither stop the
   * others nor be lost. What it may have done at its vendor stays in doubt.
   */
  const readable = (rows: readonly Row[]): Job[] =>
    rows.flatMap((row) => {
      try {
        return [toJob(row)];
      } catch (error) {
        if (row['last_error_kind'] === unreadableKind) return [];
        const message = error instanceof Error ? error.message : String(error);
        connection.atomic(() => {
          connection.run(
            "UPDATE jobs SET state = 'dead', last_error_kind = ?, last_error = ?," +
              " doubt = CASE WHEN state IN ('sending', 'unknown', 'reconciling') THEN 1 ELSE doubt END" +
              " WHERE seq = ? AND state <> 'done'",
            ...[
              unreadableKind,
              json({ kind: 'needs-person', code: 'unreadable', message, at: Number(row['created_at']) }),
              Number(row['seq']),
            ],
          );
          connection.touch();
        });
        return [];
      }
    });

  // One look-up per vendor, merged: a vendor that is down with 100,000 jobs costs the others nothing. The merge needs
  // the index alone; whole rows are read only for the jobs that are returned.
  const due = (condition: string, now: number, skip: readonly string[], limit: number): Job[] => {
    const found = vendors(skip)
      .flatMap((vendor) =>
        connection.all(
          `SELECT not_before, seq FROM jobs WHERE ${condition} AND vendor = ? AND not_before <= ?` +
            ' ORDER BY not_before, seq LIMIT ?',
          ...[vendor, now, limit],
        ),
      )
      .map((row) => ({ notBefore: Number(row['not_before']), seq: Number(row['seq']) }))
      .toSorted((a, b) => a.notBefore - b.notBefore || a.seq - b.seq);
    return found.slice(0, limit).flatMap(({ seq }) => {
      const row = connection.get('SELECT * FROM jobs WHERE seq = ?', seq);
      return row ? readable([row]) : [];
    });
  };

  const ready = "state = 'ready' AND head = 1 AND held_by IS NULL";
  const unknown = "state = 'unknown'";

  const repository: JobRepository = {
    insert(job) {
      connection.atomic(() => {
        const blocked = connection.get(
          "SELECT 1 AS found FROM jobs WHERE lane = ? AND lane_seq < ? AND state <> 'done' LIMIT 1",
          ...[job.lane, job.laneSeq],
        );
        connection.run(
          'INSERT INTO jobs (id, lane, lane_seq, head, vendor, operation, effect, facts, request_id, state, attempts,' +
            ' uncounted, asks, doubt, not_before, held_by, created_at, sent_at, first_sent_at, last_error,' +
            ' last_error_kind, result, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
          ...[job.id, job.lane, job.laneSeq, blocked || job.state === 'done' ? 0 : 1, job.vendor, job.operation],
          ...[job.effect, JSON.stringify(job.facts), job.requestId, job.state, job.attempts, job.uncounted ?? 0],
          ...[job.asks ?? 0, job.doubt ? 1 : 0, job.notBefore, job.heldBy, job.createdAt, job.sentAt, job.firstSentAt],
          ...[json(job.lastError), job.lastError?.kind ?? null, json(job.result), json(job.payload)],
        );
        if (!blocked) {
          // A job put in front of others takes the head from the one that had it.
          connection.run(
            "UPDATE jobs SET head = 0 WHERE lane = ? AND lane_seq > ? AND head = 1 AND ?3 <> 'done'",
            ...[job.lane, job.laneSeq, job.state],
          );
        }
        connection.run('INSERT INTO job_vendors (vendor) VALUES (?) ON CONFLICT DO NOTHING', job.vendor);
        // A rollback may leave a vendor here that has no jobs; looking for them costs nothing.
        known.add(job.vendor);
        connection.touch();
      });
    },
    insertOnce(job) {
      return connection.atomic(() => {
        const taken = connection.get(
          'SELECT 1 AS found FROM jobs WHERE lane = ? AND lane_seq = ?',
          ...[job.lane, job.laneSeq],
        );
        if (taken) return false;
        repository.insert(job);
        return true;
      });
    },
    get(id) {
      const row = connection.get('SELECT * FROM jobs WHERE id = ?', id);
      return row ? (readable([row])[0] ?? null) : null;
    },
    listByLane: (lane) => readable(connection.all('SELECT * FROM jobs WHERE lane = ? ORDER BY lane_seq', lane)),
    briefs: (lane) =>
      connection
        .all(
          "SELECT id, operation, state, doubt, last_error, CASE WHEN operation = 'updateFlight' THEN payload END AS payload" +
            ' FROM jobs WHERE lane = ? ORDER BY lane_seq',
          lane,
        )
        .map((row) => ({
          id: String(row['id']),
          operation: String(row['operation']),
          state: row['state'] as JobState,
          doubt: row['doubt'] === 1,
          lastError: parsed(row['last_error']) as JobError | null,
          payload: parsed(row['payload']),
        })),
    listByParcel: (parcelId) =>
      readable(connection.all(`SELECT * FROM jobs WHERE ${lanesOfParcel} ORDER BY lane, lane_seq`, parcelId)).filter(
        (job): job is ParcelJob => job.facts !== null,
      ),
    setFacts(parcelId, facts) {
      return connection.atomic(() => {
        const changed = connection.run(
          `UPDATE jobs SET facts = ?2, first_sent_at = ${closedIfSent} WHERE (${lanesOfParcel})` +
            " AND state IN ('ready', 'rejected', 'dead') AND doubt = 0",
          ...[parcelId, JSON.stringify(facts)],
        );
        if (changed > 0) connection.touch();
        return changed;
      });
    },
    earlierResults(lane, laneSeq) {
      const results: Record<string, unknown> = {};
      const rows = connection.all(
        "SELECT operation, result FROM jobs WHERE lane = ? AND lane_seq < ? AND state = 'done' ORDER BY lane_seq",
        ...[lane, laneSeq],
      );
      const parcel = parcelOfLane(lane);
      if (parcel !== lane) {
        const ofLabel = "SELECT operation, result FROM jobs WHERE lane = ? AND state = 'done' ORDER BY lane_seq";
        rows.unshift(...connection.all(ofLabel, parcel));
      }
      for (const row of rows) {
        results[String(row['operation'])] = parsed(row['result']);
      }
      return results;
    },
    nextReady: (now, skip, limit) => due(ready, now, skip, limit),
    nextUnknown: (now, skip, limit) => due(unknown, now, skip, limit),
    nextFresh: (now, since, skip, limit) =>
      vendors(skip)
        .flatMap((vendor) =>
          readable(
            connection.all(
              `SELECT * FROM jobs WHERE ${ready} AND vendor = ? AND not_before > ? AND not_before <= ?` +
                ' AND created_at > ? ORDER BY not_before DESC, seq LIMIT ?',
              ...[vendor, since, now, since, limit],
            ),
          ),
        )
        .toSorted((a, b) => b.createdAt - a.createdAt)
        .slice(0, limit),
    update(job, expected) {
      return connection.atomic(() => {
        const changed = connection.run(
          'UPDATE jobs SET request_id = ?, state = ?, attempts = ?, uncounted = ?, asks = ?, doubt = ?, not_before = ?,' +
            ' held_by = ?, sent_at = ?, first_sent_at = ?, last_error = ?, last_error_kind = ?, result = ?' +
            ' WHERE id = ? AND state = ?',
          ...[job.requestId, job.state, job.attempts, job.uncounted ?? 0, job.asks ?? 0, job.doubt ? 1 : 0],
          ...[job.notBefore, job.heldBy, job.sentAt, job.firstSentAt, json(job.lastError), job.lastError?.kind ?? null],
          ...[json(job.result), job.id, expected],
        );
        if (changed === 0) return false;
        if (job.state === 'done' && expected !== 'done') {
          connection.run('UPDATE jobs SET head = 0 WHERE id = ?', job.id);
          connection.run(
            'UPDATE jobs SET head = 1 WHERE lane = ?1 AND lane_seq = (SELECT min(lane_seq) FROM jobs' +
              " WHERE lane = ?1 AND state <> 'done')",
            job.lane,
          );
        }
        connection.touch();
        return true;
      });
    },
    release(parcelId, heldBy) {
      connection.atomic(() => {
        const sql = `UPDATE jobs SET held_by = NULL WHERE (${lanesOfParcel}) AND held_by = ?2`;
        if (connection.run(sql, parcelId, heldBy) > 0) {
          connection.touch();
        }
      });
    },
    recoverInterrupted(now) {
      return connection.atomic(() => {
        const error = JSON.stringify({
          kind: 'unknown',
          code: 'interrupted',
          message: 'The station stopped while this call was on its way.',
          at: now,
        } satisfies JobError);
        const changed = connection.run(
          "UPDATE jobs SET state = 'unknown', doubt = 1, not_before = ?, last_error = ?, last_error_kind = 'unknown'" +
            " WHERE state IN ('sending', 'reconciling')",
          ...[now, error],
        );
        if (changed > 0) connection.touch();
        return changed;
      });
    },
    closeKeyWindows() {
      return connection.run(
        "UPDATE jobs SET first_sent_at = 0 WHERE state IN ('ready', 'sending', 'unknown', 'reconciling')" +
          " AND effect = 'keyed' AND first_sent_at IS NOT NULL",
      );
    },
    nextDueAt(skip = []) {
      let earliest: number | null = null;
      for (const vendor of vendors(skip)) {
        for (const condition of [ready, unknown]) {
          const row = connection.get(
            `SELECT not_before FROM jobs WHERE ${condition} AND vendor = ? ORDER BY not_before, seq LIMIT 1`,
            vendor,
          );
          if (row) earliest = Math.min(earliest ?? Infinity, Number(row['not_before']));
        }
      }
      return earliest;
    },
    vendors: () => vendors([]),
    hasten(vendor, now, kinds) {
      // A job made before the clock was set back was made in the future.
      return connection.run(
        `UPDATE jobs SET not_before = min(created_at, ?2) WHERE ${ready} AND vendor = ?1 AND not_before > ?2` +
          ' AND last_error_kind IN (SELECT value FROM json_each(?3))',
        ...[vendor, now, JSON.stringify(kinds)],
      );
    },
    renewWaits(now) {
      connection.run(
        "UPDATE jobs SET not_before = ?1 + max(0, not_before - ifnull(last_error ->> '$.at', not_before))" +
          " WHERE state = 'ready' AND not_before > ?1 AND ifnull(last_error ->> '$.at', created_at) > ?1",
        now,
      );
    },
    moveClock(byMs, now) {
      connection.atomic(() => {
        connection.run(
          'UPDATE jobs SET not_before = not_before + ?1, sent_at = sent_at + ?1, first_sent_at = first_sent_at + min(0, ?1)' +
            " WHERE state IN ('ready', 'sending', 'unknown', 'reconciling') AND sent_at IS NOT NULL",
          byMs,
        );
        connection.run(
          "UPDATE jobs SET not_before = ?1 WHERE state IN ('ready', 'unknown') AND sent_at IS NULL AND not_before > ?1",
          now,
        );
      });
    },
    summary() {
      const counts = new Map(
        connection
          .all('SELECT state, count FROM job_counts')
          .map((row) => [String(row['state']) as JobState, Number(row['count'])]),
      );
      const count = (state: JobState): number => counts.get(state) ?? 0;
      const oldest = connection.get(
        "SELECT created_at FROM jobs WHERE state IN ('ready', 'sending', 'unknown', 'reconciling')" +
          ' ORDER BY created_at LIMIT 1',
      );
      return {
        open: count('ready') + count('sending') + count('unknown') + count('reconciling'),
        unknown: count('unknown') + count('reconciling'),
        dead: count('dead'),
        rejected: count('rejected'),
        oldestAt: oldest ? Number(oldest['created_at']) : null,
      };
    },
    list({ states, offset, limit }) {
      const marks = states.map(() => '?').join(', ');
      // Naming the partial index's condition lets SQLite use it; `done` jobs are the only ones outside it.
      const open = states.includes('done') ? '' : " AND state <> 'done'";
      return readable(
        connection.all(
          `SELECT * FROM jobs WHERE state IN (${marks})${open} ORDER BY seq LIMIT ? OFFSET ?`,
          ...states,
          limit,
          offset,
        ),
      );
    },
    unreadable(limit) {
      return connection
        .all(
          'SELECT id, lane, vendor, operation, last_error, created_at FROM jobs' +
            " WHERE state = 'dead' AND last_error_kind = ? ORDER BY seq LIMIT ?",
          unreadableKind,
          limit,
        )
        .map((row) => ({
          id: String(row['id']),
          parcelId: parcelOfLane(String(row['lane'])),
          vendor: String(row['vendor']),
          operation: String(row['operation']),
          reason: (parsed(row['last_error']) as JobError | null)?.message ?? '',
          createdAt: Number(row['created_at']),
        }));
    },
    readAgain(id) {
      return connection.atomic(() => {
        const row = connection.get('SELECT * FROM jobs WHERE id = ? AND last_error_kind = ?', id, unreadableKind);
        if (row === undefined) return null;
        try {
          toJob(row);
        } catch {
          return null;
        }
        connection.run("UPDATE jobs SET last_error_kind = 'needs-person' WHERE id = ?", id);
        connection.touch();
        return repository.get(id);
      });
    },
  };
  return repository;
}
