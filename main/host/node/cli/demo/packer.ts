/** A packer who works the desk through the same contract as the screen: scans, waits, answers questions. */
import type { PackCommand, PackSnapshot, ScanFeedback } from '../../../../../preload/contract/index.ts';
import type { Client, StationContract } from '../../../../../preload/rpc/index.ts';
import type { Clock } from '../../../../ports.ts';
import { follow } from './follow.ts';

export interface Packer {
  scan(code: string): Promise<ScanFeedback>;
  command(command: PackCommand, reason: string): Promise<ScanFeedback>;
  /** The desk as the screen shows it now, asked for afresh. */
  look(): Promise<PackSnapshot>;
  /** Waits until the screen shows what `wanted` is true for. Rejects with PackerError after `limitMs`. */
  until(what: string, wanted: (desk: PackSnapshot) => boolean, limitMs: number): Promise<PackSnapshot>;
  stop(): void;
}

export async function createPacker(client: Client<StationContract>, clock: Clock): Promise<Packer> {
  const screen = follow(client, clock, 'pack', (desk) => `stage ${desk.stage}, ${desk.next.code}`);
  const { until } = screen;

  /** The answer of a call may overtake the snapshot that belongs to it. */
  async function shown(feedback: ScanFeedback): Promise<ScanFeedback> {
    await until('the answer on the screen', (snapshot) => (snapshot.last?.seq ?? 0) >= feedback.seq, 5_000);
    return feedback;
  }

  await until('the pack screen', () => true, 10_000);
  return {
    until,
    look: () => until('the pack screen', () => true, 1_000),
    scan: async (code) => shown(await client.call('pack.scan', { code, source: 'demo' })),
    command: async (command, reason) => shown(await client.call('pack.command', { command, reason })),
    stop: screen.stop,
  };
}
