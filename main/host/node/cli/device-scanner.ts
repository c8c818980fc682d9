/** `packbench device decode --kind scanner`: bytes of a scanner to codes, one JSON line each. */
import { frameDecoder } from '../../../desk/devices/frame-decoder.ts';
import { bytesOfHex } from '../../../devices/hex.ts';
import { readSettings, readSettingNames } from './device-settings.ts';
import { exitStatus, UsageError } from './exit.ts';
import { readOptions } from './options.ts';

/** Far more than the longest code with its framing. */
const maxBytes = 1024 * 1024;

/**
 * One line per code, or `{ error, at, raw }`; a code without an ending ends with the bytes. `--set FIELD=VALUE` as in the
 * profile, for example `--set 'prefix="~"'`. 0: done; 2: bad input.
 */
export function runDecodeScanner(args: readonly string[]): number {
  const options = readOptions(args, { ...readSettingNames, hex: { type: 'string' } });
  const bytes = bytesOf(options.need('hex'));
  const decoder = frameDecoder(readSettings(options));
  const frames = [...decoder.push(bytes, 0), ...decoder.end(0)];
  for (const { decoded, error, at, raw } of frames) console.log(JSON.stringify(decoded ?? { error, at, raw }));
  if (frames.length === 0) console.log(JSON.stringify({ error: 'no code in these bytes' }));
  return exitStatus.done;
}

function bytesOf(hex: string): Uint8Array {
  try {
    return bytesOfHex(hex, maxBytes);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
