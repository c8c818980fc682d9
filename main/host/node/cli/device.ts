/** `packbench device`: printers by hand (device-printers.ts), and `decode`: frames of a scale to readings, of a scanner to codes, answers of a printer to its status; one JSON line each. */
import { decodePrinterStatus } from '../../../devices/printer/decode.ts';
import { exitStatus, UsageError } from './exit.ts';
import { readOptions } from './options.ts';

export async function runDevice(args: readonly string[]): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === 'list' || verb === 'calibrate' || verb === 'test-print') {
    return (await import('./device-printers.ts')).runDevicePrinters(verb, rest);
  }
  if (verb === 'watch') return (await import('./device-live.ts')).runDeviceWatch(rest);
  if (verb === 'record') return (await import('./device-live.ts')).runDeviceRecord(rest);
  if (verb === 'replay') return (await import('./device-replay.ts')).runDeviceReplay(rest);
  if (verb !== 'decode') {
    throw new UsageError(`device ${verb ?? ''}: known are decode, watch, record, replay, list, calibrate, test-print`);
  }
  if (rest.includes('dws') || rest.includes('--kind=dws')) return (await import('./device-dws.ts')).runDecodeDws(rest);
  if (rest.includes('scale') || rest.includes('--kind=scale'))
    return (await import('./device-scale.ts')).runDecodeScale(rest);
  if (rest.includes('scanner') || rest.includes('--kind=scanner'))
    return (await import('./device-scanner.ts')).runDecodeScanner(rest);
  const options = readOptions(rest, {
    kind: { type: 'string' },
    protocol: { type: 'string' },
    hex: { type: 'string' },
    json: { type: 'boolean' },
  });
  const kind = options.need('kind');
  if (kind !== 'printer-status') {
    throw new UsageError(`--kind ${kind}: known are scale, dws, scanner, printer-status`);
  }
  const [protocol, hex] = [options.need('protocol'), options.need('hex')];
  const lines = orUsageError((): readonly object[] => decodePrinterStatus(protocol, hex));
  for (const line of lines) console.log(JSON.stringify(line));
  if (lines.length === 0) console.log(JSON.stringify({ error: 'no answer in these bytes' }));
  return exitStatus.done;
}

function orUsageError<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(error instanceof Error ? error.message : String(error));
  }
}
