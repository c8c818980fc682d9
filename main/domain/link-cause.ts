/** What went wrong with a link, in the words of the contract. The screen's sentence is `link.<code>`. Pure. */
import type { Notice, Problem } from '../../preload/contract/index.ts';

/** As links and the errors of making them have it (`native/link-problems.ts`). */
interface Trouble {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

/** Longest text of a driver in a notice. */
const longestParam = 300;
const codeShape = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** The cause of a link's last failure; undefined if it has none, or one without a code. */
export function linkCause(problem: Trouble | null | undefined): Problem | undefined {
  if (problem === null || problem === undefined || !codeShape.test(problem.code)) return undefined;
  const shown = Object.entries(problem.params).map(
    ([name, value]) => [name, typeof value === 'string' ? value.slice(0, longestParam) : value] as const,
  );
  return { code: `link.${problem.code}`, params: Object.fromEntries(shown) };
}

/** The cause of an error thrown because a link cannot be made or did not open; undefined for all other errors. */
export function causeOf(error: unknown): Problem | undefined {
  return linkCause(troubleOf(error));
}

/** The problem an error of a link brings; null for all other errors. */
export function troubleOf(error: unknown): Trouble | null {
  if (!(error instanceof Error) || !('problem' in error)) return null;
  const { problem } = error;
  return isTrouble(problem) ? problem : null;
}

/** The error that a link is not open: its last failure, else `otherwise`. */
export function notOpen(
  link: { readonly lastError: string | null; readonly problem?: Trouble | null },
  otherwise: string,
): Error {
  return Object.assign(new Error(link.lastError ?? otherwise), { problem: link.problem ?? null });
}

/** The notice with what its `reason` says for the screen, if that is known. */
export function withCause(notice: Notice, cause: Problem | undefined): Notice {
  return cause === undefined ? notice : { ...notice, cause };
}

/** What is said of a device that cannot be used because of this error. */
export function deviceProblem(device: string, error: unknown): Notice {
  const reason = error instanceof Error ? error.message : String(error);
  return withCause({ code: 'device.problem', tone: 'warn', params: { device, reason } }, causeOf(error));
}

function isTrouble(value: unknown): value is Trouble {
  if (typeof value !== 'object' || value === null || !('code' in value) || !('params' in value)) return false;
  const { code, params } = value;
  if (typeof code !== 'string' || typeof params !== 'object' || params === null) return false;
  return Object.values(params).every((each) => typeof each === 'string' || typeof each === 'number');
}
