/** The part every vendor folder shares: operations in, a `Vendor` out. */
import type { HttpRequest, Ids } from '../../ports.ts';
import type { JobCall, SendOutcome } from '../../domain/job.ts';
import type { OperationName } from '../../domain/shipping.ts';
import { isRefusal, type Exchange } from './exchange.ts';
import { callByName, checkedBuild } from './named-calls.ts';
import { scrub, scrubHeaders } from './redact.ts';
import type {
  BuildRefusal,
  DescribedCall,
  JobOperation,
  NamedCall,
  SigningMoment,
  Vendor,
  VendorManifest,
} from './vendor.ts';

/** A job operation that may need more questions before its result is complete (a label behind an address). */
export interface KitOperation extends JobOperation {
  follow?(call: JobCall, done: { readonly kind: 'done'; readonly result: unknown }): Promise<SendOutcome>;
}

export interface VendorParts {
  readonly manifest: VendorManifest;
  readonly exchange: Exchange;
  readonly secrets: readonly string[];
  readonly operations: Partial<Record<OperationName, KitOperation>>;
  readonly documents?: NonNullable<Vendor['documents']>;
  /** Questions that `vendor sign` can show, by operation name. */
  readonly handoverNeeds?: NonNullable<Vendor['handoverNeeds']>;
  readonly questions: Readonly<Record<string, (at: SigningMoment, requestId: string) => HttpRequest | BuildRefusal>>;
  /** The text that was hashed, with secrets as `‹name›`. */
  readonly signedText: (request: HttpRequest) => string;
  /** The signature in a request that was built, or null if the scheme signs nothing (a bearer token). */
  readonly signatureOf?: (request: HttpRequest) => string | null;
  /** Calls by name, by operation name of the manifest; needs `ids`. */
  readonly calls?: Readonly<Record<string, NamedCall>>;
  /** Makes the request ids of calls by name. */
  readonly ids?: Ids;
  /** Signs any body to any path below the base address; null if the scheme cannot. */
  readonly signed?: NonNullable<Vendor['signed']>;
  readonly track?: { readonly atOnce: number; readonly ask: NonNullable<Vendor['track']> };
  readonly proof?: NonNullable<Vendor['proof']>;
  readonly ownLabel?: NonNullable<Vendor['ownLabel']>;
  readonly pullOrders?: NonNullable<Vendor['pullOrders']>;
  readonly check?: NonNullable<Vendor['check']>;
}

export function createVendor(parts: VendorParts): Vendor {
  const { manifest, operations, exchange, secrets, ids } = parts;
  const calls = parts.calls ?? {};
  const callNamed = (name: string): NamedCall | undefined => (Object.hasOwn(calls, name) ? calls[name] : undefined);
  const none = (operation: string): BuildRefusal => ({
    refused: true,
    code: 'unsupported',
    message: `${manifest.id} has no operation ${operation}`,
  });

  const buildFor = (call: DescribedCall, at: SigningMoment): HttpRequest | BuildRefusal => {
    if ('rawBody' in call) {
      if (parts.signed !== undefined) return parts.signed(call.operation, call.rawBody, at, call.requestId);
    } else if ('facts' in call) {
      const operation = operations[call.operation];
      if (operation !== undefined) return operation.build(call, at);
    } else if ('params' in call) {
      const named = callNamed(call.operation);
      if (named !== undefined) return checkedBuild(call.operation, named, call.params, at, call.requestId);
    } else {
      const question = Object.hasOwn(parts.questions, call.operation) ? parts.questions[call.operation] : undefined;
      if (question !== undefined) return question(at, call.requestId);
      const named = callNamed(call.operation);
      if (named !== undefined) return checkedBuild(call.operation, named, named.sample, at, call.requestId);
    }
    return none(call.operation);
  };

  return {
    manifest,
    operations,

    async send(call) {
      const operation = operations[call.operation];
      if (operation === undefined) {
        return { kind: 'rejected', code: 'unsupported', message: `${manifest.id} has no operation ${call.operation}` };
      }
      const outcome = await exchange.run<unknown>({
        name: call.operation,
        question: false,
        build: (at) => operation.build(call, at),
        parse: (answer) => operation.parse(call, answer),
      });
      if (outcome.kind !== 'done' || operation.follow === undefined) return outcome;
      return operation.follow(call, outcome);
    },

    async reconcile(call) {
      const operation = operations[call.operation];
      if (operation?.reconcile === undefined) {
        return {
          kind: 'unsure',
          code: 'cannot-ask',
          message: `${manifest.id} cannot be asked about ${call.operation}`,
        };
      }
      return operation.reconcile(call);
    },

    describe(call, at) {
      const request = buildFor(call, at);
      if (isRefusal(request)) return request;
      return {
        method: request.method,
        url: scrub(request.url, secrets),
        headers: scrubHeaders(request.headers, secrets),
        body: request.body === null ? '' : scrub(new TextDecoder().decode(request.body), secrets),
        signedText: scrub(parts.signedText(request), secrets),
        signature: parts.signatureOf?.(request) ?? null,
      };
    },

    ...(parts.calls === undefined || ids === undefined
      ? {}
      : {
          calls,
          async call(name, params, requestId) {
            const named = callNamed(name);
            if (named === undefined) return { kind: 'rejected', code: 'unsupported', message: none(name).message };
            return callByName(exchange, ids, {
              name,
              named,
              params,
              ...(requestId === undefined ? {} : { requestId }),
            });
          },
        }),
    ...(parts.documents === undefined ? {} : { documents: parts.documents }),
    ...(parts.handoverNeeds === undefined ? {} : { handoverNeeds: parts.handoverNeeds }),
    ...(parts.signed === undefined ? {} : { signed: parts.signed }),
    ...(parts.track === undefined ? {} : { track: parts.track.ask, trackAtOnce: parts.track.atOnce }),
    ...(parts.proof === undefined ? {} : { proof: parts.proof }),
    ...(parts.ownLabel === undefined ? {} : { ownLabel: parts.ownLabel }),
    ...(parts.pullOrders === undefined ? {} : { pullOrders: parts.pullOrders }),
    ...(parts.check === undefined ? {} : { check: parts.check }),
  };
}
