/**
 * A stand-in for the station behind the real loopback host: every snapshot is set by the test, every call is recorded.
 * For tests of the screen alone; the journeys of a packer run on the real station.
 */
import { fileURLToPath } from 'node:url';
import { createSystemClock } from '../../main/host/shared/clock.ts';
import type { Backend } from '../../main/host/shared/backend.ts';
import { startNodeHost, type NodeHost } from '../../main/host/node/host.ts';
import { ContractError } from '../../preload/contract/index.ts';
import type {
  AttentionItem,
  CallName,
  CallOutput,
  CallRequest,
  OrderRow,
  ScanFeedback,
  TopicName,
  TopicSnapshot,
} from '../../preload/contract/index.ts';
import * as deviceScene from './device-scene.ts';
import * as scene from './scene.ts';

export interface RecordedCall {
  readonly name: CallName;
  readonly input: unknown;
}

type Snapshots = { [N in TopicName]: TopicSnapshot<N> };

export interface FakeStation {
  readonly host: NodeHost;
  readonly calls: RecordedCall[];
  /** What the next scans are answered with, by code; others are unknown. */
  readonly answers: Map<string, Omit<ScanFeedback, 'seq' | 'at' | 'code'>>;
  /** Scans of scanners that the station reads, by `seq`, until a screen takes them. */
  readonly deviceScans: Map<number, NonNullable<CallOutput<'scanners.take'>['scan']>>;
  attention: AttentionItem[];
  orders: OrderRow[];
  set<N extends TopicName>(topic: N, snapshot: TopicSnapshot<N>): void;
  get<N extends TopicName>(topic: N): TopicSnapshot<N>;
  scans(): string[];
  /** Everything as after the start; what was recorded is forgotten. */
  reset(): void;
  close(): Promise<void>;
}

const rendererDir = fileURLToPath(new URL('../../dist/renderer', import.meta.url));
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Starts it on `port`; 0 takes a free one. The screen must have been built. */
export async function startFakeStation(port = 0): Promise<FakeStation> {
  const initial = (): Snapshots => ({
    pack: scene.idle,
    weight: scene.weightStable,
    status: scene.status(),
    queue: { revision: 1, counts: scene.counts },
    training: scene.training,
    bags: scene.bags,
    day: scene.day,
    scanners: { scanners: [], waiting: [] },
    devices: deviceScene.devices(),
    deviceSession: deviceScene.deviceSession,
  });
  const snapshots = initial();
  const listeners = new Map<TopicName, Set<() => void>>();
  const calls: RecordedCall[] = [];
  let seq = 0;
  const answers = new Map<string, Omit<ScanFeedback, 'seq' | 'at' | 'code'>>();

  function source<N extends TopicName>(topic: N): Backend['topics'][N] {
    return {
      current: () => snapshots[topic],
      onChange(listener: () => void) {
        const all = listeners.get(topic) ?? new Set();
        listeners.set(topic, all.add(listener));
        return () => {
          all.delete(listener);
        };
      },
    } as Backend['topics'][N];
  }

  const answer = (code: string, said: Omit<ScanFeedback, 'seq' | 'at' | 'code'>): ScanFeedback => {
    seq += 1;
    const last = { seq, at: Date.now(), code, ...said };
    fake.set('pack', { ...snapshots.pack, last });
    return last;
  };
  const answerAtBags = (code: string): ScanFeedback => {
    seq += 1;
    const unknown = { code: 'bag.unknown-code', tone: 'warn', params: { code } } as const;
    const said = answers.get(code) ?? { accepted: false, notice: unknown, sound: 'wrong' };
    const last = { seq, at: Date.now(), code, ...said };
    fake.set('bags', { ...snapshots.bags, last });
    return last;
  };
  const answerAtDay = (code: string): ScanFeedback => {
    seq += 1;
    const unknown = { code: 'day.code-unknown', tone: 'warn', params: { code } } as const;
    const said = answers.get(code) ?? { accepted: false, notice: unknown, sound: 'wrong' };
    const last = { seq, at: Date.now(), code, ...said };
    fake.set('day', { ...snapshots.day, last });
    return last;
  };
  const record = <N extends CallName>(name: N, input: CallRequest<N>): void => {
    calls.push({ name, input });
  };

  const backend: Backend = {
    handlers: {
      'station.info': () => ({
        version: '0.1.0',
        deskId: 'D01',
        site: 'HZ1',
        locale: 'zh-CN',
        training: true,
        startedAt: Date.now(),
      }),
      'orders.list': (input) => {
        record('orders.list', input);
        const matching = fake.orders.filter(
          (row) =>
            (input.status === null || row.status === input.status) &&
            `${row.number} ${row.customerName} ${row.receiverName}`.includes(input.search),
        );
        const rows = matching.slice(input.offset, input.offset + input.limit);
        return { revision: snapshots.queue.revision, total: matching.length, rows };
      },
      'orders.get': ({ orderId }) => {
        const order = fake.orders.find((row) => row.id === orderId) ?? snapshots.pack.order;
        if (order === null) throw new ContractError('not-found', `no order ${orderId}`);
        return { order, remark: '', lines: [], parcels: [], timeline: scene.timeline };
      },
      'orders.sync': () => ({ pulled: 0 }),
      'orders.correctAddress': (input) => {
        record('orders.correctAddress', input);
        return {};
      },
      'routes.get': () => ({
        routes: [{ when: {}, vendor: 'hge', service: 'P10006' }],
        carriers: [{ id: 'hge', name: 'HGE' }],
        upstreams: ['waiqin365'],
        savable: true,
      }),
      'routes.preview': (input) => {
        record('routes.preview', input);
        const routes = [{ vendor: 'hge', service: 'P10006', sure: fake.orders.length, byWeight: 0 }];
        return { orders: fake.orders.length, routes, unmatched: { total: 0, rows: [] } };
      },
      'routes.save': (input) => {
        record('routes.save', input);
        return {};
      },
      'pack.scan': (input) => {
        record('pack.scan', input);
        const unknown = { code: 'scan.order-unknown', tone: 'stop', params: { code: input.code } } as const;
        return answer(input.code, answers.get(input.code) ?? { accepted: false, notice: unknown, sound: 'wrong' });
      },
      'pack.command': (input) => {
        record('pack.command', input);
        return answer('', {
          accepted: true,
          notice: { code: 'print.reprint', tone: 'info', params: { copy: 2 } },
          sound: 'none',
        });
      },
      'attention.list': () => ({ items: fake.attention }),
      'attention.resolve': (input) => {
        record('attention.resolve', input);
        fake.attention = fake.attention.filter((item) => item.id !== input.id);
        return {};
      },
      'attention.retryAll': (input) => {
        record('attention.retryAll', input);
        return { retried: fake.attention.filter((item) => item.group === input.group).length };
      },
      'audit.export': (input) => {
        record('audit.export', input);
        return { fileName: 'audit.json', mimeType: 'application/json', text: '{}', rows: 0, brokenAt: null };
      },
      'scanners.take': (input) => {
        record('scanners.take', input);
        const scan = fake.deviceScans.get(input.seq) ?? null;
        fake.deviceScans.delete(input.seq);
        return { scan };
      },
      'bags.scan': (input) => {
        record('bags.scan', input);
        return answerAtBags(input.code);
      },
      'bags.command': (input) => {
        record('bags.command', input);
        return answerAtBags(`PB:BAG:${input.command}`);
      },
      'bags.get': ({ bagId }) => {
        throw new ContractError('not-found', `no bag is known under ${bagId}`);
      },
      'day.push': (input) => {
        record('day.push', input);
        return { handoverIds: ['h1'], parcels: 2, leftOut: [], leftOutCount: 0 };
      },
      'day.repeat': (input) => {
        record('day.repeat', input);
        return { handoverId: 'h2', parcels: 1, leftOut: [], leftOutCount: 0 };
      },
      'day.get': ({ handoverId }) => {
        throw new ContractError('not-found', `no scan form or manifest is known under ${handoverId}`);
      },
      'day.decide': (input) => {
        record('day.decide', input);
        return {};
      },
      'day.flight': (input) => {
        record('day.flight', input);
        return {};
      },
      'day.printList': (input) => {
        record('day.printList', input);
        const notice = { code: 'day.list-printed', tone: 'ok', params: { printer: 'label', pages: 1 } } as const;
        return { outcome: 'printed', printerId: 'label', copy: 0, notice };
      },
      'day.listFile': () => ({ fileName: 'list.pdf', mimeType: 'application/pdf', base64: '', pages: 1 }),
      'day.loading': (input) => {
        record('day.loading', input);
        return answerAtDay(`PB:DAY:${input.action}`);
      },
      'day.scan': (input) => {
        record('day.scan', input);
        return answerAtDay(input.code);
      },
      'printers.list': () => ({ printers: [scene.printer] }),
      'printers.calibrate': (input) => {
        record('printers.calibrate', input);
        return { sent: true, message: '' };
      },
      'printers.testPrint': (input) => {
        record('printers.testPrint', input);
        return { outcome: 'printed', code: 'PB:PRINT:7', reasons: [], message: '' };
      },
      'printers.newRoll': (input) => {
        record('printers.newRoll', input);
        return {};
      },
      'labels.find': ({ query }) => ({ parcels: query === scene.labelled.waybill ? [scene.labelled] : [] }),
      'labels.inspect': (input) => {
        record('labels.inspect', input);
        return scene.inspection(input.printerId);
      },
      'labels.reprint': (input) => {
        record('labels.reprint', input);
        return { copy: 2 };
      },
      'slips.print': (input) => {
        record('slips.print', input);
        return { outcome: 'printed', printerId: 'slips', pages: 1, notice: scene.slipPrinted };
      },
      'slips.daySummary': (input) => {
        record('slips.daySummary', input);
        return { outcome: 'printed', printerId: 'slips', pages: 1, notice: scene.slipPrinted };
      },
      'sheets.file': (input) => {
        record('sheets.file', input);
        return { fileName: `packbench-${input.kind}.pdf`, mimeType: 'application/pdf', base64: 'JVBERg==', pages: 1 };
      },
      'sheets.print': (input) => {
        record('sheets.print', input);
        return { outcome: 'printed', printerId: 'slips', pages: 1, notice: scene.slipPrinted };
      },
      'devices.list': () => snapshots.devices,
      'devices.detect': (input) => {
        record('devices.detect', input);
        return { number: snapshots.deviceSession.number + 1 };
      },
      'devices.watch': (input) => {
        record('devices.watch', input);
        return { number: snapshots.deviceSession.number + 1 };
      },
      'devices.stop': (input) => {
        record('devices.stop', input);
        return {};
      },
      'devices.check': (input) => deviceScene.checked(input),
      'devices.save': (input) => {
        record('devices.save', input);
        return { effect: 'restart', backup: 'profile.json.bak' };
      },
      'devices.remove': (input) => {
        record('devices.remove', input);
        return { effect: 'live', backup: 'profile.json.bak' };
      },
      'devices.restart': (input) => {
        record('devices.restart', input);
        return {};
      },
      'devices.diagnose': (input) => {
        record('devices.diagnose', input);
        return deviceScene.diagnosis;
      },
      'diagnose.run': () => ({ at: Date.now(), version: '0.1.0', outcome: 'ok', steps: [] }),
      'training.get': () => snapshots.training,
      'training.set': (input) => {
        record('training.set', input);
        const { training } = snapshots;
        const next = {
          ...training,
          network: input.network ?? training.network,
          scale: {
            ...training.scale,
            grams: input.scaleGrams ?? training.scale.grams,
            mode: input.scaleMode ?? training.scale.mode,
            plugged: input.scalePlugged ?? training.scale.plugged,
            speaks: input.scaleSpeaks ?? training.scale.speaks,
          },
          printer: input.printer ?? training.printer,
        };
        fake.set('training', next);
        return next;
      },
    },
    topics: {
      pack: source('pack'),
      weight: source('weight'),
      status: source('status'),
      queue: source('queue'),
      training: source('training'),
      bags: source('bags'),
      day: source('day'),
      scanners: source('scanners'),
      devices: source('devices'),
      deviceSession: source('deviceSession'),
    },
  };

  const host = await startNodeHost({ station: backend, rendererDir, port, log: silent, clock: createSystemClock() });
  const fake: FakeStation = {
    host,
    calls,
    answers,
    deviceScans: new Map(),
    attention: [...scene.attention],
    orders: [...scene.orders],
    set(topic, snapshot) {
      Object.assign(snapshots, { [topic]: snapshot });
      for (const listener of listeners.get(topic) ?? []) listener();
    },
    get: (topic) => snapshots[topic],
    scans: () => calls.flatMap((call) => (call.name === 'pack.scan' ? [(call.input as { code: string }).code] : [])),
    reset() {
      calls.length = 0;
      answers.clear();
      fake.attention = [...scene.attention];
      fake.orders = [...scene.orders];
      const revision = snapshots.queue.revision + 1;
      Object.assign(snapshots, initial(), { queue: { revision, counts: scene.counts } });
      for (const all of listeners.values()) for (const listener of all) listener();
    },
    close: () => host.close(),
  };
  return fake;
}
