/** `packbench device decode`: frames to readings, one JSON line each. */
import { decodeHex } from '../../../devices/scale/index.ts';
import { exitStatus, UsageError } from './exit.ts';
import { readOptions } from './options.ts';

export function runDevice(args: readonly string[]): Promise<number> {
  const [verb, ...rest] = args;
  if (verb !== 'decode') throw new UsageError(`device ${verb ?? ''}: known is decode`);
  const options = readOptions(rest, {
    kind: { type: 'string' },
    protocol: { type: 'string' },
    hex: { type: 'string' },
    json: { type: 'boolean' },
  });
  const kind = options.need('kind');
  if (kind !== 'scale') throw new UsageError(`--kind ${kind}: known is scale`);
  let decoded: ReturnType<typeof decodeHex>;
  try {
    decoded = decodeHex(options.need('protocol'), options.need('hex'));
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(error instanceof Error ? error.message : String(error));
  }
  for (const frame of decoded) console.log(JSON.stringify('error' in frame ? { error: frame.error } : frame));
  return Promise.resolve(exitStatus.done);
}
