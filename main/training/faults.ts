/** Faults a virtual vendor can be told to show, so that training and tests meet what real vendors and lines do. */

/** How often a fault fires: that many times, or until it is cleared. */
export type FaultTimes = number | 'sticky';

interface Fires {
  /** Default 1. */
  readonly times?: FaultTimes;
  /** Only on this interface (a route name of the vendor, for example `order_create`). Default: on all. */
  readonly on?: string;
}

export type Fault =
  | ({
      readonly kind: 'latency';
      /** Extra milliseconds. */
      readonly ms: number;
      /**
       * `before` (default) delays the effect and the answer: a caller that gives up early may be overtaken by an effect
       * that happens later. `after` delays only the answer.
       */
      readonly where?: 'before' | 'after';
    } & Fires)
  /** The socket is destroyed before anything happens. */
  | ({ readonly kind: 'cut-before' } & Fires)
  /** The effect happens, then the socket is destroyed without an answer. */
  | ({ readonly kind: 'cut-after' } & Fires)
  /** HTTP 500. With `effect`, the work was done first. */
  | ({ readonly kind: 'error-500'; readonly effect?: boolean } & Fires)
  /** An HTML page with status 200, as captive portals and proxies send. With `effect`, the work was done first. */
  | ({ readonly kind: 'html'; readonly effect?: boolean } & Fires)
  /** Bytes that are neither UTF-8 nor JSON, with status 200. With `effect`, the work was done first. */
  | ({ readonly kind: 'garbage'; readonly effect?: boolean } & Fires)
  /** The whole HTTP answer arrives twice on the same socket. */
  | ({ readonly kind: 'duplicate-answer' } & Fires)
  /** The answer to the call before this one on the same interface arrives again; nothing is done. */
  | ({ readonly kind: 'stale-answer' } & Fires)
  /** 429 with Retry-After; nothing is done. */
  | ({ readonly kind: 'throttle'; readonly retryAfterS?: number } & Fires)
  /** The vendor's clock is off by `ms` (positive: ahead), as its Date header shows. */
  | ({ readonly kind: 'skew'; readonly ms: number } & Fires)
  /** Every token issued so far stops being valid. Vendors without tokens are unmoved. */
  | ({ readonly kind: 'token-expired' } & Fires);

export type FaultKind = Fault['kind'];

/** The choices of the training panel, and what each means. */
export const panelFaults = [
  'none',
  'slow',
  'cut-before',
  'cut-after',
  'error-500',
  'html',
  'throttle',
  'skew',
  'token-expired',
] as const;
export type PanelFault = (typeof panelFaults)[number];

/** The fault behind one choice of the training panel; null for `none`. Sticky, so that the packer sees it until cleared. */
export function panelFault(choice: PanelFault): Fault | null {
  switch (choice) {
    case 'none':
      return null;
    case 'slow':
      return { kind: 'latency', ms: 4_000, times: 'sticky' };
    case 'skew':
      return { kind: 'skew', ms: -13 * 60_000, times: 'sticky' };
    case 'throttle':
      return { kind: 'throttle', retryAfterS: 2, times: 'sticky' };
    case 'token-expired':
      return { kind: 'token-expired', times: 1 };
    default:
      return { kind: choice, times: 'sticky' };
  }
}

/** The choice of the training panel that shows what is set; `none` for faults the panel has no word for. */
export function panelChoiceOf(faults: readonly Fault[]): PanelFault {
  for (const { kind } of faults) {
    const choice = kind === 'latency' ? 'slow' : panelFaults.find((name) => name === kind);
    if (choice !== undefined) return choice;
  }
  return 'none';
}

/** The faults now set on one vendor. At most one of each kind. */
export class FaultSet {
  readonly #left = new Map<FaultKind, { readonly fault: Fault; left: number }>();

  /** Sets a fault; one of the same kind is replaced. */
  add(fault: Fault): void {
    const times = fault.times ?? 1;
    this.#left.set(fault.kind, { fault, left: times === 'sticky' ? Infinity : times });
  }

  clear(): void {
    this.#left.clear();
  }

  /** The fault of that kind if it fires for this interface now; counts it. */
  take<K extends FaultKind>(kind: K, route: string): Extract<Fault, { kind: K }> | null {
    const entry = this.#left.get(kind);
    if (entry === undefined || (entry.fault.on !== undefined && entry.fault.on !== route)) return null;
    entry.left -= 1;
    if (entry.left <= 0) this.#left.delete(kind);
    return entry.fault as Extract<Fault, { kind: K }>;
  }

  list(): readonly Fault[] {
    return [...this.#left.values()].map((entry) => entry.fault);
  }
}
