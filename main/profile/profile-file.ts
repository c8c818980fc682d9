/** Changes the desk's profile file in place. What this does not change stays as it was written. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { parseProfile, ProfileError, type Profile } from './profile.ts';

/**
 * Replaces the routes. The whole new text must be a valid profile before a byte is written, and it replaces the old
 * file in one rename once it is on disk: a crash leaves the old profile or the new one. Throws ProfileError.
 */
export function writeRoutes(path: string, routes: Profile['routes']): void {
  const part = `${path}.part`;
  try {
    const before = readFileSync(path, 'utf8');
    parseProfile(before);
    const json = JSON.parse(before.replace(/^\uFEFF/, '')) as Record<string, unknown>;
    const after = `${JSON.stringify({ ...json, routes }, null, 2)}\n`;
    parseProfile(after);
    // Readable by its owner only, like the file beside it may be: a profile names accounts.
    const file = openSync(part, 'w', 0o600);
    try {
      writeFileSync(file, after);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    if (error instanceof ProfileError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProfileError(`profile ${path}: cannot be written (${reason}); check the folder and its permissions`);
  }
}
