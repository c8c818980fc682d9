/** A bearer token that is fetched once for all who wait for it. */
import type { Clock } from '../../ports.ts';
import type { Outcome } from './outcome.ts';

export interface TokenCache {
  /** The token in use, or a fresh one. Never rejects. */
  get(): Promise<Outcome<string>>;
  /** The vendor refused `token`: forget it, unless a newer one has already replaced it. */
  drop(token: string): void;
}

export interface FetchedToken {
  readonly token: string;
  /** How long the vendor says it lives; null if it does not say. */
  readonly lifeMs: number | null;
}

/** A token without a stated life is refreshed as if it lived an hour; a 401 finds out earlier. */
const defaultLifeMs = 3_600_000;
/** Refreshed when this share of its life is over, so that no request leaves with a token about to die. */
const freshShare = 0.8;

export function createTokenCache(clock: Clock, fetch: () => Promise<Outcome<FetchedToken>>): TokenCache {
  let held: { readonly token: string; readonly freshUntil: number; readonly aliveUntil: number } | null = null;
  let pending: Promise<Outcome<string>> | null = null;

  const refresh = async (): Promise<Outcome<string>> => {
    const outcome = await fetch();
    const now = clock.monotonic();
    if (outcome.kind === 'done') {
      const lifeMs = outcome.result.lifeMs ?? defaultLifeMs;
      held = { token: outcome.result.token, freshUntil: now + lifeMs * freshShare, aliveUntil: now + lifeMs };
      return { kind: 'done', result: held.token };
    }
    // An early refresh that failed costs nothing while the old token lives.
    if (held !== null && now < held.aliveUntil) return { kind: 'done', result: held.token };
    return outcome;
  };

  return {
    get() {
      if (held !== null && clock.monotonic() < held.freshUntil)
        return Promise.resolve({ kind: 'done', result: held.token });
      pending ??= refresh().finally(() => {
        pending = null;
      });
      return pending;
    },
    drop(token) {
      if (held?.token === token) held = null;
    },
  };
}

/** A token from the profile: there is nothing to refresh, so a refused one stays refused. */
export function fixedToken(token: string): TokenCache {
  return { get: () => Promise.resolve({ kind: 'done', result: token }), drop() {} };
}
