/** The routes in force: shown, tried on the waiting orders, and changed while the station runs. */
import { ContractError, type CallOutput, type RoutePreview } from '../../preload/contract/index.ts';
import { possibleRoutes, type RouteRule } from '../domain/routing.ts';
import type { Clock } from '../ports.ts';
import type { RoutableOrder, Store } from '../store/store.ts';

/** Rules as the profile and the contract have them. */
export type ProfileRoutes = CallOutput<'routes.get'>['routes'];

export interface RouteBook {
  /** For the next order. */
  current(): readonly RouteRule[];
  describe(): CallOutput<'routes.get'>;
  /** What rules would do with the waiting orders; keeps nothing. Throws ContractError `bad-input`. */
  preview(routes: ProfileRoutes): Promise<RoutePreview>;
  /** Writes the rules into the profile, then takes them on. Throws ContractError `bad-input` or `refused`. */
  save(routes: ProfileRoutes): void;
}

export interface RouteBookOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly routes: ProfileRoutes;
  readonly carriers: CallOutput<'routes.get'>['carriers'];
  readonly upstreams: readonly string[];
  /** Weights a parcel may have at this desk, in grams. */
  readonly weights: { readonly minG: number; readonly maxG: number };
  /** Writes the rules into the profile file, or null if the station has none. Throws a one-line Error. */
  readonly write: ((routes: ProfileRoutes) => void) | null;
}

const shownUnmatched = 50;
/** Orders looked at in one turn, so that a scan never waits for a preview. */
const pageSize = 500;

export function createRouteBook(options: RouteBookOptions): RouteBook {
  const { store, clock } = options;
  let routes = options.routes;

  function check(given: ProfileRoutes): void {
    const known = options.carriers.map((carrier) => carrier.id);
    given.forEach((route, index) => {
      if (known.includes(route.vendor)) return;
      const list = known.join(', ');
      throw new ContractError(
        'bad-input',
        `rule ${index + 1}: ${route.vendor} ships nothing here; carriers are ${list}`,
      );
    });
  }

  return {
    current: () => routes,
    describe: () => ({
      routes,
      carriers: options.carriers,
      upstreams: [...options.upstreams],
      savable: options.write !== null,
    }),
    async preview(given) {
      check(given);
      const tally = createTally();
      let page = store.orders.forRouting(null, pageSize);
      while (page.length > 0) {
        for (const order of page) tally.add(order, possibleRoutes(given, questionOf(order), options.weights));
        const last = page.at(-1) ?? null;
        if (page.length < pageSize) break;
        await new Promise<void>((resume) => void clock.after(0, resume));
        page = store.orders.forRouting(last, pageSize);
      }
      return tally.result();
    },
    save(given) {
      check(given);
      if (options.write === null) {
        throw new ContractError(
          'refused',
          'this station was started without a profile file; start it with --profile FILE',
        );
      }
      try {
        options.write(given);
      } catch (error) {
        throw new ContractError('unavailable', error instanceof Error ? error.message : String(error));
      }
      store.events.append('routes-saved', {}, { before: routes, after: given });
      routes = given;
    },
  };
}

function questionOf(order: RoutableOrder): Parameters<typeof possibleRoutes>[1] {
  const { receiver, vendor, fields } = order;
  return { country: receiver.country, state: receiver.state, upstream: vendor, fields };
}

type Possible = ReturnType<typeof possibleRoutes>;

function createTally(): { add(order: RoutableOrder, possible: Possible): void; result(): RoutePreview } {
  const counts = new Map<string, RoutePreview['routes'][number]>();
  const unmatched: RoutePreview['unmatched'] = { total: 0, rows: [] };
  let orders = 0;
  return {
    add(order, possible) {
      orders += 1;
      const sure = possible.length === 1;
      for (const route of possible) {
        if (route === null) {
          unmatched.total += 1;
          if (unmatched.rows.length >= shownUnmatched) continue;
          const { id, number, customerName, receiver } = order;
          const { country, state } = receiver;
          unmatched.rows.push({ id, number, customerName, country, state, byWeight: !sure });
          continue;
        }
        const key = JSON.stringify(route);
        const count = counts.get(key) ?? { ...route, sure: 0, byWeight: 0 };
        if (sure) count.sure += 1;
        else count.byWeight += 1;
        counts.set(key, count);
      }
    },
    result: () => ({ orders, routes: [...counts.values()], unmatched }),
  };
}
