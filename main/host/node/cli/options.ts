/** Reads the command line's options: long names only, typed, unknown ones refused by name. */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { UsageError } from './exit.ts';

export interface ReadOptions {
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly rest: readonly string[];
  text(name: string): string | undefined;
  /** Every value of an option that may be given several times. */
  list(name: string): readonly string[];
  flag(name: string): boolean;
  /** A whole number within limits, or undefined if not given. */
  whole(name: string, least: number, most: number): number | undefined;
  /** Like `text`, but its absence is bad input. */
  need(name: string): string;
}

export function readOptions(args: readonly string[], config: ParseArgsOptionsConfig): ReadOptions {
  const { values, rest } = parse(args, config);
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    values,
    rest,
    text,
    list(name) {
      const value = values[name];
      return Array.isArray(value) ? (value as readonly string[]) : [];
    },
    flag: (name) => values[name] === true,
    whole(name, least, most) {
      const given = text(name);
      if (given === undefined) return undefined;
      const value = Number(given);
      if (!Number.isSafeInteger(value) || value < least || value > most) {
        throw new UsageError(`--${name} ${given}: must be a whole number from ${least} to ${most}`);
      }
      return value;
    },
    need(name) {
      const value = text(name);
      if (value === undefined) throw new UsageError(`--${name} is missing`);
      return value;
    },
  };
}

function parse(
  args: readonly string[],
  config: ParseArgsOptionsConfig,
): { values: ReadOptions['values']; rest: readonly string[] } {
  try {
    const parsed = parseArgs({ args: [...args], options: config, allowPositionals: true, strict: true });
    return { values: parsed.values as ReadOptions['values'], rest: parsed.positionals };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(message.split('\n')[0] ?? 'bad options');
  }
}
