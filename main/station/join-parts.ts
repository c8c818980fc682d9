/** Who hears of whom: what happens in one part of the station reaches the desks, the outbox and the status bar. */
import { no } from '../desk/answer.ts';
import type { BagDesk } from '../desk/bags/bag-desk.ts';
import type { Desk } from '../desk/desk.ts';
import type { DayDesk } from '../desk/handover/day-desk.ts';
import type { Intake } from '../desk/intake.ts';
import type { StatusBoard } from '../desk/status.ts';
import type { Tracking } from '../desk/tracking.ts';
import type { BenchWeigher } from '../desk/weigher.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Ports } from '../ports.ts';
import type { Store } from '../store/store.ts';
import type { Devices } from './devices.ts';
import type { DwsMachines } from './dws-machines.ts';
import type { SafeStore } from './safe-store.ts';
import type { Scanners } from './scanners.ts';
import type { VirtualMachines } from './virtual-machines.ts';

export interface JoinedParts {
  readonly desk: Desk;
  readonly day: DayDesk;
  readonly bags: BagDesk;
  readonly board: Pick<StatusBoard, 'touch'>;
  readonly outbox: Outbox;
  readonly tracking: Tracking;
  readonly intake: Intake;
  readonly store: Pick<Store, 'onCommit'>;
  readonly safe: Pick<SafeStore, 'onChange' | 'refusal'>;
  readonly weigher: BenchWeigher;
  readonly devices: Devices;
  readonly dws: DwsMachines;
  readonly scanners: Pick<Scanners, 'add'>;
  readonly machines: VirtualMachines;
  readonly line: Ports['line'];
  /** Runs what a device or the line set off; a failure of the database is met where all are (station/supervised.ts). */
  guard(work: () => void): void;
}

/** Joins them; each function returned undoes one joint. */
export function joinParts(parts: JoinedParts): (() => void)[] {
  const { desk, day, bags, board, outbox, tracking, intake, store, safe } = parts;
  const { weigher, devices, dws, scanners, machines, line, guard } = parts;
  return [
    outbox.onSettled((job) => {
      desk.jobSettled(job);
      day.jobSettled(job);
      bags.jobSettled(job);
      board.touch();
    }),
    store.onCommit(() => {
      board.touch();
      day.touch();
      bags.touch();
    }),
    weigher.onEvent(() => {
      guard(() => {
        desk.weightChanged();
        bags.weightChanged();
      });
    }),
    safe.onChange(() => {
      board.touch();
      // There may be room again.
      if (safe.refusal() === null) outbox.poke();
    }),
    intake.state.onChange(() => {
      board.touch();
    }),
    devices.onChange(() => {
      board.touch();
    }),
    dws.onChange(() => {
      board.touch();
    }),
    machines.onStart((kind) => {
      guard(() => {
        const [measuring, reading] = [machines.dws(), machines.scanner()];
        if (kind === 'scale') void devices.useVirtualScale();
        else if (kind === 'dws' && measuring !== null) dws.add(measuring.entry);
        else if (kind === 'scanner' && reading !== null) scanners.add(reading.entry);
        board.touch();
      });
    }),
    dws.desk.onRefused((code, reason) => {
      guard(() => desk.tell(code, no(reason, 'stop')));
    }),
    line.onChange((up) => {
      guard(() => {
        if (up) {
          outbox.retryNow();
          tracking.retryNow();
          // The failure of this pull is on the screen like any other's.
          void intake.sync().catch(() => 0);
        }
        board.touch();
      });
    }),
  ];
}
