/** `packbench vendor call`: one live call by name, its outcome as JSON. */
import { defaultDataDir } from '../../shared/data-dir.ts';
import { exitStatus, UsageError } from './exit.ts';
import { readOptions } from './options.ts';
import { operationNamed, readParams } from './vendor-params.ts';
import { openVendor } from './vendor-setup.ts';

/** Exit 0 done · 1 unknown or refused by the vendor: a person looks · 2 bad input, nothing was sent. */
export async function call(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    profile: { type: 'string' },
    data: { type: 'string' },
    operation: { type: 'string' },
    params: { type: 'string' },
    secret: { type: 'string', multiple: true },
    'request-id': { type: 'string' },
    json: { type: 'boolean' },
  });
  const [id, positional] = options.rest;
  const word = options.text('operation') ?? positional;
  if (id === undefined || word === undefined) throw new UsageError('vendor call needs VENDOR and OPERATION');
  const vendor = openVendor({
    id,
    profileFile: options.text('profile'),
    dataDir: options.text('data') ?? defaultDataDir(),
    given: options.list('secret'),
    live: true,
  });
  const name = operationNamed(vendor, word);
  if (name === null || vendor.call === undefined) {
    throw new UsageError(`${id} has no operation ${word}; known are ${Object.keys(vendor.calls ?? {}).join(', ')}`);
  }
  const file = options.text('params');
  const outcome = await vendor.call(name, file === undefined ? {} : readParams(file), options.text('request-id'));
  if (outcome.kind === 'rejected' && outcome.code === 'params') throw new UsageError(`${id} ${outcome.message}`);
  console.log(JSON.stringify(outcome));
  return outcome.kind === 'done' ? exitStatus.done : exitStatus.needsPerson;
}
