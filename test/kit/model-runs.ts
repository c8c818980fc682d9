/** How often a model-based test plays, and with which seed. */

/**
 * `usual` plays of one fixed seed, so that the same source gives the same result everywhere. To look for what nobody has
 * seen yet: `PACKBENCH_MODEL_RUNS=2000 PACKBENCH_MODEL_SEED=random` (or a number); a failure names its seed.
 */
export function modelRuns(usual: number): { readonly numRuns: number; readonly seed?: number } {
  const { PACKBENCH_MODEL_RUNS: runs, PACKBENCH_MODEL_SEED: seed = '1' } = process.env;
  const numRuns = runs === undefined ? usual : Number(runs);
  return seed === 'random' ? { numRuns } : { numRuns, seed: Number(seed) };
}
