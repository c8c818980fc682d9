/** Reads the files of the screen from one folder and never from outside it. */
import { open, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

export interface ScreenFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  /** Value of `Cache-Control`. */
  readonly cacheControl: string;
}

export interface ScreenFiles {
  /** The file at a URL path (`/assets/x.js`; `/` is `/index.html`), or null if there is none to be given. */
  read(urlPath: string): Promise<ScreenFile | null>;
}

/** Only these kinds are served; anything else that lies in the folder (source maps, notes) is not there. */
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.webmanifest': 'application/manifest+json',
};

const largestFileBytes = 64 * 1024 * 1024;

/** `root` is the folder of the built screen. It may be absent: then nothing is found. */
export function createScreenFiles(root: string): ScreenFiles {
  return {
    async read(urlPath) {
      const relative = safeRelativePath(urlPath);
      if (relative === null) return null;
      const contentType = contentTypes[extname(relative).toLowerCase()];
      if (contentType === undefined) return null;
      try {
        const realRoot = await realpath(root);
        // Links are followed first and compared after, so that one inside the folder cannot lead out of it.
        const realFile = await realpath(join(realRoot, relative));
        if (!realFile.startsWith(realRoot + sep)) return null;
        const handle = await open(realFile, 'r');
        try {
          const facts = await handle.stat();
          if (!facts.isFile() || facts.size > largestFileBytes) return null;
          const bytes = new Uint8Array(await handle.readFile());
          return { bytes, contentType, cacheControl: cacheControlOf(relative) };
        } finally {
          await handle.close();
        }
      } catch {
        return null;
      }
    },
  };
}

/**
 * The path below the folder for the path of a URL, or null if it is not plainly one: bad escapes, NUL, backslashes,
 * drive letters, empty, `.`, `..` and hidden segments are all refused rather than repaired.
 */
export function safeRelativePath(urlPath: string): string | null {
  if (!urlPath.startsWith('/') || urlPath.length > 1_024) return null;
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (decoded === '/') return 'index.html';
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\\:%]/.test(decoded)) return null;
  const segments = decoded.slice(1).split('/');
  if (segments.some((segment) => segment === '' || segment.startsWith('.'))) return null;
  return segments.join(sep);
}

/** Files under `assets/` carry a hash of their content in their name and never change; all else is asked for again. */
function cacheControlOf(relative: string): string {
  return relative.startsWith(`assets${sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache';
}
