/** What every wire must do, whatever carries it. Run over memory, a real WebSocket and Electron's IPC. */
import { afterEach, describe } from 'vitest';
import { createClient, stationContract } from '../../../preload/rpc/index.ts';
import { createKeptLog, createManualTimers } from './fake-backend.ts';
import { testCalls } from './wire-calls.ts';
import { testFaults } from './wire-faults.ts';
import type { OpenHarness, Start, WireHarness } from './wire-kit.ts';
import { testTopics } from './wire-topics.ts';

export function describeWire(name: string, openHarness: OpenHarness): void {
  describe(`calls and topics over ${name}`, () => {
    const open: WireHarness[] = [];
    afterEach(async () => {
      for (const harness of open.splice(0)) await harness.close();
    });

    const start: Start = async (backend) => {
      const log = createKeptLog();
      const harness = await openHarness(backend, log);
      open.push(harness);
      const connection = await harness.connect();
      const timers = createManualTimers();
      return { harness, connection, client: createClient(stationContract, connection, { timers }), timers, log };
    };

    testCalls(start);
    testTopics(start);
    testFaults(start);
  });
}
