/** What every command that runs a station needs: the profile, the ports, the folders. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { maxProfileBytes, parseProfile, type Profile } from '../../../profile/profile.ts';
import { createNodePorts, type NodePorts } from '../../shared/node-ports.ts';
import { UsageError } from './exit.ts';

/** The project's root: five folders above this file. */
export const projectDir = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');
export const resourcesDir = join(projectDir, 'resources');
export const rendererDir = join(projectDir, 'dist', 'renderer');

export const version = String(
  (JSON.parse(readFileSync(join(projectDir, 'package.json'), 'utf8')) as { version: unknown }).version,
);

/** Where a desk keeps its data if `--data` does not say: the place each system keeps application data. */
export function defaultDataDir(): string {
  const { env, platform } = process;
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Packbench');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Packbench');
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'packbench');
}

/** The profile of `--profile`, or the one in the data folder, or training for everything. Throws one line. */
export function loadProfile(file: string | undefined, dataDir: string): Profile {
  const path = file ?? join(dataDir, 'profile.json');
  if (!existsSync(path)) {
    if (file !== undefined) throw new UsageError(`--profile ${file}: no such file`);
    return parseProfile('{}');
  }
  if (statSync(path).size > maxProfileBytes) throw new UsageError(`profile ${path}: larger than ${maxProfileBytes} bytes`);
  return parseProfile(readFileSync(path, 'utf8'));
}

export function makePorts(dataDir: string): NodePorts {
  return createNodePorts({ dataDir: resolve(dataDir), version });
}
