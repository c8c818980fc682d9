/** What happens in a trial, from its seed and number alone. */
import { failpointNames, type FailpointName } from '../../../main/ports.ts';
import type { Fault } from '../../../main/training/faults.ts';
import { seededRandom } from '../../kit/ports.ts';
import { cutPlaces, type CutPlace } from './cutting-proxy.ts';
import { lineTroubles } from './printer-proxy.ts';

export type Kill =
  /** SIGKILL just before the n-th operation on a file (write, sync, rename, …); half of it is done, if `halfway`. */
  | { readonly by: 'operation'; readonly n: number; readonly halfway: boolean }
  | { readonly by: 'point'; readonly point: FailpointName; readonly visit: number }
  /** SIGKILL so long after the spawn, or after the station was ready; milliseconds of the machine. */
  | { readonly by: 'time'; readonly afterMs: number; readonly from: 'spawn' | 'ready' };

export const printerTroubles = ['cut-mid-label', 'no-answer', 'paper-out', 'off', ...lineTroubles] as const;
export type PrinterTrouble = (typeof printerTroubles)[number];

/** Milliseconds of the machine since the station of a run was ready. */
export type Disturbance =
  | { readonly kind: 'jump'; readonly atMs: number; readonly ms: number }
  /** SIGSTOP for `forMs` of the machine; then both clocks of the child move on by `sleepMs` of the child's time. */
  | { readonly kind: 'stop'; readonly atMs: number; readonly forMs: number; readonly sleepMs: number }
  /** `opened`: counted from the first order on the desk of that run. */
  | { readonly kind: 'line'; readonly atMs: number; readonly forMs: number; readonly opened?: boolean }
  | {
      readonly kind: 'printer';
      readonly atMs: number;
      readonly forMs: number;
      readonly trouble: PrinterTrouble;
      readonly afterBytes: number;
    };

export const carriers = ['hge', 'ane', 'asiabill', 'hongxun'] as const;
export type CutVendor = (typeof carriers)[number];

export interface Schedule {
  readonly trial: number;
  readonly theme: string;
  readonly orders: number;
  /** Grams of each order's parcel; from 1000 on a domestic parcel goes by the carrier that cannot be asked. */
  readonly weightsG: readonly number[];
  /** One per run; the run after the last one is not killed. */
  readonly kills: readonly Kill[];
  readonly disturbances: readonly (readonly Disturbance[])[];
  readonly cuts: readonly { readonly vendor: CutVendor; readonly connection: number; readonly place: CutPlace }[];
  readonly faults: readonly { readonly vendor: CutVendor; readonly fault: Fault }[];
  /** The vendors' own working times, milliseconds of the child's time, taken in turn. */
  readonly delaysMs: readonly number[];
  /** Chances of the packer's own doing. */
  readonly reprint: number;
  readonly wrongLabel: number;
}

/** Client time limit and in-flight wait of every vendor in a trial, milliseconds of the child's time. */
export const timeoutMs = 2_000;
export const inFlightMs = 4_000;

/** What has to happen for some points to be reached at all. */
interface Recipe {
  /** The kill before: at this point, and its visit. */
  readonly before?: readonly [FailpointName, number];
  readonly printer?: PrinterTrouble;
  readonly lineDown?: boolean;
}
const recipes: Partial<Record<FailpointName, Recipe>> = {
  'outbox.before-recovery-commit': { before: ['outbox.answered', 1] },
  'outbox.after-recovery-commit': { before: ['outbox.after-claim-commit', 1] },
  'print.before-recovery-commit': { before: ['print.sending', 1] },
  'print.after-recovery-commit': { before: ['print.after-last-byte', 1] },
  'reprint.before-commit': { printer: 'cut-mid-label' },
  'reprint.after-commit': { printer: 'cut-mid-label' },
  'rack.before-commit': { lineDown: true },
  'rack.after-commit': { lineDown: true },
};
/** Points a run passes once: a second visit is a second run's. */
const once = new Set<FailpointName>(Object.keys(recipes) as FailpointName[]);
/** How late a later visit may be: calls happen often, and the first ones only pull orders. */
const lastVisit = (point: FailpointName): number => (/^(http|outbox)\./.test(point) ? 10 : 3);

/** Of the trials after the first round, in turn. */
const themes = ['pair', 'time', 'cut', 'vendor', 'printer', 'jump', 'stop', 'mixed', 'operation'] as const;
/** Narrow ones, each about one fault that a mutant cannot stand. */
export type Theme =
  | (typeof themes)[number]
  | 'answer-lost'
  | 'request-lost'
  | 'slow-vendor'
  | 'mute-printer'
  | 'killed-after-label'
  | 'wrong-label';

interface Draw {
  (): number;
  whole(from: number, to: number): number;
  of<T>(list: readonly T[]): T;
}

function drawFrom(seed: number): Draw {
  const source = seededRandom(seed);
  const draw = (): number => source.next();
  return Object.assign(draw, {
    whole: (from: number, to: number) => from + Math.floor(draw() * (to - from + 1)),
    of: <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)] as T,
  });
}

/** Number of trials after which every failpoint was its own trial, at its first and at a later visit. */
export const firstRound = failpointNames.length * 2;

/** Several failpoints in one trial, each with what it takes to get there. */
export function pointsSchedule(seed: number, trial: number, points: readonly FailpointName[]): Schedule {
  const draw = drawFrom(Math.imul(seed, 7_919) + Math.imul(trial, 104_729));
  const kills: Kill[] = [];
  const disturbances: Disturbance[][] = [];
  for (const point of points) {
    const each = atPoint(point, 1, draw);
    (each.disturbances ?? []).forEach((list, run) => (disturbances[kills.length + run] = [...list]));
    kills.push(...(each.kills ?? []).filter((kill) => kill.by === 'point'));
  }
  const inOrder = Array.from(disturbances, (list) => list ?? []);
  return { ...plain(trial, draw), orders: 2, kills, disturbances: inOrder, theme: `points ${points.join(' ')}` };
}

export function makeSchedule(seed: number, trial: number, theme?: Theme): Schedule {
  const draw = drawFrom(Math.imul(seed, 7_919) + Math.imul(trial, 104_729));
  const base = plain(trial, draw);
  if (theme === undefined && trial <= firstRound) {
    const point = failpointNames[(trial - 1) % failpointNames.length] ?? failpointNames[0];
    const later = trial > failpointNames.length;
    const visit = later && !once.has(point) ? draw.whole(2, lastVisit(point)) : 1;
    return { ...base, ...atPoint(point, visit, draw), theme: `point ${point} ${visit}` };
  }
  const chosen = theme ?? themes[trial % themes.length] ?? 'mixed';
  return { ...base, ...themed(chosen, draw), theme: chosen };
}

function plain(trial: number, draw: Draw): Omit<Schedule, 'theme'> {
  const orders = draw.whole(2, 3);
  return {
    trial,
    orders,
    weightsG: Array.from({ length: orders }, (_, index) => 200 + index * 37 + (draw() < 0.3 ? 1_000 : 0)),
    kills: [],
    disturbances: [],
    cuts: [],
    faults: [],
    delaysMs: Array.from({ length: 12 }, () => delay(draw, 0.15)),
    reprint: 0.03,
    wrongLabel: 0.1,
  };
}

/** Mostly quick, sometimes anything up to twice the client's patience. */
function delay(draw: Draw, slow: number): number {
  return draw() < slow ? draw.whole(100, timeoutMs * 2) : draw.whole(0, 100);
}

function atPoint(point: FailpointName, visit: number, draw: Draw): Partial<Schedule> {
  const recipe = recipes[point] ?? {};
  const kill: Kill = { by: 'point', point, visit };
  const kills: Kill[] =
    recipe.before === undefined ? [kill] : [{ by: 'point', point: recipe.before[0], visit: recipe.before[1] }, kill];
  if (draw() < 0.2) kills.push(anyTime(draw));
  const troubled: Disturbance[] = [];
  if (recipe.printer !== undefined) {
    troubled.push({ kind: 'printer', atMs: 0, forMs: 6_000, trouble: recipe.printer, afterBytes: 100 });
  }
  if (recipe.lineDown === true) troubled.push({ kind: 'line', atMs: 0, forMs: 3_000, opened: true });
  return { kills, disturbances: [troubled] };
}

function themed(theme: Theme, draw: Draw): Partial<Schedule> {
  switch (theme) {
    case 'pair':
      return { kills: [anyPoint(draw), anyPoint(draw)] };
    case 'time':
      return { kills: Array.from({ length: draw.whole(1, 3) }, () => anyTime(draw)) };
    case 'cut':
      return {
        cuts: draw() < 0.5 ? someCuts(draw) : lost('before-answer'),
        kills: draw() < 0.6 ? [anyCall(draw)] : [],
      };
    case 'vendor':
      return { faults: someFaults(draw), delaysMs: Array.from({ length: 12 }, () => delay(draw, 0.4)) };
    case 'printer':
      return {
        disturbances: [[printerTrouble(draw)], [printerTrouble(draw)]],
        kills: draw() < 0.5 ? [anyTime(draw)] : [],
      };
    case 'jump':
      return { disturbances: [[jump(draw)], [jump(draw)]], kills: draw() < 0.7 ? [anyPoint(draw)] : [] };
    case 'stop':
      return { disturbances: [[stop(draw)]], kills: draw() < 0.3 ? [anyTime(draw)] : [] };
    case 'mixed':
      return {
        kills: Array.from({ length: draw.whole(1, 3) }, () => (draw() < 0.5 ? anyPoint(draw) : anyTime(draw))),
        cuts: draw() < 0.5 ? someCuts(draw) : [],
        faults: draw() < 0.5 ? someFaults(draw) : [],
        disturbances: [[draw() < 0.5 ? printerTrouble(draw) : jump(draw)], draw() < 0.3 ? [lineDown(draw)] : []],
        delaysMs: Array.from({ length: 12 }, () => delay(draw, 0.3)),
      };
    case 'operation':
      return { kills: Array.from({ length: draw.whole(1, 2) }, () => anyOperation(draw)) };
    case 'answer-lost':
      return { cuts: lost('before-answer') };
    case 'request-lost':
      return { cuts: lost('mid-body') };
    case 'slow-vendor':
      return { delaysMs: Array.from({ length: 12 }, () => draw.whole(timeoutMs + 500, timeoutMs * 2)) };
    case 'mute-printer':
      return {
        disturbances: [[{ kind: 'printer', atMs: 0, forMs: 2_500, trouble: draw.of(lineTroubles), afterBytes: 0 }]],
      };
    case 'killed-after-label':
      return { kills: [{ by: 'point', point: 'print.after-last-byte', visit: 1 }] };
    case 'wrong-label':
      return { wrongLabel: 1 };
  }
}

/** The first connections at each vendor lose their answers, or half of their requests. */
const lost = (place: CutPlace): Schedule['cuts'] =>
  carriers.flatMap((vendor) => [1, 2, 3].map((connection) => ({ vendor, connection, place })));

const anyPoint = (draw: Draw): Kill => ({ by: 'point', point: draw.of(failpointNames), visit: draw.whole(1, 4) });
/** A trial does some 150 of them; most of the start's own come first. */
const anyOperation = (draw: Draw): Kill => ({ by: 'operation', n: draw.whole(1, 220), halfway: draw() < 0.3 });
const anyTime = (draw: Draw): Kill =>
  draw() < 0.2
    ? { by: 'time', afterMs: draw.whole(50, 400), from: 'spawn' }
    : { by: 'time', afterMs: draw.whole(0, 1_200), from: 'ready' };
/** While a vendor is called or asked. */
const anyCall = (draw: Draw): Kill => ({
  by: 'point',
  point: draw.of(failpointNames.filter((name) => /^(http|outbox)\./.test(name))),
  visit: draw.whole(2, 14),
});

function someCuts(draw: Draw): Schedule['cuts'] {
  return Array.from({ length: draw.whole(1, 3) }, () => ({
    vendor: draw.of(carriers),
    connection: draw.whole(1, 6),
    place: draw.of(cutPlaces),
  }));
}

function someFaults(draw: Draw): Schedule['faults'] {
  const routes = {
    hge: ['order_create', 'confirm_order', 'print_label', 'query_order'],
    ane: ['order'],
    asiabill: ['upload'],
    hongxun: ['parcel'],
  };
  return Array.from({ length: draw.whole(1, 3) }, () => {
    const vendor = draw.of(carriers);
    const on = draw.of(routes[vendor]);
    const effect = draw() < 0.5;
    const kinds: readonly Fault[] = [
      { kind: 'cut-before', on },
      { kind: 'cut-after', on },
      { kind: 'error-500', effect, on },
      { kind: 'html', effect, on },
      { kind: 'garbage', effect, on },
      { kind: 'duplicate-answer', on },
      { kind: 'stale-answer', on },
      { kind: 'throttle', retryAfterS: 1, on },
      { kind: 'token-expired', on },
      { kind: 'latency', ms: draw.whole(0, timeoutMs), where: 'after', on },
    ];
    return { vendor, fault: draw.of(kinds) };
  });
}

function printerTrouble(draw: Draw): Disturbance {
  return {
    kind: 'printer',
    atMs: draw.whole(0, 400),
    forMs: draw.whole(100, 700),
    trouble: draw.of(printerTroubles),
    afterBytes: draw.whole(1, 1_500),
  };
}

function jump(draw: Draw): Disturbance {
  const minutes = draw.of([15, -15, 15, -15, 24 * 60, -24 * 60]);
  return { kind: 'jump', atMs: draw.whole(0, 600), ms: minutes * 60_000 };
}

/** One in five lasts a whole minute of the child's time (6 s); the others stop for a moment, and the minute is added. */
function stop(draw: Draw): Disturbance {
  const atMs = draw.whole(50, 600);
  return draw() < 0.2
    ? { kind: 'stop', atMs, forMs: 6_000, sleepMs: 0 }
    : { kind: 'stop', atMs, forMs: draw.whole(50, 500), sleepMs: 60_000 };
}

function lineDown(draw: Draw): Disturbance {
  return { kind: 'line', atMs: draw.whole(0, 500), forMs: draw.whole(50, 600) };
}
