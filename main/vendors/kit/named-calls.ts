/** Calls by name: typed where a vendor folder writes them, checked where anyone else makes them. */
import type { z } from 'zod';
import type { JobCall, SendOutcome } from '../../domain/job.ts';
import type { HttpAnswer, HttpRequest, Ids } from '../../ports.ts';
import type { KitOperation } from './create-vendor.ts';
import { isRefusal, type Exchange } from './exchange.ts';
import { refuse } from './limits.ts';
import type { Outcome } from './outcome.ts';
import { issueLine } from './outside.ts';
import type { BuildRefusal, NamedCall, SigningMoment } from './vendor.ts';

/** A `NamedCall` with its types: what a vendor folder writes. */
export interface TypedCall<S extends z.ZodType, R> extends NamedCall {
  readonly params: S;
  readonly sample: z.input<S>;
  build(params: z.output<S>, at: SigningMoment, requestId: string): HttpRequest | BuildRefusal;
  parse(params: z.output<S>, answer: HttpAnswer): Outcome<R>;
}

/** Types a call from its schema. Everything else reaches it through `checkedBuild` and `callByName`, schema first. */
export function namedCall<S extends z.ZodType, R>(definition: {
  readonly params: S;
  readonly sample: z.input<S>;
  readonly question: boolean;
  readonly build: (params: z.output<S>, at: SigningMoment, requestId: string) => HttpRequest | BuildRefusal;
  readonly parse: (params: z.output<S>, answer: HttpAnswer) => Outcome<R>;
}): TypedCall<S, R> {
  return definition;
}

/** Parameters that passed the schema, or a refusal in one line that names the field and never shows its value. */
export function checkParams(
  name: string,
  named: NamedCall,
  params: unknown,
): { readonly ok: true; readonly params: unknown } | { readonly ok: false; readonly refusal: BuildRefusal } {
  const parsed = named.params.safeParse(params);
  if (parsed.success) return { ok: true, params: inOrderOf(params, parsed.data) };
  const reason = issueLine(parsed.error).replace(/\s+/g, ' ').slice(0, 300);
  return { ok: false, refusal: refuse('params', `${name}: ${reason}`) };
}

/** The checked value with its fields in the order they were given: what is sent is what was asked for, byte for byte. */
function inOrderOf(given: unknown, checked: unknown): unknown {
  if (Array.isArray(given) && Array.isArray(checked)) {
    return given.length === checked.length ? checked.map((entry, index) => inOrderOf(given[index], entry)) : checked;
  }
  if (!isPlain(given) || !isPlain(checked)) return checked;
  const names = new Set([...Object.keys(given), ...Object.keys(checked)]);
  return Object.fromEntries(
    [...names]
      .filter((name) => Object.hasOwn(checked, name))
      .map((name) => [name, inOrderOf(given[name], checked[name])]),
  );
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The request of a call by name; parameters that break the schema are refused. */
export function checkedBuild(
  name: string,
  named: NamedCall,
  params: unknown,
  at: SigningMoment,
  requestId: string,
): HttpRequest | BuildRefusal {
  const checked = checkParams(name, named, params);
  return checked.ok ? named.build(checked.params, at, requestId) : checked.refusal;
}

/**
 * Makes one call. A question carries a fresh id with every attempt; a call with an effect carries one id, `requestId`
 * if given, so that the vendor can tell a repeat.
 */
export async function callByName(
  exchange: Exchange,
  ids: Ids,
  call: { readonly name: string; readonly named: NamedCall; readonly params: unknown; readonly requestId?: string },
): Promise<Outcome<unknown>> {
  const { name, named } = call;
  const checked = checkParams(name, named, call.params);
  if (!checked.ok) return { kind: 'rejected', code: checked.refusal.code, message: checked.refusal.message };
  const fixedId = call.requestId ?? (named.question ? null : ids.next());
  return exchange.run<unknown>({
    name,
    question: named.question,
    build: (at) => named.build(checked.params, at, fixedId ?? ids.next()),
    parse: (answer) => named.parse(checked.params, answer),
  });
}

export interface JobOverCall<P, R> {
  /** The call's parameters for this parcel, or why there are none. */
  readonly params: (call: JobCall, vendorNow: number) => P | BuildRefusal;
  /** The job's outcome from the call's result; for example another order's answer is `unknown`. */
  readonly result: (call: JobCall, result: R) => SendOutcome;
  /** The id an attempt carries; the job's own unless said otherwise. */
  readonly requestId?: (call: JobCall) => string;
  readonly reconcile?: KitOperation['reconcile'];
  readonly follow?: KitOperation['follow'];
}

/** A job operation on top of a call by name: the same schema, bytes and reading of the answer. */
export function jobOverCall<S extends z.ZodType, R>(
  name: string,
  named: TypedCall<S, R>,
  job: JobOverCall<z.input<S>, R>,
): KitOperation {
  return {
    build(call, at) {
      const params = job.params(call, at.vendorNow);
      if (isParamsRefusal(params)) return params;
      return checkedBuild(name, named, params, at, job.requestId?.(call) ?? call.requestId);
    },
    parse(call, answer) {
      // The instant only matters to what is sent, not to how the answer is read.
      const params = job.params(call, 0);
      if (isParamsRefusal(params)) return { kind: 'unknown', code: params.code, message: params.message };
      const checked = checkParams(name, named, params);
      if (!checked.ok) return { kind: 'unknown', code: checked.refusal.code, message: checked.refusal.message };
      const outcome = named.parse(checked.params as z.output<S>, answer);
      return outcome.kind === 'done' ? job.result(call, outcome.result) : outcome;
    },
    ...(job.reconcile === undefined ? {} : { reconcile: job.reconcile }),
    ...(job.follow === undefined ? {} : { follow: job.follow }),
  };
}

function isParamsRefusal(value: unknown): value is BuildRefusal {
  return typeof value === 'object' && value !== null && isRefusal(value as HttpRequest | BuildRefusal);
}
