/** The ports of a station on a real machine, the same under Electron and under plain Node. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createLinks } from '../../../native/index.ts';
import type { MemoryHub } from '../../../native/index.ts';
import type { Ports } from '../../ports.ts';
import { createSystemClock } from './clock.ts';
import { createHttp } from './http.ts';
import { startHttpIntake } from './http-intake.ts';
import { createIds } from './ids.ts';
import { createLineSwitch } from './line.ts';
import type { LineSwitch } from './line.ts';
import { createLog } from './log.ts';
import type { ClosableLog, LogLevel } from './log.ts';
import { createRandom } from './random.ts';
import { createNodeSecrets } from './secrets.ts';
import type { ListedSecrets } from './secrets.ts';

export interface NodePortsOptions {
  /** Created if need be, readable by its owner only. */
  readonly dataDir: string;
  readonly version: string;
  /** Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: `PACKBENCH_SECRETS_FILE` of the environment, else `secrets.json` in the data folder. */
  readonly secretsFile?: string;
  /** Another secret store (Electron's), instead of environment and file. */
  readonly secrets?: ListedSecrets;
  readonly logLevel?: LogLevel;
  /** Log lines also to standard error. Default false. */
  readonly logToStderr?: boolean;
  /** Serves `memory://` links, for tests and virtual devices. */
  readonly memory?: MemoryHub;
}

export interface NodePorts extends Ports {
  readonly line: LineSwitch;
  readonly log: ClosableLog;
}

/** Throws a one-line Error if the data folder, the log file or the secrets file cannot be used. */
export function createNodePorts(options: NodePortsOptions): NodePorts {
  const env = options.env ?? process.env;
  try {
    mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`data folder ${options.dataDir} cannot be made: ${why}`);
  }
  const secrets =
    options.secrets ??
    createNodeSecrets({
      env,
      file: options.secretsFile ?? env['PACKBENCH_SECRETS_FILE'] ?? join(options.dataDir, 'secrets.json'),
    });
  const clock = createSystemClock();
  const random = createRandom();
  const line = createLineSwitch();
  const log = createLog({
    dir: join(options.dataDir, 'logs'),
    stderr: options.logToStderr ?? false,
    level: options.logLevel ?? 'info',
    secretValues: () => secrets.values(),
  });
  return {
    clock,
    ids: createIds(clock),
    random,
    secrets,
    log,
    http: createHttp({ line, clock }),
    line,
    links: createLinks({
      clock,
      log,
      random: () => random.next(),
      ...(options.memory === undefined ? {} : { memory: options.memory }),
    }),
    httpIntake: (intake) => startHttpIntake(intake, log),
    dataDir: options.dataDir,
    version: options.version,
  };
}
