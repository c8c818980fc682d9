/** `npm run crash -- --power --cuts N [--seed S] [--report FILE]`: power cuts, and that a mutant does not get through. */
import { runStorageCommand } from './command.ts';
import { journalNotSynced, synchronousNormal } from './mutants.ts';
import { cutPower } from './power.ts';

const commitsPerRecording = 240;
const cutsPerRecording = 100;
/** A mutant shows itself in most cuts. */
const mutantCuts = 100;

export function run(args: readonly string[]): Promise<number> {
  return runStorageCommand(
    {
      flag: 'power',
      numbers: { cuts: 2_000 },
      needsFaults: true,
      run: async ({ cuts = 1, seed = 1 }) => {
        const each = { seed, commitsPerRecording, cutsPerRecording };
        const onProgress = (done: number): void => console.error(`${done} of ${cuts} cuts`);
        const product = await cutPower({ ...each, cuts, mutant: null, onProgress });
        const mutants = [];
        for (const mutant of [synchronousNormal, journalNotSynced]) {
          const found = await cutPower({ ...each, cuts: mutantCuts, mutant });
          mutants.push({ name: mutant.name, caught: found.cutsWithLoss + found.restored.wrong > 0, ...found });
        }
        const mutantsCaught = mutants.filter(({ caught }) => caught).length;
        const wrong = product.cutsWithLoss + product.integrityFailures + product.wrongContent + product.restored.wrong;
        return {
          violations: wrong + mutants.length - mutantsCaught,
          trials: product.cuts,
          lost: product.lost + product.lostByDatabase,
          product,
          mutantsCaught,
          mutants: mutants.length,
          mutantResults: mutants,
        };
      },
    },
    args,
  );
}
