/** A whole station for tests: real database, real sockets, virtual vendors and devices, nothing faked. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createNodePorts, type NodePorts } from '../../main/host/shared/node-ports.ts';
import { parseProfile } from '../../main/profile/profile.ts';
import type { HttpRequest } from '../../main/ports.ts';
import { startStation, type Station, type StationOptions } from '../../main/station.ts';
import { createClient, createMemoryPair, createServer, stationContract } from '../../preload/rpc/index.ts';
import type { Client, StationContract } from '../../preload/rpc/index.ts';

export const projectDir = fileURLToPath(new URL('../../', import.meta.url));

export interface TestStation {
  readonly station: Station;
  readonly ports: NodePorts;
  /** Over an in-memory wire, through the same checks as any screen. */
  readonly client: Client<StationContract>;
  readonly dataDir: string;
  /** Stops the station; the data stays if it was given from outside. */
  stop(): Promise<void>;
}

export interface TestStationOptions {
  /** The profile as written, without secrets. Default: everything virtual. */
  readonly profile?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  /** Kept after `stop`; a fresh folder that is removed if left out. */
  readonly dataDir?: string;
  readonly orders?: number;
  readonly onLabelSent?: StationOptions['onLabelSent'];
  /** Written into the data folder and handed to the station as its profile file. */
  readonly profileFile?: boolean;
  readonly trackingPolicy?: StationOptions['trackingPolicy'];
  readonly safety?: StationOptions['safety'];
  /** Told of every request to a vendor, as its bytes leave. */
  readonly onRequest?: (request: HttpRequest) => void;
}

export async function startTestStation(options: TestStationOptions = {}): Promise<TestStation> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'packbench-test-'));
  const ports = createNodePorts({ dataDir, version: '0.0.0-test', env: options.env ?? {} });
  const text = JSON.stringify(options.profile ?? {});
  const profileFile = options.profileFile === true ? join(dataDir, 'profile.json') : undefined;
  if (profileFile !== undefined) writeFileSync(profileFile, text);
  const { onRequest } = options;
  const http: NodePorts['http'] = {
    send(request) {
      onRequest?.(request);
      return ports.http.send(request);
    },
  };
  const station = await startStation({
    ports: onRequest === undefined ? ports : { ...ports, http },
    profile: parseProfile(text),
    profileFile,
    trackingPolicy: options.trackingPolicy,
    safety: options.safety,
    resourcesDir: join(projectDir, 'resources'),
    trainingOrders: options.orders ?? 20,
    trainingSeed: 1,
    ...(options.onLabelSent === undefined ? {} : { onLabelSent: options.onLabelSent }),
  });
  const pair = createMemoryPair();
  const server = createServer(stationContract, { backend: station.backend, log: ports.log });
  server.attach(pair.server);
  const client = createClient(stationContract, pair.client, { timers: ports.clock });
  return {
    station,
    ports,
    client,
    dataDir,
    async stop() {
      client.close();
      server.close('the test is over');
      await station.stop();
      ports.log.close();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
