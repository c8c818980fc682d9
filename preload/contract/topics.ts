/**
 * What a client can follow. Every message on a topic is a whole snapshot, never a difference, so a client that
 * reconnects subscribes again and is right at once.
 */
import type { z } from 'zod';
import { BagsSnapshot } from './models/bag.ts';
import { DaySnapshot } from './models/handover.ts';
import { DeviceSession, DevicesSnapshot } from './models/device-room.ts';
import { StatusSnapshot, TrainingState, WeightSnapshot } from './models/device.ts';
import { QueueSnapshot } from './models/order.ts';
import { PackSnapshot } from './models/pack.ts';
import { ScannersSnapshot } from './models/scan.ts';

export const topics = {
  pack: PackSnapshot,
  weight: WeightSnapshot,
  status: StatusSnapshot,
  queue: QueueSnapshot,
  training: TrainingState,
  bags: BagsSnapshot,
  day: DaySnapshot,
  scanners: ScannersSnapshot,
  devices: DevicesSnapshot,
  deviceSession: DeviceSession,
} as const;

export type Topics = typeof topics;
export type TopicName = keyof Topics;
export type TopicSnapshot<N extends TopicName> = z.output<Topics[N]>;
