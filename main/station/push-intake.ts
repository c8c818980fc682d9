/**
 * What vendors push to this desk: verified by the vendor's own rules, written into the record in one transaction with
 * the memory of what must not come again. Listening is the host's business.
 */
import { z } from 'zod';
import { ProfileError, resolveSecrets } from '../profile/profile.ts';
import type { Clock, Secrets } from '../ports.ts';
import type { Store } from '../store/store.ts';
import { hongxun } from '../vendors/hongxun/module.ts';
import { createPushReader, type PushReader, type ReceivedPush } from '../vendors/hongxun/push.ts';
import type { VendorEntry } from './vendor-set.ts';

export interface PushIntake {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly maxBodyBytes: number;
  readonly reader: PushReader;
  /** Keys taken before the last stop that are still within their window. */
  readonly seen: readonly (readonly [key: string, expiresAt: number])[];
  /** Committed when it resolves. */
  onPush(kind: ReceivedPush['kind'], push: ReceivedPush): Promise<void>;
}

const seenKey = 'hongxun.pushes';
const Seen = z.array(z.tuple([z.string(), z.number()]));

/** Null unless the profile turns receiving on. Throws ProfileError if it does and a setting or the secret is missing. */
export function openPushIntake(options: {
  vendors: readonly Pick<VendorEntry, 'id' | 'virtual' | 'settings'>[];
  secrets: Secrets;
  /** The store now: another one may be open by the next push. */
  store(): Store;
  clock: Clock;
}): PushIntake | null {
  const { clock } = options;
  const { id } = hongxun.manifest;
  const entry = options.vendors.find((each) => each.id === id);
  if (entry === undefined || entry.virtual) return null;
  const { settings: raw, problem } = resolveSecrets(id, entry.settings, hongxun.secretFields, options.secrets);
  const wanted = z.looseObject({ receive: z.looseObject({ enabled: z.literal(true) }) }).safeParse(entry.settings);
  if (!wanted.success) return null;
  if (problem !== null) throw new ProfileError(`profile: ${problem}`);
  const settings = hongxun.settings.parse(raw);
  const { host, port, path, maxBodyBytes } = settings.receive;

  const remembered = (): [string, number][] => {
    const parsed = Seen.safeParse(parseOrNull(options.store().values.get(seenKey)));
    return parsed.success ? parsed.data.filter(([, expiresAt]) => expiresAt >= clock.now()) : [];
  };

  return {
    host,
    port,
    path,
    maxBodyBytes,
    reader: createPushReader(settings),
    seen: remembered(),
    async onPush(kind, push) {
      const store = options.store();
      store.transaction(() => {
        const { key, signedAt, expiresAt, requestText } = push;
        const orders = ordersOf(push)
          .map((number) => store.orders.findByNumber(number))
          .filter((order) => order !== null);
        store.events.append('vendor-push', {}, { vendor: id, kind, key, signedAt, request: requestText });
        for (const order of orders) {
          store.events.append('vendor-push', { orderId: order.id }, { vendor: id, kind, key, signedAt });
        }
        store.values.set(seenKey, JSON.stringify([...remembered(), [key, expiresAt]]));
      });
      return Promise.resolve();
    },
  };
}

/** Numbers of the orders a push is about, each once. */
function ordersOf({ request }: ReceivedPush): string[] {
  const named = z.looseObject({ customerOrderCode: z.string().optional(), customerNumber: z.string().optional() });
  const list: unknown[] = Array.isArray(request) ? (request as unknown[]) : [request];
  const numbers = list.flatMap((each) => {
    const parsed = named.safeParse(each);
    return parsed.success ? [parsed.data.customerOrderCode ?? parsed.data.customerNumber ?? ''] : [];
  });
  return [...new Set(numbers)].filter((number) => number !== '');
}

function parseOrNull(text: string | null): unknown {
  try {
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}
