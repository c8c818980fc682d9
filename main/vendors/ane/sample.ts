/** The document's sample of `params` for 订单新建, with the orderNo it leaves out. */
import type { OrderParams } from './params.ts';

const nulls = Object.fromEntries(
  [
    ...['logisticNo', 'sendSiteId', 'dispatchSiteId', 'orderStatus', 'totalPiece', 'totalWeight', 'totalVol'],
    ...['paySideId', 'payModeId', 'freightCharge1', 'freightCharge', 'insuredAmount', 'codCharge', 'ecWarehouseId'],
    ...['receiveFlag', 'smsFlag', 'serviceType', 'packageFlag', 'packageDesc', 'ewbFlag', 'receiveEmployeeId'],
    ...['sendPhone', 'sendPostcode', 'sendStartTime', 'sendEndTime', 'dispatchPhone', 'dispatchPostcode'],
    ...['dispatchStartTime', 'dispatchEndTime', 'createdTime', 'modifiedBy', 'modifiedTime', 'rdStatus', 'coupon'],
    ...['ordStatusVO', 'goodsType', 'goodsName', 'piece', 'remark', 'goodsOrder', 'orderCanceId', 'ordStatusList'],
  ].map((name) => [name, null]),
);

export const sampleOrder = (code: string): OrderParams => ({
  ...nulls,
  orderNo: `${code}20160905120000`,
  sendCompanyName: 'xxx',
  sendLinkMan: '测试1',
  sendPhoneSms: '00000000',
  sendAddress: '上海市安能物流',
  sendProvince: '上海',
  sendCity: '上海',
  sendCounty: '青浦',
  dispatchCompanyName: '安能物流',
  dispatchLinkMan: '测试2',
  dispatchPhoneSms: '11111111',
  dispatchAddress: '杭州萧山安能物流',
  dispatchProvince: '浙江',
  dispatchCity: '杭州',
  dispatchCounty: '萧山',
  bankName: '丞风银行',
  subBankName: '丞风银行亚洲分行',
  accountCode: '6532658987',
  accountName: 'xp',
});
