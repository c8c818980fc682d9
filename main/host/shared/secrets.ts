/** Secrets of a headless desk: from the environment, or from a file that only its owner can read. */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Secrets } from '../../ports.ts';

/** `Secrets`, plus the values themselves for keeping them out of the log. */
export interface ListedSecrets extends Secrets {
  values(): readonly string[];
}

export interface NodeSecretsOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absent files are no error: then only the environment counts. */
  readonly file: string | null;
  readonly platform?: NodeJS.Platform;
}

const longestFileBytes = 65_536;
const variablePrefix = 'PACKBENCH_SECRET_';

/**
 * The environment first: `hge.apiSecret` is `PACKBENCH_SECRET_hge_apiSecret` or `PACKBENCH_SECRET_HGE_APISECRET`.
 * Then the file: a JSON object of names and texts, or lines `name=value` with `#` for comments.
 * Throws a one-line Error if the file can be read or written by others, is too large, or does not parse. On Windows
 * the file's access list is not looked at; there the folder has to be the user's own.
 */
export function createNodeSecrets(options: NodeSecretsOptions): ListedSecrets {
  const fromFile = options.file === null ? new Map<string, string>() : readSecretsFile(options.file, options.platform);
  return {
    get(name) {
      for (const variable of variableNames(name)) {
        const value = options.env[variable];
        if (value !== undefined && value !== '') return value;
      }
      return fromFile.get(name);
    },
    values() {
      const values = new Set(fromFile.values());
      for (const [variable, value] of Object.entries(options.env)) {
        if (variable.startsWith(variablePrefix) && value !== undefined && value !== '') values.add(value);
      }
      return [...values];
    },
  };
}

/** The environment variables a secret may be in, most exact first. */
export function variableNames(name: string): readonly [string, string] {
  const bare = name.replaceAll('.', '_');
  return [`${variablePrefix}${bare}`, `${variablePrefix}${bare.toUpperCase()}`];
}

function readSecretsFile(file: string, platform: NodeJS.Platform = process.platform): Map<string, string> {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
    throw new Error(`secrets file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    // The open file is looked at, not its name, so that what is checked is what is read.
    const facts = fstatSync(descriptor);
    if (!facts.isFile()) throw new Error(`secrets file ${file} is not a plain file; give the path of a file`);
    if (platform !== 'win32') {
      if ((facts.mode & 0o077) !== 0) {
        const mode = (facts.mode & 0o777).toString(8);
        throw new Error(`secrets file ${file} is open to others (mode ${mode}); run: chmod 600 ${file}`);
      }
      const user = process.getuid?.();
      if (user !== undefined && facts.uid !== user) {
        throw new Error(`secrets file ${file} belongs to another user; run the station as its owner`);
      }
    }
    if (facts.size > longestFileBytes) {
      throw new Error(`secrets file ${file} is ${facts.size} bytes; at most ${longestFileBytes} are read`);
    }
    return parseSecrets(readFileSync(descriptor, 'utf8'), file);
  } finally {
    closeSync(descriptor);
  }
}

/** Names and values of a secrets file; errors name the file and the line or key, never a value. */
export function parseSecrets(text: string, file: string): Map<string, string> {
  const secrets = new Map<string, string>();
  const body = text.replace(/^\uFEFF/, '');
  if (body.trimStart().startsWith('{')) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(body);
    } catch {
      throw new Error(`secrets file ${file} is not valid JSON; write {"hge.apiSecret": "…"}`);
    }
    for (const [name, value] of Object.entries(parsed as Record<string, unknown>)) {
      if (typeof value !== 'string') throw new Error(`secrets file ${file}: "${name}" must be a text in quotes`);
      secrets.set(name, value);
    }
    return secrets;
  }
  for (const [index, line] of body.split(/\r?\n/).entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const equals = trimmed.indexOf('=');
    if (equals < 1) throw new Error(`secrets file ${file}, line ${index + 1}: write name=value`);
    secrets.set(trimmed.slice(0, equals).trim(), trimmed.slice(equals + 1).trim());
  }
  return secrets;
}
