/** What the labels of the golden tests say: fixed, so that their dots are the same on every run and machine. */
import type {
  BagLabelFacts,
  BadgeFacts,
  ContentsFacts,
  HandoverListFacts,
  LpnFacts,
  ParcelLabelFacts,
} from '../../main/labels/index.ts';
import type { TestLabelFacts } from '../../main/labels/own/test-label.ts';
import type { LabelFacts } from '../../main/training/label-artwork.ts';

/** 2026-01-05, noon in UTC. */
const at = Date.UTC(2026, 0, 5, 12);

export const trainingFacts: LabelFacts = {
  waybill: '9261290100000010000001',
  orderNumber: 'HGE2601050000001',
  reference: 'XS202601050001-P1',
  service: 'P10006',
  sender: {
    name: 'Packbench Training',
    company: '杭州练习仓',
    phone: '0571-88001234',
    lines: ['1 Xueyuan Road'],
    place: 'Hangzhou, Zhejiang 310012',
    country: 'CN',
  },
  receiver: {
    name: 'Ann Lee',
    company: '',
    phone: '+1 401-311-2522',
    lines: ['1200 N Harbor Blvd', 'Apt 4B'],
    place: 'Los Angeles, CA 91700',
    country: 'US',
  },
  weightG: 1_234,
  date: '2026-01-05',
  items: [{ name: 'Longjing tea', quantity: 2, weightG: 500, value: '12.00' }],
};

export const lpnFacts: LpnFacts = {
  lpn: 'D01-000123',
  orderNumber: 'XS202601050001',
  receiverName: '欧阳锋',
  weightG: 1_234,
  sealedAt: at,
  deskId: 'D01',
};

export const parcelFacts: ParcelLabelFacts = {
  waybill: '300012345678',
  carrier: '安能物流',
  service: '次晨达',
  place: '杭州市 西湖区',
  receiver: { name: '张三', phone: '13912345678', address: '浙江省杭州市西湖区学院路1号' },
  sender: { name: '江南优选', phone: '0571-88888888', address: '浙江省杭州市萧山区市心北路1号' },
  weightG: 1_234,
  pieces: 1,
  orderNumber: 'DD201612090000001',
  reference: 'PBD01MGQ0QHXK001',
  sealedAt: at,
};

export const bagFacts: BagLabelFacts = {
  bagNumber: 'BAG26010500001',
  destination: 'US',
  carrier: 'HGE',
  service: 'P10006',
  parcels: 12,
  grossG: 15_400,
  netG: 15_000,
  closedAt: at,
  deskId: 'D01',
};

export const contentsFacts: ContentsFacts = {
  orderNumber: 'XS202601050001',
  receiverName: '张三',
  parcel: '300012345678',
  lines: [{ sku: 'TEA-500', name: '龙井茶 500 g', quantity: 2 }],
  sealedAt: at,
};

export const badge: BadgeFacts = { name: '张三', role: 'packer', badge: 'P001', site: '杭州练习仓' };

export const testFacts: TestLabelFacts = {
  code: 'PB:PRINT:17',
  printerId: 'label',
  language: 'zpl',
  offsetXMm: 0,
  offsetYMm: -1.5,
};

export const listFacts: HandoverListFacts = {
  kind: 'manifest',
  reference: 'MF202601050001',
  carrier: '华光速递',
  service: 'P10006',
  destination: 'US',
  contact: '张三 · 13800000000',
  flight: 'CA123',
  bags: [{ number: 'BG2512130000001', parcels: 12, netG: 8_400, grossG: 8_950 }],
  loose: [{ waybill: '300012345678', weightG: 820 }],
  looseCount: 1,
  parcels: 13,
  netG: 9_220,
  grossG: 9_770,
  createdAt: at,
  deskId: 'D01',
  site: '杭州练习仓',
  copy: 0,
};
