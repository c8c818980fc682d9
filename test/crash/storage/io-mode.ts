/** `npm run crash -- --io [--orders N] [--stride N] [--report FILE]`: every storage operation goes wrong in turn. */
import { runStorageCommand } from './command.ts';
import { failEveryOperation, ioFaults, type IoFault } from './io.ts';

export function run(args: readonly string[]): Promise<number> {
  return runStorageCommand(
    {
      flag: 'io',
      numbers: { orders: 1, stride: 1 },
      needsFaults: true,
      run: ({ orders = 1, stride = 1 }) =>
        failEveryOperation({
          faults: Object.keys(ioFaults) as IoFault[],
          stride,
          orders,
          killAgainEvery: 3,
          onProgress: (line) => console.error(line),
        }),
    },
    args,
  );
}
