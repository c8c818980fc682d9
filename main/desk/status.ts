/** The status bar: what is up, what is late, what is virtual, assumed, unknown. Composed from the parts on demand. */
import type { Notice, StatusSnapshot } from '../../preload/contract/index.ts';
import type { Clock, Timer } from '../ports.ts';
import { Observable } from './observable.ts';

export interface StatusParts {
  readonly training: boolean;
  vendors(): StatusSnapshot['vendors'];
  printers(): StatusSnapshot['printers'];
  scale(): StatusSnapshot['scale'];
  dws(): NonNullable<StatusSnapshot['dws']>;
  outbox(): StatusSnapshot['outbox'];
  sync(): StatusSnapshot['sync'];
  attention(): number;
  problems(): readonly Notice[];
  network(): StatusSnapshot['network'];
  records(): NonNullable<StatusSnapshot['records']>;
}

export interface StatusBoard {
  readonly snapshot: Observable<StatusSnapshot>;
  /** Something changed; the board is composed anew soon, at most ten times a second. */
  touch(): void;
  stop(): void;
}

const quietMs = 100;
/** Ages are counted on the screen; this only keeps a silent board honest. */
const heartbeatMs = 5_000;

export function createStatusBoard(parts: StatusParts, clock: Clock): StatusBoard {
  const compose = (): StatusSnapshot => ({
    at: clock.now(),
    training: parts.training,
    vendors: parts.vendors(),
    printers: parts.printers(),
    scale: parts.scale(),
    dws: parts.dws(),
    outbox: parts.outbox(),
    sync: parts.sync(),
    attention: parts.attention(),
    problems: [...parts.problems()],
    network: parts.network(),
    records: parts.records(),
  });
  const snapshot = new Observable<StatusSnapshot>(compose());
  let timer: Timer | null = null;
  let soon = false;
  let stopped = false;

  function arm(delayMs: number): void {
    timer?.cancel();
    timer = clock.after(delayMs, () => {
      soon = false;
      if (stopped) return;
      snapshot.set(compose());
      arm(heartbeatMs);
    });
  }
  arm(heartbeatMs);

  return {
    snapshot,
    touch() {
      if (soon || stopped) return;
      soon = true;
      arm(quietMs);
    },
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}
