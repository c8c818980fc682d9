/** A courier a test answers for: scripted by a function, or by hand through `pending`. */
import type {
  Courier,
  JobCall,
  JobRequest,
  OperationTraits,
  ReconcileOutcome,
  SendOutcome,
} from '../../main/domain/job.ts';

export interface PendingCall<O> {
  readonly vendor: string;
  readonly call: JobCall;
  answer(outcome: O): void;
}

export interface FakeCourier extends Courier {
  /** Every send so far, in order. */
  readonly sends: { readonly vendor: string; readonly call: JobCall }[];
  readonly asks: { readonly vendor: string; readonly call: JobCall }[];
  /** Calls not answered yet. */
  readonly pending: PendingCall<SendOutcome>[];
  readonly pendingAsks: PendingCall<ReconcileOutcome>[];
  traitsOf: (vendor: string) => OperationTraits | null;
  /** If set, answers at once instead of leaving the call pending. */
  onSend: ((vendor: string, call: JobCall) => SendOutcome | null) | null;
  onAsk: ((vendor: string, call: JobCall) => ReconcileOutcome | null) | null;
}

export function createFakeCourier(traits: Partial<OperationTraits> = {}): FakeCourier {
  const courier: FakeCourier = {
    sends: [],
    asks: [],
    pending: [],
    pendingAsks: [],
    traitsOf: () => ({ effect: 'keyed', inFlightMs: 30_000, keyWindowMs: 1_800_000, ...traits }),
    onSend: null,
    onAsk: null,
    traits: (vendor) => courier.traitsOf(vendor),
    send(vendor, request) {
      const call = parcelCall(request);
      courier.sends.push({ vendor, call });
      const outcome = courier.onSend?.(vendor, call);
      return outcome ? Promise.resolve(outcome) : wait(courier.pending, vendor, call);
    },
    reconcile(vendor, request) {
      const call = parcelCall(request);
      courier.asks.push({ vendor, call });
      const outcome = courier.onAsk?.(vendor, call);
      return outcome ? Promise.resolve(outcome) : wait(courier.pendingAsks, vendor, call);
    },
  };
  return courier;
}

/** Tests of documents bring a courier of their own. */
function parcelCall(request: JobRequest): JobCall {
  if (request.facts === null) throw new Error(`a test sent ${request.operation}, which is about no parcel`);
  return request;
}

function wait<O>(list: PendingCall<O>[], vendor: string, call: JobCall): Promise<O> {
  return new Promise((resolve) => {
    const pending: PendingCall<O> = {
      vendor,
      call,
      answer(outcome) {
        const at = list.indexOf(pending);
        if (at >= 0) list.splice(at, 1);
        resolve(outcome);
      },
    };
    list.push(pending);
  });
}
