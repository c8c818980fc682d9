/** `packbench station`: the Node host. Serves the screen and the contract on loopback until it is told to stop. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startStation, type Station } from '../../../station.ts';
import { openPushIntake } from '../../../station/push-intake.ts';
import { startNodeHost } from '../host.ts';
import { startPushReceiver, type PushReceiver } from '../push-receiver.ts';
import { defaultDataDir, profileFile, readProfile } from '../../shared/data-dir.ts';
import type { NodePorts } from '../../shared/node-ports.ts';
import { exitStatus, UsageError } from './exit.ts';
import { readOptions } from './options.ts';
import { makePorts, rendererDir, resourcesDir } from './station-setup.ts';

export async function runStation(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    profile: { type: 'string' },
    data: { type: 'string' },
    port: { type: 'string' },
    json: { type: 'boolean' },
  });
  const dataDir = options.text('data') ?? defaultDataDir();
  const port = options.whole('port', 0, 65_535) ?? 0;
  if (!existsSync(join(rendererDir, 'index.html'))) {
    throw new UsageError('the screen is not built; run `npm start`, or `npm run build` first');
  }
  const ports = makePorts(dataDir);
  // The screen is served even if the station cannot start: it then shows the reason.
  const starting = begin(() =>
    startStation({
      ports,
      profile: readProfile(options.text('profile'), dataDir),
      profileFile: profileFile(options.text('profile'), dataDir),
      resourcesDir,
    }),
  );
  const host = await startNodeHost({
    station: starting.then((station) => station.backend),
    rendererDir,
    port,
    log: ports.log,
    clock: ports.clock,
  });
  console.log(
    options.flag('json') ? JSON.stringify({ url: host.url, port: host.port }) : `Packbench is ready: ${host.url}`,
  );

  let failed = false;
  let receiver: PushReceiver | null = null;
  starting.then(
    async (station) => {
      ports.log.info({ port: host.port, desk: station.inside.store.facts().schema }, 'station started');
      try {
        receiver = await receivePushes(station, ports);
        if (receiver !== null) ports.log.info({ address: receiver.origin }, 'vendor pushes are received');
      } catch (error) {
        failed = true;
        console.error(`Vendor pushes are not received: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
    (error: unknown) => {
      failed = true;
      const reason = error instanceof Error ? error.message : String(error);
      console.error(`The station did not start: ${reason.replace(/\s*\n\s*/g, ' ')}`);
    },
  );

  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await (receiver as PushReceiver | null)?.close();
  await host.close();
  const station = await starting.catch(() => null);
  await station?.stop();
  return failed ? exitStatus.couldNotRun : exitStatus.done;
}

/** Listens for what vendors push, if the profile says so. */
async function receivePushes(station: Station, ports: NodePorts): Promise<PushReceiver | null> {
  const { vendors } = station.inside;
  const store = (): Station['inside']['store'] => station.inside.store;
  const intake = openPushIntake({ vendors, secrets: ports.secrets, store, clock: ports.clock });
  return intake === null ? null : startPushReceiver({ ...intake, clock: ports.clock, log: ports.log });
}

/** Turns a throw into a rejection, so that both are met in one place. */
async function begin(start: () => Promise<Station>): Promise<Station> {
  return start();
}
