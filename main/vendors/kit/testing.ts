/** Stand-ins for tests of vendor folders: a scripted HTTP, ports, and what a folder tells the conformance suite. */
import type { Clock, HttpAnswer, HttpOutcome, HttpRequest, Log } from '../../ports.ts';
import type { DocumentCall, JobCall } from '../../domain/job.ts';
import type { EarlierResults, OperationName, ParcelFacts } from '../../domain/shipping.ts';
import { createClockOffset } from './clock-offset.ts';
import type { VendorPorts } from './vendor.ts';

/** 2026-01-05 08:00:00 in China. */
export const testNow = Date.UTC(2026, 0, 5);

export interface ScriptedPorts extends VendorPorts {
  /** Every request sent, oldest first. */
  readonly sent: HttpRequest[];
  /** Everything logged, as one text per line. */
  readonly logged: string[];
  /** Moves both clocks. */
  pass(ms: number): void;
}

/** Ports whose HTTP answers by `respond`, called with the request and how many came before it. */
export function scriptedPorts(respond: (request: HttpRequest, index: number) => HttpOutcome): ScriptedPorts {
  let elapsed = 0;
  let lastId = 0;
  const sent: HttpRequest[] = [];
  const logged: string[] = [];
  const keep = (fields: object, message: string): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: keep, info: keep, warn: keep, error: keep };
  const clock: Clock = {
    now: () => testNow + elapsed,
    monotonic: () => 1_000 + elapsed,
    after: () => ({ cancel() {} }),
  };
  return {
    sent,
    logged,
    pass: (ms) => void (elapsed += ms),
    clock,
    log,
    ids: { next: () => `018f3b52-0000-7000-8000-${String(++lastId).padStart(12, '0')}` },
    offset: createClockOffset({ initialMs: 0, onChange() {} }),
    http: {
      send(request) {
        sent.push(request);
        return Promise.resolve(respond(request, sent.length - 1));
      },
    },
  };
}

/** An answer with this body (text, bytes, or a value as JSON), taken `testNow` as its instant. */
export function answerOf(body: unknown, change: Partial<Omit<HttpAnswer, 'kind' | 'body'>> = {}): HttpAnswer {
  const bytes =
    body instanceof Uint8Array
      ? body
      : new TextEncoder().encode(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));
  return { kind: 'answer', status: 200, headers: {}, body: bytes, sentAt: testNow, answeredAt: testNow, ...change };
}

export function testFacts(change: Partial<ParcelFacts> = {}): ParcelFacts {
  return {
    parcelId: 'parcel-1',
    orderNumber: 'DD201612090000001',
    reference: 'PB0000000000000000000001',
    receiver: {
      name: 'Ann Lee',
      company: 'Lee & Co',
      phone: '+1 555 0100',
      email: 'ann@example.com',
      country: 'US',
      state: 'CA',
      city: 'Los Angeles',
      postcode: '90001',
      line1: '123 Main Street',
      line2: 'Suite 4',
    },
    service: 'P10006',
    weightG: 1234,
    lengthMm: 305,
    widthMm: 200,
    heightMm: null,
    items: [{ code: 'P0001', name: '商品1', quantity: '20', unitName: '箱', price: '10', gift: false }],
    remark: '请尽快送货',
    ...change,
  };
}

export function testCall(
  operation: OperationName,
  change: { facts?: Partial<ParcelFacts>; earlier?: EarlierResults; requestId?: string } = {},
): JobCall {
  return {
    operation,
    facts: testFacts(change.facts ?? {}),
    earlier: change.earlier ?? {
      placeOrder: { vendorOrderNumber: 'HGE2507080000516', waybill: null },
      confirm: { waybill: '9261290100000000000012' },
    },
    requestId: change.requestId ?? '018f3b52-aaaa-7000-8000-000000000001',
    attempt: 1,
  };
}

/** What a vendor folder tells the conformance suite about itself, in `conformance-case.ts`. */
export interface ConformanceCase {
  readonly vendor: string;
  /** Valid settings, secrets in plain text. Every value in `secrets` is one of them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Further valid settings to sign and send under. */
  readonly variants: readonly Readonly<Record<string, unknown>>[];
  readonly secrets: readonly string[];
  /** What the vendor answers to calls that are not the operation under test (tokens); null for none. */
  readonly aside: (request: HttpRequest) => HttpAnswer | null;
  /** The body of an answer that carries this code and nothing else wrong. */
  readonly answerWithCode: (code: string) => unknown;
  /** The least the vendor may send with this code. */
  readonly bareAnswer: (code: string) => unknown;
  /** Job operations, each with a body that is success, and the rule by which any body may be success. */
  readonly operations: readonly {
    readonly call: JobCall;
    readonly success: unknown;
    readonly mayBeDone: (body: unknown) => boolean;
  }[];
  /**
   * Calls by name: an answer that is success where it is not the one of the job operation with that name, else
   * `anySuccess`; and the settings it needs, under which nothing else is asked. `anyDone` is the rule by which any body may be success.
   */
  readonly calls?: Readonly<
    Record<string, { readonly success: unknown; readonly settings?: Readonly<Record<string, unknown>> }>
  >;
  readonly anySuccess?: unknown;
  readonly anyDone?: (body: unknown) => boolean;
  /** Jobs about many parcels, each with an answer that is success. */
  readonly documents?: readonly { readonly call: DocumentCall; readonly success: unknown }[];
  /** Documented samples of answers, and what the operation makes of them. */
  readonly samples: readonly { readonly name: string; readonly operation: OperationName; readonly body: unknown }[];
  /** Calls that break one documented limit each. */
  readonly limits: readonly { readonly name: string; readonly call: JobCall }[];
}
