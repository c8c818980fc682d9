/**
 * A stable frame of the scale to the weight at a screen's WebSocket: the frame is timed where it leaves for the
 * station, between the virtual scale and the station's TCP link; the weight where a client of the real host has it.
 */
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { connectNative } from '../../main/host/node/native-client.ts';
import { startNodeHost } from '../../main/host/node/host.ts';
import { createVirtualScale } from '../../main/training/scale.ts';
import type { WeightSnapshot } from '../../preload/contract/index.ts';
import { createClient, stationContract } from '../../preload/rpc/index.ts';
import { silentLog } from '../kit/ports.ts';
import { projectDir, startTestStation } from '../kit/station.ts';
import { benchmark, type Bench } from './harness/benchmark.ts';
import { benchClock } from './harness/history.ts';

const weightMs = 50;

async function run(bench: Bench): Promise<void> {
  const scale = await createVirtualScale({ clock: benchClock, log: silentLog, settleMs: 0 });
  const relay = await startRelay(Number(new URL(scale.uri).port));
  const profile = {
    devices: { scales: [{ id: 'bench', link: `tcp://127.0.0.1:${relay.port}`, protocol: 'mt-sics' }] },
  };
  const desk = await startTestStation({ profile, dataDir: join(bench.folder, 'station') });
  const host = await startNodeHost({
    station: desk.station.backend,
    rendererDir: join(projectDir, 'dist', 'renderer'),
    port: 0,
    log: desk.ports.log,
    clock: desk.ports.clock,
  });
  const client = createClient(stationContract, await connectNative(host.socketUrl, host.bearer), {
    timers: benchClock,
  });
  let wanted: { grams: number; seen: (at: number) => void } | null = null;
  client.subscribe('weight', (weight: WeightSnapshot) => {
    if (weight.state === 'stable' && weight.grams === wanted?.grams) wanted.seen(performance.now());
  });

  const shown: number[] = [];
  const withQuestion: number[] = [];
  const warmUp = 10;
  const rounds = (bench.quick ? 60 : 200) + warmUp;
  for (let round = 0; round < rounds; round += 1) {
    const grams = 500 + round * 7;
    relay.watch(`${(grams / 1_000).toFixed(3)} kg`);
    const putAt = performance.now();
    const seenAt = await new Promise<number>((resolve) => {
      wanted = { grams, seen: resolve };
      scale.put(grams);
    });
    wanted = null;
    const sentAt = relay.sentAt();
    if (sentAt === null) throw new Error(`the frame of ${grams} g was shown but never sent`);
    if (round < warmUp) continue;
    shown.push(seenAt - sentAt);
    withQuestion.push(seenAt - putAt);
  }
  bench.add({ name: 'stable frame to weight at a client', unit: 'ms', samples: shown, budget: weightMs });
  bench.add({ name: 'load at rest to weight at a client', unit: 'ms', samples: withQuestion });
  bench.note('the second figure includes the wait for the next question: the scale is asked 8 times a second');
  client.close();
  await host.close();
  await desk.stop();
  await relay.close();
  await scale.stop();
}

interface Relay {
  readonly port: number;
  /** Times the next stable frame that carries this text. */
  watch(text: string): void;
  sentAt(): number | null;
  close(): Promise<void>;
}

/** Passes bytes both ways between the station and the scale, and looks at what the scale says. */
async function startRelay(scalePort: number): Promise<Relay> {
  let watched = '';
  let sentAt: number | null = null;
  const server: Server = createServer((station) => {
    const scale = connect(scalePort, '127.0.0.1');
    station.setNoDelay(true);
    scale.setNoDelay(true);
    station.pipe(scale);
    scale.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      if (sentAt === null && text.startsWith('S S') && text.includes(watched)) sentAt = performance.now();
      station.write(bytes);
    });
    for (const [one, other] of [
      [station, scale],
      [scale, station],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    watch(text) {
      watched = text;
      sentAt = null;
    },
    sentAt: () => sentAt,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

await benchmark(run);
