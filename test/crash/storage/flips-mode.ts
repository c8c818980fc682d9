/** `npm run crash -- --flips N [--seed S] [--report FILE]`: damaged pages, and that the check would notice one that gets through. */
import { runStorageCommand } from './command.ts';
import { flipPages } from './flips.ts';

const commits = 150;
const flipsPerStore = 100;
const controlFlips = 60;

export function run(args: readonly string[]): Promise<number> {
  return runStorageCommand(
    {
      flag: 'flips',
      numbers: { flips: 500 },
      needsFaults: false,
      run: async ({ flips = 1, seed = 1 }) => {
        const each = { seed, commits, flipsPerStore };
        const onProgress = (done: number): void => console.error(`${done} of ${flips} flips`);
        const product = await flipPages({ ...each, flips, withoutSums: false, onProgress });
        const control = await flipPages({ ...each, flips: controlFlips, withoutSums: true });
        const caught = control.undetected > 0;
        return {
          violations: product.violations + (caught ? 0 : 1),
          trials: product.flips,
          product,
          mutantsCaught: caught ? 1 : 0,
          mutants: 1,
          mutant: { name: 'without the sums of the pages', caught, ...control },
        };
      },
    },
    args,
  );
}
