/** One handler per contract call. Thin: each asks the desk, the store or the training room and answers. */
import {
  ContractError,
  type CallOutput,
  type CallRequest,
  type DiagnosticReport,
  type Locale,
  type TrainingState,
} from '../../preload/contract/index.ts';
import type { Backend } from '../../preload/rpc/index.ts';
import type { BagDesk } from '../desk/bags/bag-desk.ts';
import type { Attention } from '../desk/attention.ts';
import type { Desk } from '../desk/desk.ts';
import type { DeviceRoom } from '../desk/devices/device-room.ts';
import type { DayDesk } from '../desk/handover/day-desk.ts';
import type { Intake } from '../desk/intake.ts';
import type { LabelInspector } from '../desk/label-inspector.ts';
import type { Observable } from '../desk/observable.ts';
import type { OrderQueue } from '../desk/order-queue.ts';
import type { PrinterRoom } from '../desk/printer-room.ts';
import type { RouteBook } from '../desk/routing.ts';
import type { Sheets } from '../desk/sheets.ts';
import type { DaySummary } from '../desk/day-summary.ts';
import type { Slips } from '../desk/slips.ts';
import type { Clock } from '../ports.ts';

/** The training panel's other side; absent when nothing is virtual. */
export interface TrainingRoom {
  readonly state: Observable<TrainingState>;
  set(change: CallRequest<'training.set'>): Promise<TrainingState>;
}

/** Scans of the scanners that the station reads itself, for a screen to take; null if it is gone. */
export interface ScanTaker {
  take(seq: number): CallOutput<'scanners.take'>['scan'];
}

export interface ApiParts {
  readonly version: string;
  readonly deskId: string;
  readonly site: string;
  readonly locale: Locale;
  readonly training: boolean;
  readonly startedAt: number;
  readonly clock: Clock;
  readonly queue: OrderQueue;
  readonly desk: Desk;
  readonly bags: BagDesk;
  readonly day: DayDesk;
  readonly attention: Attention;
  /** Throws ContractError `not-found`. */
  exportAudit(orderId: string, format: 'json' | 'csv'): CallOutput<'audit.export'>;
  readonly intake: Intake;
  readonly routeBook: RouteBook;
  readonly trainingRoom: TrainingRoom;
  readonly printerRoom: PrinterRoom;
  readonly labelInspector: LabelInspector;
  readonly slips: Slips;
  readonly daySummary: DaySummary;
  readonly sheets: Sheets;
  readonly deviceRoom: DeviceRoom;
  readonly scanners: ScanTaker;
  diagnose(): Promise<DiagnosticReport>;
}

export function createHandlers(parts: ApiParts): Backend['handlers'] {
  const { queue, desk, bags, day } = parts;
  return {
    'station.info': () => ({
      version: parts.version,
      deskId: parts.deskId,
      site: parts.site,
      locale: parts.locale,
      training: parts.training,
      startedAt: parts.startedAt,
    }),
    'orders.list': (input) => queue.list(input),
    'orders.get': ({ orderId }) => queue.detail(orderId),
    'orders.sync': async () => {
      try {
        return { pulled: await parts.intake.sync() };
      } catch (error) {
        throw new ContractError('unavailable', error instanceof Error ? error.message : String(error));
      }
    },
    'orders.correctAddress': (input) => {
      desk.correctAddress(input);
      return {};
    },
    'routes.get': () => parts.routeBook.describe(),
    'routes.preview': ({ routes }) => parts.routeBook.preview(routes),
    'routes.save': ({ routes }) => {
      parts.routeBook.save(routes);
      return {};
    },
    'pack.scan': ({ code, source, manner }) => {
      const test = parts.printerRoom.scanned(code);
      return test === null ? desk.scan(code, source, manner) : desk.tell(code, test);
    },
    'pack.command': ({ command, reason }) => desk.command(command, reason),
    'bags.scan': ({ code, source, manner }) => bags.scan(code, source, manner),
    'bags.command': (input) => bags.command(input),
    'bags.get': ({ bagId }) => bags.get(bagId),
    'day.push': (input) => day.push(input),
    'day.repeat': (input) => day.repeat(input),
    'day.get': (input) => day.get(input),
    'day.decide': (input) => {
      day.decide(input);
      return {};
    },
    'day.flight': (input) => {
      day.flight(input);
      return {};
    },
    'day.printList': (input) => day.printList(input),
    'day.listFile': ({ handoverId }) => day.listFile(handoverId),
    'day.loading': (input) => day.loading(input),
    'day.scan': ({ code, source, manner }) => day.scan(code, source, manner),
    'scanners.take': ({ seq }) => ({ scan: parts.scanners.take(seq) }),
    'attention.list': () => ({ items: parts.attention.list() }),
    'attention.resolve': ({ id, action, reason, waybill }) => {
      parts.attention.resolve(id, action, reason, waybill ?? null);
      return {};
    },
    'attention.retryAll': ({ group, reason }) => ({ retried: parts.attention.retryAll(group, reason) }),
    'audit.export': ({ orderId, format }) => parts.exportAudit(orderId, format),
    'printers.list': () => ({ printers: parts.printerRoom.list() }),
    'printers.calibrate': ({ printerId }) => parts.printerRoom.calibrate(printerId),
    'printers.testPrint': ({ printerId }) => parts.printerRoom.testPrint(printerId),
    'printers.newRoll': ({ printerId, labels }) => {
      parts.printerRoom.newRoll(printerId, labels);
      return {};
    },
    'labels.find': ({ query }) => ({ parcels: parts.labelInspector.find(query) }),
    'labels.inspect': (input) => parts.labelInspector.inspect(input),
    'labels.reprint': (input) => parts.labelInspector.reprint(input),
    'slips.print': (input) => parts.slips.print(input),
    'slips.daySummary': () => parts.daySummary.print(),
    'sheets.file': (input) => parts.sheets.file(input),
    'sheets.print': (input) => parts.sheets.print(input),
    'devices.list': () => parts.deviceRoom.list(),
    'devices.detect': async ({ link, kind, askAll }) => ({
      number: await parts.deviceRoom.sessions.detect(link, kind, askAll),
    }),
    'devices.watch': async ({ kind, device, test }) => ({
      number: await parts.deviceRoom.sessions.watch(kind, device, test),
    }),
    'devices.stop': async () => {
      await parts.deviceRoom.sessions.stop();
      return {};
    },
    'devices.check': ({ kind, device, replaces }) => ({ problems: parts.deviceRoom.check(kind, device, replaces) }),
    'devices.save': ({ kind, device, replaces }) => parts.deviceRoom.save(kind, device, replaces),
    'devices.remove': ({ kind, id }) => parts.deviceRoom.remove(kind, id),
    'devices.restart': () => {
      parts.deviceRoom.restart();
      return {};
    },
    'devices.diagnose': ({ kind, id }) => parts.deviceRoom.diagnose(kind, id),
    'diagnose.run': () => parts.diagnose(),
    'training.get': () => parts.trainingRoom.state.current(),
    'training.set': (input) => parts.trainingRoom.set(input),
  };
}
