/**
 * The profile file as this station knows it: what it said when it was last read or written from here. Devices and routes
 * are written into it from the screen; a file that somebody else changed meanwhile is not overwritten.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { withJsonValue } from './json-text.ts';
import { parseProfile, ProfileError, type Profile } from './profile.ts';

/** The lists of devices in a profile. */
export type DeviceList = 'printers' | 'scales' | 'dws' | 'scanners';

/** A device as it stands in the file, before defaults are filled in. */
export type WrittenDevice = Readonly<Record<string, unknown>>;

export interface ProfileBook {
  readonly path: string;
  /** True if the file is not what this station last read or wrote, or cannot be read. */
  changedUnderneath(): boolean;
  /** The devices of one list, as written. Throws ProfileError. */
  devices(list: DeviceList): readonly WrittenDevice[];
  /**
   * Replaces one list of devices; every other character of the file stays. The whole new text must be a valid profile
   * before a byte is written; the old file is kept beside it (`backup`), and the new one replaces it in one rename once it
   * is on disk. Throws ProfileError, with nothing changed, if it is not valid, was changed underneath or cannot be written.
   */
  write(list: DeviceList, devices: readonly WrittenDevice[]): { readonly profile: Profile; readonly backup: string };
  /** Replaces the routes, in the same way. */
  writeRoutes(routes: Profile['routes']): Profile;
  /** What stands in the file now counts as known. */
  readAgain(): Profile;
}

/** Opens the book on the file the profile was read from. A file that cannot be read now counts as changed. */
export function openProfileBook(path: string): ProfileBook {
  let known: string | null = null;
  try {
    known = read(path);
  } catch {
    // It was there when the station was given its profile; nothing is written until it can be read again.
  }

  function replace(at: readonly string[], value: unknown): ReturnType<ProfileBook['write']> {
    const before = read(path);
    if (before !== known) {
      throw new ProfileError(
        `profile ${path}: was changed by somebody else since this station read it; restart the station to read it again`,
      );
    }
    parseProfile(before);
    const after = withJsonValue(before, at, value);
    const profile = parseProfile(after);
    const backup = `${path}.bak`;
    try {
      replaceFile(backup, before);
      replaceFile(path, after);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ProfileError(`profile ${path}: cannot be written (${reason}); check the folder and its permissions`);
    }
    known = after;
    return { profile, backup };
  }

  return {
    path,
    changedUnderneath() {
      try {
        return read(path) !== known;
      } catch {
        return true;
      }
    },
    devices: (list) => listIn(read(path), list),
    write: (list, devices) => replace(['devices', list], devices),
    writeRoutes: (routes) => replace(['routes'], routes).profile,
    readAgain() {
      const text = read(path);
      const profile = parseProfile(text);
      known = text;
      return profile;
    },
  };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProfileError(`profile ${path}: cannot be read (${reason})`);
  }
}

function listIn(text: string, list: DeviceList): readonly WrittenDevice[] {
  parseProfile(text);
  const json = JSON.parse(text.replace(/^\uFEFF/, '')) as {
    readonly devices?: Partial<Record<DeviceList, readonly WrittenDevice[]>>;
  };
  return json.devices?.[list] ?? [];
}

/** A crash leaves the old file or the new one. Readable by its owner only: a profile names accounts. */
function replaceFile(path: string, text: string): void {
  const part = `${path}.part`;
  try {
    const file = openSync(part, 'w', 0o600);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Makes the rename itself durable where the system can (POSIX; Windows has no such call and refuses the open). */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // The file itself is on disk.
  }
}
