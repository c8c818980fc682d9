/** Valid parameters of every call by name; the document's own where it has a sample. */
import documented from './fixtures/sign-images-request.json' with { type: 'json' };
import type { HongxunOperation } from './operations.ts';

const route = {
  mailno: 'SF1234567890',
  scanTypeCode: '81',
  operator: '张三',
  time: '2026-01-05 08:00:00',
  transferAddress: '上海市浦东新区',
  memo: '运输中',
} as const;
const order = {
  customerNumber: 'DD201612090000001',
  documentType: '20',
  inventoryCode: 'WH01',
  inventoryName: '上海仓',
  subbaseCode: 'SUB01',
  subbaseName: '良品库',
};
const page = { pageSize: 100, pageNum: 1 };

export const samples = {
  reportParcel: {
    mailno: 'SF1234567890',
    longs: 30.5,
    widths: 20,
    heights: 15,
    weight: 1234,
    volume: 9150,
    remark: '',
  },
  pushRoute: [route],
  pushSignInfo: [{ ...route, scanTypeCode: '001', memo: '签收' }],
  pushSignImages: documented,
  pushCarrierSignImages: {
    mailno: 'SF1234567890',
    imageType: 'imageUrl',
    imageInfos: [{ image: 'https://example.com/sign.jpg', postfix: 'jpg' }],
  },
  createInboundOrder: { ...order, documentType: '10' },
  createOutboundOrder: order,
  createOwnershipOrder: { customerNumber: 'WQ001' },
  createTransportOrder: { customerNumber: 'YS001', documentType: '10' },
  cancelOrder: {
    customerNumber: 'DD201612090000001',
    cancelBatch: 'C1',
    cancelType: '10',
    reason: '客户取消',
    item: [],
  },
  pushLpn: { batchId: 'B1', sourceNum: 'S1', lpnList: [{ lpn: 'LPN1' }] },
  queryStock: { inventoryCode: 'WH01', subbaseCode: 'SUB01', productCodeList: [{ productCode: 'P1' }], ...page },
  queryOutboundResult: { customerNumber: 'DD201612090000001' },
  queryRoute: { customerNumber: 'DD201612090000001', mailno: 'SF1234567890' },
  queryVehicleStock: { mode: { ownerId: 'O1', whCode: 'WH01' }, ...page },
  sendSerialCodes: {
    customerOrderCode: 'DD201612090000001',
    totalCount: 1,
    currentCount: 1,
    surPlusCount: 0,
    productList: [{ productCode: 'P1' }],
  },
  syncProductSizes: { productList: [{ customerProductCode: 'P1', roughWeight: 1.5, vol: 0.02 }] },
  queryInboundResult: { customerNumber: 'RK001' },
  syncProducts: [{ productCode: 'P1' }],
  syncWarehouses: [{ inventoryCode: 'WH01' }],
  syncReceivers: [{ customerCode: 'CUS1' }],
  confirmInbound: { customerNumber: 'RK001' },
  confirmInboundStatus: { customerNumber: 'RK001' },
  confirmOutbound: { customerNumber: 'DD201612090000001' },
  confirmOutboundStatus: {
    customerNumber: 'DD201612090000001',
    orderStatus: 'FULFILLED',
    totalQuantity: 2,
    actualQuantity: 2,
  },
  confirmOwnership: { customerNumber: 'WQ001' },
  confirmTransport: { customerNumber: 'YS001' },
  pushCustomerRoute: [route],
  pushCustomerSignInfo: {
    customerNumber: 'DD201612090000001',
    signType: '10',
    mailno: 'SF1234567890',
    actualQuantity: 2,
    signer: '李四',
    signedTime: '2026-01-05 08:00:00',
    productList: [],
  },
  confirmVehicle: { batchCode: 'B1', dataList: [] },
  pushCancelResult: { orderBasicInfo: { customerNumber: 'DD201612090000001' }, orderProductList: [] },
} as const satisfies Record<HongxunOperation, unknown>;
