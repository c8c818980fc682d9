/**
 * `npm run crash -- ...`: proves that nothing is lost and nothing doubled. Each way of proving is a mode, chosen by its
 * flag; without one, the kill trials run. A mode reads its own further options and returns the exit status: 0 nothing
 * wrong, 1 something wrong, 2 the options cannot be understood.
 */
type Run = (args: readonly string[]) => Promise<number>;

interface Mode {
  /** The option that chooses it, without its dashes. */
  readonly flag: string;
  readonly load: () => Promise<{ readonly run: Run }>;
}

/** One line each. */
const modes: readonly Mode[] = [
  { flag: 'power', load: () => import('./storage/power-mode.ts') },
  { flag: 'io', load: () => import('./storage/io-mode.ts') },
  { flag: 'flips', load: () => import('./storage/flips-mode.ts') },
  { flag: 'cut-label', load: () => import('./cut-label/run.ts') },
];

const args = process.argv.slice(2);
const chosen = modes.find(({ flag }) => args.includes(`--${flag}`));
const { run } = await (chosen?.load() ?? import('./trials/run.ts'));
process.exitCode = await run(args);
// Node's own clean-up once span for ever over what killed children left behind; the report is out, so it is not waited for.
process.stdout.write('', () => process.exit());
