/** The virtual vendors of training mode, started together over one folder of records. */
import type { Clock, Log } from '../ports.ts';
import { createAneTwin } from './ane-twin.ts';
import { createAsiabillTwin, tradeNumberFor } from './asiabill-twin.ts';
import { panelChoiceOf, panelFault, type Fault, type PanelFault } from './faults.ts';
import { createHgeTwin } from './hge-twin.ts';
import { openLedger } from './ledger.ts';
import { createHongxunTwin, hongxunProof, type HongxunPushKind } from './hongxun-twin.ts';
import { openOrderBook } from './orders/order-book.ts';
import { EffectCounter, startVendorServer, type EffectCount, type VendorServer } from './vendor-server.ts';
import { createWaiqin365Twin } from './waiqin365-twin.ts';
import { lineExtKeys, orderExtKeys } from './waiqin365-record.ts';

export interface TrainingVendorOptions {
  /** Where the records live; made if absent. The same folder continues the same training. */
  readonly dir: string;
  readonly clock: Clock;
  /** Only the first start in a folder uses it; later starts keep that seed. */
  readonly seed: number;
  /** How many orders wait upstream. */
  readonly orders: number;
  readonly log: Log;
  /** `en` adds English product names. Default `zh-CN`. */
  readonly locale?: 'zh-CN' | 'en';
  /** Default 20: the carrier's own processing time before an order, confirmation or upload takes effect. */
  readonly processingMs?: number;
}

export interface TrainingVendor {
  readonly id: string;
  /** As it goes into the profile. */
  readonly baseUrl: string;
  /** The vendor's part of the profile; secrets as `secret:NAME`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Replaces whatever fault was set; `none` clears. Names are the choices of the training panel. */
  setFault(fault: Fault | PanelFault): void;
  /** Sets a further fault beside those set. */
  addFault(fault: Fault): void;
  clearFaults(): void;
  faults(): readonly Fault[];
  /** What the training panel shows. */
  panelFault(): PanelFault;
  /** Calls seen per interface, whatever came of them. */
  calls(): Record<string, number>;
  /** Effects per kind, over all runs in this folder. */
  effects(): Record<string, EffectCount>;
  /** How often one effect happened for one key. */
  effectsOf(kind: string, key: string): number;
}

export interface TrainingEffects {
  /** Distinct orders handed out by the upstream. */
  readonly ordersServed: number;
  /** Distinct customer order numbers ordered at the carrier. */
  readonly vendorOrders: number;
  readonly duplicateVendorOrders: number;
  /** Orders refused as repeats since the start of this process. */
  readonly refusedRepeats: number;
  readonly labelsServed: number;
  /** Distinct (order, tracking number) pairs uploaded. */
  readonly trackingUploads: number;
  readonly duplicateUploads: number;
  /** Big bags created, those voided since included. */
  readonly bags: number;
  readonly bagsVoided: number;
  /** Bags created twice under one reference, and orders in two living bags. */
  readonly duplicateBags: number;
  readonly scanForms: number;
  readonly manifests: number;
  /** Documents pushed twice under one reference, and orders in two of one kind. */
  readonly duplicateDocuments: number;
}

export interface TrainingVendors {
  readonly vendors: readonly TrainingVendor[];
  get(id: 'waiqin365' | 'hge' | 'asiabill' | 'hongxun' | 'ane'): TrainingVendor;
  /** Values behind every `secret:NAME` of the settings. They open nothing but these virtual vendors. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Numbers of all orders upstream, in the order they are served. */
  orderNumbers(): readonly string[];
  /** What the packed parcel of this order truly weighs, grams; null if there is no such order. */
  parcelWeightG(orderNumber: string): number | null;
  /** What happens upstream while the desk works. They throw a one-line Error for an unknown number. */
  cancelOrder(orderNumber: string): void;
  changeOrder(orderNumber: string): void;
  addOrder(): string;
  /** False: the carrier no longer refuses a repeated customer_order_num, so that a double order would show. */
  setCarrierRefusesRepeats(refuses: boolean): void;
  setProcessingMs(ms: number): void;
  effects(): TrainingEffects;
  /** What the carrier holds for one of our references. */
  carrierOrder(customerOrderNumber: string): { orderNumber: string; waybill: string | null } | undefined;
  /**
   * Lets 鸿讯 push a parcel's signature (`sign-info`) and proof pictures (`sign-images`) to its customer at `address`
   * (`http://127.0.0.1:8787/hongxun`), signed as it signs. Rejects if the customer cannot be reached.
   */
  pushDelivery(address: string, about: DeliveredParcel): Promise<readonly PushAnswer[]>;
  /** Destroys every connection and frees the ports. Records stay. */
  stop(): Promise<void>;
}

export interface DeliveredParcel {
  readonly orderNumber: string;
  readonly mailno: string;
  readonly signer: string;
  /** When it was signed for; wall clock. */
  readonly at: number;
}

/** What the customer said to one push. */
export interface PushAnswer {
  readonly kind: HongxunPushKind;
  readonly status: number;
  readonly body: string;
}

const secretValues = {
  'waiqin365.appkey': 'TRAININGAPPKEY0001',
  'hge.apiSecret': 'training-hge-secret',
  'asiabill.signKey': 'training-asiabill-sign-key',
  'hongxun.sk': 'training-hongxun-sk',
  'ane.appSecret': 'training-ane-secret',
} as const;
const openid = '8000000000000000001';
const apiKey = 'training-hge-key';
const gatewayNo = '12345001';
const aneCode = 'PBTRAIN';
const hongxunIdentity = {
  createBy: 'TRAINING',
  dataSource: 'PACKBENCH',
  warehouseCode: 'WH01',
  customerFlag: 'TRAINING-CUSTOMER',
} as const;

/** Starts all virtual vendors. Rejects with a one-line Error if the folder cannot be used. */
export async function createTrainingVendors(options: TrainingVendorOptions): Promise<TrainingVendors> {
  const { dir, clock, log } = options;
  const processingMs = options.processingMs ?? 20;
  const book = openOrderBook(dir, options.seed, options.orders, clock.now());
  const asiabill = createAsiabillTwin({ gatewayNo, signKey: secretValues['asiabill.signKey'] }, dir, {
    has: (number) => book.get(number) !== undefined,
    *numbers() {
      for (const order of book.list()) yield order.number;
    },
  });
  const hge = createHgeTwin({ apiKey, apiSecret: secretValues['hge.apiSecret'] }, dir);
  const ane = createAneTwin({ code: aneCode, appSecret: secretValues['ane.appSecret'] }, dir);
  const hongxun = createHongxunTwin({ ...hongxunIdentity, sk: secretValues['hongxun.sk'] }, dir);
  const upstreamEffects = new EffectCounter();
  const ledger = openLedger(dir, 'waiqin365-writes.jsonl', upstreamEffects);
  const waiqin365 = createWaiqin365Twin(
    { openid, appkey: secretValues['waiqin365.appkey'] },
    book,
    ledger,
    options.locale,
  );
  const closeRecords = (): void => {
    book.close();
    ledger.close();
    asiabill.close();
    hge.close();
    hongxun.close();
    ane.close();
  };

  const servers: VendorServer[] = [];
  const start = async (twin: typeof waiqin365, ownProcessingMs: number): Promise<VendorServer> => {
    const server = await startVendorServer({ twin, clock, log, processingMs: ownProcessingMs });
    servers.push(server);
    return server;
  };
  let upstream: VendorServer,
    carrier: VendorServer,
    store: VendorServer,
    warehouse: VendorServer,
    freight: VendorServer;
  try {
    upstream = await start(waiqin365, 0);
    carrier = await start(hge, processingMs);
    store = await start(asiabill, processingMs);
    warehouse = await start(hongxun, processingMs);
    freight = await start(ane, processingMs);
  } catch (error) {
    await Promise.all(servers.map((server) => server.stop()));
    closeRecords();
    throw error;
  }

  const upstreamCounts = {
    all: () => ({ served: servedCount(), ...upstreamEffects.all() }),
    of: (kind: string, key: string) => upstreamEffects.of(kind, key),
  };
  const servedCount = (): EffectCount => ({ total: book.served, distinct: book.served, duplicates: 0 });
  const vendor = (
    id: string,
    server: VendorServer,
    effects: Pick<EffectCounter, 'all' | 'of'>,
    settings: Readonly<Record<string, unknown>>,
  ): TrainingVendor => ({
    id,
    baseUrl: String(settings.baseUrl),
    settings,
    setFault(fault) {
      server.faults.clear();
      const chosen = typeof fault === 'string' ? panelFault(fault) : fault;
      if (chosen) server.faults.add(chosen);
    },
    addFault: (fault) => server.faults.add(fault),
    clearFaults: () => server.faults.clear(),
    faults: () => server.faults.list(),
    panelFault: () => panelChoiceOf(server.faults.list()),
    calls: () => Object.fromEntries(server.calls),
    effects: () => effects.all(),
    effectsOf: (kind, key) => effects.of(kind, key),
  });
  const all = {
    waiqin365: vendor('waiqin365', upstream, upstreamCounts, {
      baseUrl: upstream.origin,
      openid,
      appkey: 'secret:waiqin365.appkey',
      pollMs: 5_000,
    }),
    hge: vendor('hge', carrier, hge.effects, {
      baseUrl: `${carrier.origin}/openapi/customer/`,
      apiKey,
      apiSecret: 'secret:hge.apiSecret',
      auth: 'bearer',
      service: 'P10006',
      shipperAddressNum: 'TRAINING-1',
    }),
    asiabill: vendor('asiabill', store, asiabill.effects, {
      baseUrl: store.origin,
      gatewayNo,
      signKey: 'secret:asiabill.signKey',
    }),
    ane: vendor('ane', freight, ane.effects, {
      baseUrl: freight.origin,
      code: aneCode,
      appSecret: 'secret:ane.appSecret',
      sendCompanyName: '江南四时点心',
      sendLinkMan: '仓库',
      sendPhone: '0571-88880000',
      sendProvince: '浙江省',
      sendCity: '杭州市',
      sendCounty: '萧山区',
      sendAddress: '市心北路100号',
    }),
    hongxun: vendor('hongxun', warehouse, hongxun.effects, {
      baseUrl: warehouse.origin,
      ...hongxunIdentity,
      sk: 'secret:hongxun.sk',
      report: { parcels: true, routes: true, signs: true, images: true },
      cartonMm: { length: 300, width: 200, height: 150 },
      paths: { pushSignImages: 'customer/signImagePush' },
    }),
  };

  return {
    vendors: Object.values(all),
    get: (id) => all[id],
    secrets: new Map(Object.entries(secretValues)),
    orderNumbers: () => book.list().map((order) => order.number),
    parcelWeightG: (number) => book.parcelWeightG(number),
    cancelOrder: (number) => book.cancel(number, clock.now()),
    changeOrder: (number) => book.change(number, clock.now()),
    addOrder: () => book.add(clock.now()),
    setCarrierRefusesRepeats: (refuses) => {
      hge.setRefusesRepeats(refuses);
      ane.setRefusesRepeats(refuses);
    },
    setProcessingMs: (ms) => {
      carrier.setProcessingMs(ms);
      store.setProcessingMs(ms);
      warehouse.setProcessingMs(ms);
      freight.setProcessingMs(ms);
    },
    effects: () => {
      const carriers = [hge.effects, ane.effects];
      const sum = (kind: string, what: keyof EffectCount): number =>
        carriers.reduce((total, effects) => total + effects.count(kind)[what], 0);
      const [bags, forms, manifests] = [
        hge.effects.count('bag'),
        hge.effects.count('scan-form'),
        hge.effects.count('manifest'),
      ];
      const doubled = hge.doubled();
      const uploads = asiabill.effects.count('upload');
      return {
        ordersServed: book.served,
        vendorOrders: sum('order', 'distinct'),
        duplicateVendorOrders: sum('order', 'duplicates'),
        refusedRepeats: sum('refused-repeat', 'total'),
        labelsServed: hge.effects.count('label').total,
        trackingUploads: uploads.distinct,
        duplicateUploads: uploads.duplicates,
        bags: bags.distinct,
        bagsVoided: hge.effects.count('void-bag').distinct,
        duplicateBags: bags.duplicates + doubled.bags,
        scanForms: forms.distinct,
        manifests: manifests.distinct,
        duplicateDocuments: forms.duplicates + manifests.duplicates + doubled.documents,
      };
    },
    carrierOrder: (number) => {
      const freightOrder = ane.find(`${aneCode}${number}`);
      if (freightOrder === undefined) return hge.find(number);
      return { orderNumber: freightOrder.orderNo, waybill: freightOrder.ewbNo };
    },
    async pushDelivery(address, about) {
      const proof = hongxunProof(hongxunIdentity, about);
      const answers: PushAnswer[] = [];
      for (const kind of ['sign-info', 'sign-images'] as const) {
        const response = await fetch(`${address}/${kind}`, {
          method: 'POST',
          redirect: 'manual',
          headers: { 'content-type': 'application/json' },
          body: new Uint8Array(hongxun.pushBytes(proof[kind], clock.now())),
        });
        answers.push({ kind, status: response.status, body: await response.text() });
      }
      return answers;
    },
    async stop() {
      await Promise.all(servers.map((server) => server.stop()));
      closeRecords();
    },
  };
}

/** Names of the custom fields training orders use, for the settings that map them. */
export const trainingExtKeys = { order: orderExtKeys, line: lineExtKeys } as const;
/** The merchant's trade number the virtual store has for an order number. */
export { tradeNumberFor };
