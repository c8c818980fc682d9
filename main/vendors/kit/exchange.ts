/**
 * One vendor call on the wire: build, token, send, classify; at most one fresh token and one clock correction.
 *
 * Classification, strictest reading first: what is not clearly something else is `unknown`. A repeat inside one call
 * happens only after the vendor said that nothing happened (401, a refusing code), or if the call is a question.
 */
import type { HttpAnswer, HttpRequest } from '../../ports.ts';
import type { Outcome } from './outcome.ts';
import type { BuildRefusal, SigningMoment, VendorPorts } from './vendor.ts';
import type { TokenCache } from './tokens.ts';
import { scrub } from './redact.ts';

export interface Exchange {
  /** `parse` sees answers below 500 only; a `done` on a status outside 2xx is not believed. */
  run<T>(call: ExchangeCall<T>): Promise<Outcome<T>>;
}

export interface ExchangeCall<T> {
  /** For the log. */
  readonly name: string;
  /** A question has no effect, so it may be repeated even when its answer is unclear. */
  readonly question: boolean;
  build(at: SigningMoment): HttpRequest | BuildRefusal;
  parse(answer: HttpAnswer): Outcome<T>;
}

export interface ExchangeOptions {
  readonly vendor: string;
  readonly ports: VendorPorts;
  /** Null for schemes that sign every request. */
  readonly tokens: TokenCache | null;
  /** Values that must never leave in a message, whatever the vendor echoes. */
  readonly secrets: readonly string[];
}

/** A change of the clock offset below this is no reason to try again. */
const noticeableMs = 1_000;

export function createExchange({ vendor, ports, tokens, secrets }: ExchangeOptions): Exchange {
  /** `used` collects the tokens that were sent: they are secrets as well. */
  async function once<T>(call: ExchangeCall<T>, used: string[]): Promise<Outcome<T>> {
    let refreshed = false;
    let corrected = false;
    for (;;) {
      let token: string | null = null;
      if (tokens !== null) {
        const got = await tokens.get();
        if (got.kind !== 'done') return withoutToken(got);
        token = got.result;
        used.push(token);
      }
      const offsetMs = ports.offset.ms;
      const request = call.build({ vendorNow: ports.clock.now() + offsetMs, token });
      if (isRefusal(request)) return { kind: 'rejected', code: request.code, message: request.message };
      const answer = await ports.http.send(request);
      if (answer.kind === 'not-sent') return { kind: 'not-sent', code: answer.reason, message: answer.message };
      if (answer.kind === 'no-answer') return { kind: 'unknown', code: answer.reason, message: answer.message };
      ports.offset.observe(answer);
      const outcome = judge(answer, (received) => call.parse(received));
      if (outcome.kind === 'skew') ports.offset.correct?.(answer);
      if (outcome.kind === 'done' || outcome.kind === 'throttled') return outcome;
      // The clock has just turned out to be wrong: what was refused was refused for that, more likely than not. Tried
      // again if nothing can have happened, and before the token: a wrong time often shows as a wrong signature.
      const harmless = outcome.kind !== 'unknown' || call.question;
      if (!corrected && harmless && Math.abs(ports.offset.ms - offsetMs) >= noticeableMs) {
        corrected = true;
      } else if (outcome.kind === 'auth' && tokens !== null && token !== null && !refreshed) {
        refreshed = true;
        tokens.drop(token);
      } else {
        return outcome;
      }
    }
  }

  return {
    async run(call) {
      const startedAt = ports.clock.monotonic();
      const used: string[] = [];
      const outcome = scrubOutcome(await once(call, used), [...secrets, ...used]);
      const fields = { vendor, operation: call.name, outcome: outcome.kind, ms: ports.clock.monotonic() - startedAt };
      if (outcome.kind === 'done') ports.log.debug(fields, 'vendor call');
      else ports.log.warn({ ...fields, code: outcome.code, reason: outcome.message }, 'vendor call');
      return outcome;
    },
  };
}

export function isRefusal(value: HttpRequest | BuildRefusal): value is BuildRefusal {
  return 'refused' in value;
}

/** The token call has no effect, so whatever came of it, nothing of the call itself was sent. */
function withoutToken(got: Exclude<Outcome<string>, { kind: 'done' }>): Outcome<never> {
  const message = `no token: ${got.message}`;
  if (got.kind === 'rejected') return { kind: 'auth', code: got.code, message };
  if (got.kind === 'unknown') return { kind: 'not-sent', code: got.code, message };
  return { ...got, message };
}

/** Refused by the web server before any application saw it: wrong address or method, or too large. */
const neverProcessed = new Map([
  [404, 'address not found; check baseUrl and paths'],
  [405, 'method not allowed at this address; check baseUrl and paths'],
  [413, 'request too large'],
  [414, 'address too long'],
  [415, 'content type not accepted'],
]);

function judge<T>(answer: HttpAnswer, parse: (answer: HttpAnswer) => Outcome<T>): Outcome<T> {
  const { status } = answer;
  const code = `http-${status}`;
  if (status === 429) {
    const retryAfterMs = retryAfter(answer);
    return { kind: 'throttled', retryAfterMs, code, message: 'the vendor asks to slow down (HTTP 429)' };
  }
  if (status === 401) return { kind: 'auth', code, message: 'the vendor does not accept our credentials (HTTP 401)' };
  if (status === 403) return { kind: 'auth', code, message: 'the vendor forbids this call (HTTP 403)' };
  if (status >= 500) return { kind: 'unknown', code, message: `the vendor failed (HTTP ${status})` };
  let outcome: Outcome<T>;
  try {
    outcome = parse(answer);
  } catch {
    // A fault of ours, after the request left: nobody can say what happened at the vendor.
    return { kind: 'unknown', code: 'unreadable', message: 'the answer could not be read' };
  }
  if (status >= 200 && status < 300) return outcome;
  if (outcome.kind !== 'done' && outcome.kind !== 'unknown') return outcome;
  const reason = neverProcessed.get(status);
  if (reason !== undefined) return { kind: 'rejected', code, message: `${reason} (HTTP ${status})` };
  return { kind: 'unknown', code, message: `unexpected answer (HTTP ${status})` };
}

/** Retry-After as milliseconds: seconds or an HTTP date (RFC 9110 section 10.2.3), at most one hour; null if absent. */
function retryAfter(answer: HttpAnswer): number | null {
  const text = answer.headers['retry-after']?.trim() ?? '';
  const limit = 3_600_000;
  if (/^\d{1,9}$/.test(text)) return Math.min(Number(text) * 1_000, limit);
  const date = Date.parse(text);
  if (Number.isNaN(date)) return null;
  const dateHeader = Date.parse(answer.headers['date'] ?? '');
  const vendorNow = Number.isNaN(dateHeader) ? answer.answeredAt : dateHeader;
  return Math.min(Math.max(0, date - vendorNow), limit);
}

function scrubOutcome<T>(outcome: Outcome<T>, secrets: readonly string[]): Outcome<T> {
  if (outcome.kind === 'done') return outcome;
  return { ...outcome, code: scrub(outcome.code, secrets), message: scrub(outcome.message, secrets) };
}
