/** Secrets of a desktop: kept in one file, each encrypted by the operating system through Electron's safeStorage. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { ListedSecrets } from '../shared/secrets.ts';
import type { ElectronApi } from './electron-api.ts';

export interface SafeSecrets extends ListedSecrets {
  /** Encrypts and keeps a secret. Throws a one-line Error if this machine cannot protect it. */
  set(name: string, value: string): void;
  /** Names kept, for `diagnose`. */
  names(): readonly string[];
}

export interface SafeSecretsOptions {
  readonly safeStorage: ElectronApi['safeStorage'];
  readonly file: string;
  readonly platform: NodeJS.Platform;
}

const SecretFile = z.record(z.string().max(200), z.base64().max(16_384));
const longestFileBytes = 262_144;

/**
 * Why the operating system does not protect secrets here, or null. On Linux without a keyring Electron falls back to
 * `basic_text`, a password that is written in its source (Electron documentation, "safeStorage"): that is refused.
 */
export function protectionRefusal(safeStorage: ElectronApi['safeStorage'], platform: NodeJS.Platform): string | null {
  if (!safeStorage.isEncryptionAvailable()) return 'the operating system offers no encryption for secrets';
  if (platform === 'linux') {
    const backend = safeStorage.getSelectedStorageBackend();
    if (backend === 'basic_text' || backend === 'unknown') {
      return `no keyring is running (${backend}); install and unlock GNOME Keyring or KWallet`;
    }
  }
  return null;
}

/**
 * Call once Electron is ready. Decrypts every kept secret now, so that a locked keyring is found at start and not in
 * the middle of a parcel. Throws a one-line Error if there are secrets that cannot be read.
 */
export function createSafeSecrets(options: SafeSecretsOptions): SafeSecrets {
  const { safeStorage, file, platform } = options;
  const encrypted = readSecretFile(file);
  const plain = new Map<string, string>();
  if (encrypted.size > 0) {
    const refusal = protectionRefusal(safeStorage, platform);
    if (refusal !== null) throw new Error(`secrets cannot be read: ${refusal}`);
    for (const [name, text] of encrypted) {
      try {
        plain.set(name, safeStorage.decryptString(Buffer.from(text, 'base64')));
      } catch {
        throw new Error(`secret "${name}" in ${file} cannot be decrypted by this user on this machine; set it again`);
      }
    }
  }
  return {
    get: (name) => plain.get(name),
    values: () => [...plain.values()],
    names: () => [...plain.keys()],
    set(name, value) {
      const refusal = protectionRefusal(safeStorage, platform);
      if (refusal !== null) throw new Error(`secret "${name}" is not stored: ${refusal}`);
      encrypted.set(name, safeStorage.encryptString(value).toString('base64'));
      plain.set(name, value);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      // Written whole beside the old one, then put in its place: a cut leaves one or the other.
      const fresh = `${file}.new`;
      writeFileSync(fresh, JSON.stringify(Object.fromEntries(encrypted)), { mode: 0o600, flush: true });
      renameSync(fresh, file);
    },
  };
}

function readSecretFile(file: string): Map<string, string> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
    throw new Error(`secrets file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (text.length > longestFileBytes) throw new Error(`secrets file ${file} is too large; at most ${longestFileBytes}`);
  try {
    return new Map(Object.entries(SecretFile.parse(JSON.parse(text))));
  } catch {
    throw new Error(`secrets file ${file} is damaged; remove it and set the secrets again`);
  }
}
