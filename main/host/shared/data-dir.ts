/** Where a desk keeps its data, and the profile file in it: the same for every host. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { maxProfileBytes, parseProfile, ProfileError } from '../../profile/profile.ts';
import type { Profile } from '../../profile/profile.ts';

/**
 * The place each system keeps application data: `%APPDATA%\Packbench`, `~/Library/Application Support/Packbench`,
 * or `$XDG_DATA_HOME/packbench` (XDG Base Directory Specification).
 */
export function defaultDataDir(
  platform: NodeJS.Platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
  home: string = homedir(),
): string {
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Packbench');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Packbench');
  return join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'packbench');
}

/**
 * The profile of `file`, or `profile.json` in the data folder, or training for everything if there is none. Throws a
 * one-line ProfileError that names the file: a file that was named and is not there, is too large, or says something wrong.
 */
export function readProfile(file: string | undefined, dataDir: string): Profile {
  const path = file ?? join(dataDir, 'profile.json');
  if (!existsSync(path)) {
    if (file !== undefined) throw new ProfileError(`--profile ${file}: no such file`);
    return parseProfile('{}');
  }
  if (statSync(path).size > maxProfileBytes)
    throw new ProfileError(`profile ${path}: larger than ${maxProfileBytes} bytes`);
  return parseProfile(readFileSync(path, 'utf8'));
}
