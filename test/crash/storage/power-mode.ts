/** `npm run crash -- --power --cuts N [--seed S] [--report FILE]`: power cuts, and that a mutant does not get through. */
import { runStorageCommand } from './command.ts';
import { synchronousNormal } from './mutants.ts';
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
        const mutant = await cutPower({ ...each, cuts: mutantCuts, mutant: synchronousNormal });
        const caught = mutant.cutsWithLoss > 0;
        const wrong = product.cutsWithLoss + product.integrityFailures + product.wrongContent + product.restored.wrong;
        const missed = caught ? 0 : 1;
        return {
          violations: wrong + missed,
          trials: product.cuts,
          lost: product.lost + product.lostByDatabase,
          product,
          mutantsCaught: 1 - missed,
          mutants: 1,
          mutant: { name: synchronousNormal.name, caught, ...mutant },
        };
      },
    },
    args,
  );
}
