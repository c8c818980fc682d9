/**
 * The composition root: joins store, outbox, vendors, devices, labels, desk and training into one station. Knows no
 * host: Electron, Node and tests give it ports and take its backend.
 */
import type { DiagnosticReport } from '../preload/contract/index.ts';
import type { Backend } from '../preload/rpc/index.ts';
import { createHandlers } from './api/handlers.ts';
import { no, notice, yes } from './desk/answer.ts';
import { createAttention } from './desk/attention.ts';
import { createBagDesk, type BagDesk } from './desk/bags/bag-desk.ts';
import { createDesk, type Desk } from './desk/desk.ts';
import { createDayDesk, type DayDesk } from './desk/handover/day-desk.ts';
import { createHandoverLists } from './desk/handover/list.ts';
import { createIntake, type Intake } from './desk/intake.ts';
import { createPeople } from './desk/people.ts';
import { createLabelInspector } from './desk/label-inspector.ts';
import { createOrderQueue } from './desk/order-queue.ts';
import { createRouteBook } from './desk/routing.ts';
import { createSheets } from './desk/sheets.ts';
import { createExpectedWeights } from './desk/expected-weights.ts';
import { createDaySummary } from './desk/day-summary.ts';
import { createSlips } from './desk/slips.ts';
import { createStatusBoard } from './desk/status.ts';
import { createTracking, type Tracking } from './desk/tracking.ts';
import { createVendorAnswers } from './desk/vendor-answers.ts';
import { withDws } from './desk/dws-weigher.ts';
import { createWeigher } from './desk/weigher.ts';
import { runDiagnostics } from './diagnostics/report.ts';
import type { TrackingPolicy } from './domain/tracking.ts';
import { defaultWeighingLimits } from './domain/weighing.ts';
import { createLabels, type LabelEngine, type Labels } from './labels/index.ts';
import { createOutbox } from './outbox/outbox.ts';
import type { Ports } from './ports.ts';
import { type Profile } from './profile/profile.ts';
import { openProfileBook } from './profile/profile-book.ts';
import { loadPrinterModels, type PrinterRole } from './profile/printer-models.ts';
import { dayCarriers } from './station/day-carriers.ts';
import { openDeviceRoom } from './station/device-room.ts';
import { joinParts } from './station/join-parts.ts';
import { openDevices, type Devices } from './station/devices.ts';
import { openDwsMachines, type DwsMachines } from './station/dws-machines.ts';
import { diagnosticChecks } from './station/diagnostic-checks.ts';
import { carriersOf, checkRoutes } from './station/carriers.ts';
import { orderSource } from './station/order-source.ts';
import { withoutArtwork } from './desk/job-results.ts';
import { exportOrder, recordCall } from './desk/audit.ts';
import { openLabelPrinting } from './station/label-printing.ts';
import { createLinkBook } from './station/link-book.ts';
import { openScanners } from './station/scanners.ts';
import { withRecovery } from './station/recovery-attention.ts';
import type { SafetyOptions } from './station/safe-store.ts';
import { pollMs, statusParts } from './station/status-parts.ts';
import { createTrainingRoom, type VirtualParts } from './station/training-room.ts';
import { supervise, type Outer } from './station/supervised.ts';
import { startVirtualParts } from './station/virtual-parts.ts';
import {
  buildVendors,
  createCourier,
  documentEffects,
  drawsOwnLabel,
  planJobs,
  planOnward,
  trackedVendors,
  vendorsLeftToTraining,
  type VendorEntry,
} from './station/vendor-set.ts';
import type { PrintRecord, Store } from './store/store.ts';

export interface StationOptions {
  readonly ports: Ports;
  readonly profile: Profile;
  /** The file the profile was read from, if there is one: routes can then be changed from the screen. */
  readonly profileFile?: string | undefined;
  /** Folder of fonts, locales and label templates. */
  readonly resourcesDir: string;
  /** Training only: which orders wait upstream. The first start in a data folder decides. */
  readonly trainingOrders?: number;
  readonly trainingSeed?: number;
  /** How often parcels on their way are asked about; tests do not wait for half an hour. */
  readonly trackingPolicy?: Partial<TrackingPolicy> | undefined;
  /** How often snapshots are made, and how much room is kept free; tests do not wait for minutes. */
  readonly safety?: SafetyOptions | undefined;
  /** The exact bytes of every label handed to a printer. */
  readonly onLabelSent?: (print: PrintRecord, bytes: Uint8Array) => void;
  /** Draws and reads labels instead of the threads made for it; for tests that are about something else. */
  readonly labelEngine?: LabelEngine | undefined;
}

/** A station that has started. */
export interface Station {
  readonly backend: Backend;
  /** For the command line and tests, which drive the same station from inside. */
  readonly inside: {
    readonly store: Store;
    readonly desk: Desk;
    readonly bags: BagDesk;
    readonly day: DayDesk;
    readonly intake: Intake;
    readonly tracking: Tracking;
    readonly labels: Labels;
    readonly devices: Devices;
    readonly dws: DwsMachines;
    readonly vendors: readonly VendorEntry[];
    readonly virtual: VirtualParts;
    diagnose(): Promise<DiagnosticReport>;
  };
  /** Finishes what is in flight, within a few seconds, and closes everything. */
  stop(): Promise<void>;
}

/** Routes when the profile has none: everything by the one carrier this version ships with. */
const defaultRoutes: Profile['routes'] = [{ when: {}, vendor: 'hge', service: 'P10006' }];

/**
 * Starts a station. Rejects with a one-line error: ProfileError (what to correct), StoreError (database locked, too
 * old). A damaged database is restored; one that fails later is closed, opened and read again, behind one backend that
 * stays (station/supervised.ts).
 */
export function startStation(options: StationOptions): Promise<Station> {
  return supervise(options, startOnDatabase);
}

/** The part of a station that lives as long as one opening of its database. */
async function startOnDatabase(options: StationOptions, outer: Outer): Promise<Station> {
  const { profile } = options;
  const { store, safe, guard } = outer;
  // What the desk's devices open is written down, so that Settings can show it and listen to it.
  const book = createLinkBook(outer.ports.links, outer.ports.clock);
  const ports: Ports = { ...outer.ports, links: book.links };
  const { clock, ids, log } = ports;
  const startedAt = clock.now();
  const closers: (() => void | Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    // Last opened, first closed; one that fails does not keep the others open.
    for (const close of closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        log.error({ error: String(error) }, 'closing a part of the station failed');
      }
    }
  };

  try {
    const virtual = await outer.once('virtual parts', () => startVirtualParts(options, vendorsLeftToTraining(profile)));
    const { machines } = virtual.parts;
    await machines.ensure(profile);
    const isVirtualDws = (id: string): boolean => machines.dws()?.entry.id === id;
    const vendors = buildVendors({ profile, ports, store, training: virtual.settings });
    /** Nothing of this desk reaches a real vendor. */
    const isTraining = vendors.length > 0 && vendors.every((entry) => entry.virtual);
    const routes = profile.routes.length > 0 ? profile.routes : defaultRoutes;
    checkRoutes(routes, vendors);
    const weights = { minG: profile.limits.minWeightG, maxG: profile.limits.maxWeightG };
    const { profileFile } = options;
    const { profileBook } = await outer.once('profile book', () => ({
      profileBook: profileFile === undefined ? null : openProfileBook(profileFile),
      stop: () => undefined,
    }));
    const routeBook = createRouteBook({
      store,
      clock,
      routes,
      carriers: carriersOf(vendors, profile.desk.locale),
      upstreams: vendors.filter((entry) => entry.vendor?.pullOrders !== undefined).map((entry) => entry.id),
      weights,
      write:
        profileBook === null
          ? null
          : (given) => {
              outer.profileChanged(profileBook.writeRoutes(given));
            },
    });
    const upstream = vendors.find((entry) =>
      entry.module.manifest.operations.some((each) => each.name === 'pullOrders'),
    );

    const printerModels = loadPrinterModels(options.resourcesDir);
    const devices = openDevices(ports, profile, virtual.parts, printerModels);
    closers.push(() => devices.stop());
    const engine = options.labelEngine === undefined ? {} : { engine: options.labelEngine };
    const labels = await outer.once('labels', () =>
      createLabels({ clock: options.ports.clock, log, resourcesDir: options.resourcesDir, ...engine }),
    );

    const outbox = createOutbox({
      store,
      failpoint: ports.failpoint,
      courier: createCourier(vendors),
      clock,
      random: ports.random,
      ids,
      log,
      vendors: vendors.map((entry) => entry.id),
      onDone: (job) => {
        if (day.jobDone(job)) return;
        desk.jobDone(job);
        bags.jobDone(job);
      },
      onChange: (job) => {
        day.jobChanged(job);
      },
      keep: withoutArtwork,
      onCall: recordCall(store, log),
      version: ports.version,
    });

    const drawsOwn = (vendor: string): boolean => drawsOwnLabel(vendors, vendor);
    const { stock, printing, printerRoom } = openLabelPrinting({
      ...{ ports, store, deskId: profile.desk.id, devices, labels, vendors },
      vendorName: (id) => vendorName(id),
      printerStates: () => shown.printers(),
      onSent: options.onLabelSent,
      hears: {
        changed: (print) => {
          if (print.parcelId === null) bags.printChanged(print.bagId);
          else desk.printChanged(print.parcelId);
          board.touch();
        },
        held: (parcelId, text) => {
          desk.labelHeld(parcelId, text);
        },
        fallback: (print, words) => {
          guard(() => (print.parcelId === null ? bags : desk).tell('', words));
        },
        printersChanged: () => {
          board.touch();
        },
      },
    });
    const bench = createWeigher({
      scale: devices.scale,
      virtual: () => devices.scaleVirtual(),
      limits: { ...defaultWeighingLimits, ...weights },
      store,
      clock,
    });
    const dws = openDwsMachines({
      ...{ ports, profile: machines.dwsEntries(profile), store, limits: weights, isVirtual: isVirtualDws, book },
      routes: () => routeBook.current(),
      isWeighing: () => desk.snapshot.current().stage === 'weigh',
    });
    closers.push(() => dws.stop());
    const scanners = openScanners({
      ports,
      entries: machines.scannerEntries(profile),
      deliver: (place, code, manner) => {
        guard(() => (place === 'bags' ? bags : place === 'day' ? day : desk).scan(code, 'device', manner));
      },
    });
    closers.push(() => scanners.stop());
    // In training a machine may be started at any time.
    const hasDws = profile.devices.dws.length > 0 || isTraining;
    const weigher = hasDws ? withDws(bench, dws.desk, isVirtualDws) : bench;
    const vendorName = (id: string): string => {
      const { zh, en } = vendors.find((entry) => entry.id === id)?.module.manifest.name ?? { zh: id, en: id };
      return profile.desk.locale === 'en' ? en : zh;
    };
    const vendorDown = (id: string): boolean => {
      if (vendors.find((entry) => entry.id === id)?.vendor === null || !ports.line.up) return true;
      const state = outbox.vendorStates().find((each) => each.vendor === id)?.state;
      return state === 'offline' || state === 'paused' || state === 'refused';
    };

    const tracking = createTracking({
      store,
      failpoint: ports.failpoint,
      clock,
      random: ports.random,
      ids,
      log,
      vendors: trackedVendors(vendors, profile.limits.trackPerMinute),
      onward: planOnward(vendors),
      policy: options.trackingPolicy,
      poke: () => {
        outbox.poke();
      },
    });

    const people = createPeople({ store, clock, people: profile.desk.people });
    const answers = createVendorAnswers({
      store,
      vendorName,
      drawsOwnLabel: drawsOwn,
      settleByHand: (jobId, decision, result) => outbox.settleByHand(jobId, decision, result),
      poke: () => {
        outbox.poke();
      },
    });
    const papers = {
      ...{ store, ids, log, clock, labels, people, deskId: profile.desk.id, site: profile.desk.site },
      locale: profile.desk.locale,
      badges: profile.desk.people,
      printersFor: (role: PrinterRole) => devices.printersFor(role),
    };
    const slips = createSlips(papers);
    const daySummary = createDaySummary({ ...papers, vendorName });
    const desk = createDesk({
      expectedWeights: createExpectedWeights({ store, settings: profile.limits.expectedWeight }),
      refusal: () => safe.refusal(),
      people,
      answers,
      failpoint: ports.failpoint,
      deskId: profile.desk.id,
      routes: () => routeBook.current(),
      lpnAfterMs: profile.limits.lpnAfterMs,
      store,
      clock,
      ids,
      log,
      weigher,
      printing,
      stock,
      planJobs: (vendor) => planJobs(vendors, vendor),
      drawsOwnLabel: drawsOwn,
      vendorName,
      vendorDown,
      follow: (parcelId, vendor) => {
        tracking.follow(parcelId, vendor);
      },
      poke: () => {
        outbox.poke();
        tracking.poke();
      },
      redrive: (jobId) => {
        outbox.redrive(jobId);
      },
      printSlip: (orderId) => {
        void slips.print({ orderId, kind: 'packing' }).then(
          ({ outcome, notice: words }) => desk.tell('', outcome === 'not-printed' ? no(words) : yes(words, 'none')),
          (error: unknown) => {
            const reason = error instanceof Error ? error.message : String(error);
            return desk.tell('', no(notice('slip.failed', 'warn', { reason })));
          },
        );
      },
      resumePrinter: () => {
        devices.resumePrinter();
      },
    });
    const day = createDayDesk({
      store,
      clock,
      ids,
      log,
      deskId: profile.desk.id,
      people,
      carriers: dayCarriers(vendors, carriersOf(vendors, profile.desk.locale)),
      refusal: () => safe.refusal(),
      poke: () => {
        outbox.poke();
      },
      redrive: (jobId) => outbox.redrive(jobId),
      settleByHand: (jobId, decision, result) => outbox.settleByHand(jobId, decision, result),
      lists: (context) =>
        createHandoverLists(context, {
          labels,
          printers: devices.printerList,
          site: profile.desk.site,
          locale: profile.desk.locale,
        }),
    });
    const bags = createBagDesk({
      deskId: profile.desk.id,
      limits: profile.limits.bags,
      store,
      clock,
      ids,
      log,
      people,
      weigher,
      printing,
      answers,
      vendorName,
      isCarrier: (id) => planJobs(vendors, id) !== null,
      effects: (vendor) => documentEffects(vendors, vendor),
      poke: () => {
        outbox.poke();
      },
      redrive: (jobId) => {
        outbox.redrive(jobId);
      },
      resumePrinter: () => {
        devices.resumePrinter();
      },
      refusal: () => safe.refusal(),
    });
    const queue = createOrderQueue(store, desk, vendorName);
    const intake = createIntake({
      failpoint: ports.failpoint,
      source: orderSource(upstream, () => safe.refusal() !== null),
      pollMs: pollMs(vendors),
      store,
      clock,
      log,
      onChange: ({ orderId, change }) => {
        desk.orderChanged(orderId, change);
      },
    });
    const questions = createAttention({
      store,
      clock,
      ids,
      parcelOnDesk: () => desk.snapshot.current().parcel?.id ?? null,
      printing,
      intake: () => intake.state.current(),
      bags: bags.questions,
      documents: {
        isSettled: (job) => day.isSettledJob(job),
        question: (job) => day.question(job),
        decide: (handoverId, action, reason) => {
          day.decide({ handoverId, action, reason });
        },
      },
      redrive: (jobId) => {
        outbox.redrive(jobId);
      },
      log,
      answers,
      poke: () => {
        outbox.poke();
      },
    });
    const attention = withRecovery(questions, safe, store);
    const room = await outer.once('training room', () =>
      createTrainingRoom({
        parts: virtual.parts,
        line: ports.line,
        log,
        virtualVendors: vendors.filter((entry) => entry.virtual).map((entry) => entry.id),
        mayStart: isTraining,
      }),
    );
    const training =
      vendors.some((entry) => entry.virtual) ||
      [virtual.parts.printer, virtual.parts.scale, machines.dws(), machines.scanner()].some((part) => part !== null);
    const parts = {
      profile,
      training,
      store,
      safe,
      vendors,
      virtual: virtual.parts,
      devices,
      dws,
      scanners,
      printing,
      outbox,
      intake,
      attention,
      weigher,
      ports,
      printerRoom,
    };
    const shown = statusParts(parts);
    const board = createStatusBoard(shown, clock);
    closers.push(() => {
      board.stop();
    });

    const recovered = printing.recover();
    if (recovered.length > 0) log.warn({ prints: recovered.length }, 'prints were under way when the station stopped');
    closers.push(
      ...joinParts({
        ...{ desk, day, bags, board, outbox, tracking, intake, store, safe, weigher, devices, dws, scanners },
        ...{ machines, line: ports.line, guard },
      }),
    );

    devices.start();
    scanners.start();
    desk.restore();
    day.restore();
    bags.restore();
    printing.resume();
    outbox.start();
    weigher.start();
    dws.start();
    intake.start();
    tracking.start();
    closers.push(
      () => printing.stop(),
      () => weigher.stop(),
      () => outbox.stop(),
      () => tracking.stop(),
      () => intake.stop(),
      () => {
        day.stop();
        desk.stop();
        bags.stop();
      },
    );
    void labels.warmUp().catch((error: unknown) => {
      log.error({ error: String(error) }, 'the label engines did not load');
    });

    const { deviceRoom, deviceDiagnosis, stops } = openDeviceRoom({
      ...{
        profile,
        devices,
        printerRoom,
        printerModels,
        book,
        machines,
        dws,
        scanners,
        people,
        store,
        ports,
        profileBook,
      },
      ...{ links: outer.ports.links, resourcesDir: options.resourcesDir },
      profileChanged: (changed) => {
        outer.profileChanged(changed);
      },
      startAnew: (changed) => {
        outer.startAnew(changed);
      },
    });
    closers.push(...stops);

    const diagnose = (): Promise<DiagnosticReport> =>
      runDiagnostics([...diagnosticChecks(parts), ...deviceDiagnosis.checks()], ports.version, clock);
    const handlers = createHandlers({
      version: ports.version,
      deskId: profile.desk.id,
      site: profile.desk.site,
      locale: profile.desk.locale,
      training,
      startedAt,
      clock,
      queue,
      desk,
      bags,
      day,
      attention,
      intake,
      routeBook,
      trainingRoom: room,
      printerRoom,
      labelInspector: createLabelInspector({
        store,
        stock,
        printing,
        printersFor: (printerId) => devices.printersFor('parcel', printerId),
        printerIds: devices.printerList.map(({ id }) => id),
        vendorName,
        drawsOwnLabel: drawsOwn,
      }),
      slips,
      daySummary,
      sheets: createSheets(papers),
      deviceRoom,
      scanners,
      exportAudit: (orderId, format) => exportOrder(store, orderId, format, clock.now()),
      diagnose,
    });
    const backend: Backend = {
      handlers,
      topics: {
        pack: desk.snapshot,
        weight: weigher.snapshot,
        status: board.snapshot,
        training: room.state,
        queue,
        bags: bags.snapshot,
        day: day.snapshot,
        scanners: scanners.snapshot,
        devices: deviceRoom.topic,
        deviceSession: deviceRoom.sessions.view.shown,
      },
    };
    return {
      backend,
      inside: {
        store,
        desk,
        bags,
        day,
        intake,
        tracking,
        labels,
        devices,
        dws,
        vendors,
        virtual: virtual.parts,
        diagnose,
      },
      stop: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
