/**
 * The folder of pictures that came with records: named by their content, bounded in number and size, oldest out first.
 * Only PNG and JPEG are kept; a picture is never opened, only handed on.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DwsPictures {
  /** Keeps a picture (base64, with or without a `data:` head) and returns its name; else one line why not. */
  keep(base64: string): { readonly name: string } | { readonly error: string };
}

export interface DwsPictureLimits {
  readonly files: number;
  readonly bytes: number;
}

const usualLimits: DwsPictureLimits = { files: 5_000, bytes: 512 * 1024 * 1024 };

/** Makes the folder when the first picture comes. */
export function openDwsPictures(folder: string, limits: DwsPictureLimits = usualLimits): DwsPictures {
  /** Oldest first. */
  let kept: { name: string; bytes: number }[] | null = null;

  function list(): { name: string; bytes: number }[] {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return readdirSync(folder)
      .filter((name) => /^[0-9a-f]{64}\.(?:png|jpg)$/.test(name))
      .map((name) => ({ name, ...statSync(join(folder, name)) }))
      .sort((a, b) => a.mtimeMs - b.mtimeMs)
      .map(({ name, size }) => ({ name, bytes: size }));
  }

  return {
    keep(base64) {
      const plain = base64.replace(/^data:[^,]{0,100},/, '').replace(/\s+/g, '');
      if (!/^[A-Za-z0-9+/]+={0,2}$/.test(plain)) return { error: 'the picture is not base64' };
      const bytes = Buffer.from(plain, 'base64');
      const kind = bytes.subarray(0, 4).toString('hex') === '89504e47' ? 'png' : isJpeg(bytes) ? 'jpg' : null;
      if (kind === null) return { error: 'the picture is neither PNG nor JPEG' };
      if (bytes.length > limits.bytes) return { error: 'the picture is too large' };
      const name = `${createHash('sha256').update(bytes).digest('hex')}.${kind}`;
      try {
        kept ??= list();
        if (kept.some((each) => each.name === name)) return { name };
        let total = kept.reduce((sum, each) => sum + each.bytes, bytes.length);
        while (kept.length > 0 && (kept.length >= limits.files || total > limits.bytes)) {
          const oldest = kept.shift();
          if (oldest === undefined) break;
          rmSync(join(folder, oldest.name), { force: true });
          total -= oldest.bytes;
        }
        writeFileSync(join(folder, name), bytes, { mode: 0o600 });
        kept.push({ name, bytes: bytes.length });
        return { name };
      } catch (error) {
        return { error: `the picture could not be kept: ${error instanceof Error ? error.message : String(error)}` };
      }
    },
  };
}

function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}
