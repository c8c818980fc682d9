/** A parcel to the parameters of 订单新建. Pure. */
import { placeOfAddress, type ChinesePlace } from '../../domain/chinese-address.ts';
import { scaleDown } from '../../domain/decimal.ts';
import type { Address, ParcelFacts } from '../../domain/shipping.ts';
import { refuse } from '../kit/limits.ts';
import { cleanText } from '../kit/outside.ts';
import type { BuildRefusal, OwnLabel } from '../kit/vendor.ts';
import type { OrderParams } from './params.ts';
import type { Settings } from './settings.ts';
import { goodsTypes, isServiceType, payModes, serviceTypes } from './words.ts';

/** Document: 订单号 is Code+时间戳. Our reference holds the instant of sealing, and is never used twice. */
export function orderNoOf(facts: ParcelFacts, settings: Pick<Settings, 'code'>): string {
  return settings.code + facts.reference;
}

/** `params` of 订单新建 for a parcel, before the schema's check, or why the parcel cannot go by ANE. */
export function orderFor(facts: ParcelFacts, settings: Settings): OrderParams | BuildRefusal {
  const { receiver } = facts;
  if (receiver.country !== '' && receiver.country !== 'CN') {
    return refuse(
      'country-unsupported',
      `ANE delivers within China; the receiver is in ${cleanText(receiver.country)}`,
    );
  }
  const service = facts.service ?? settings.serviceType;
  if (!isServiceType(service)) {
    return refuse(
      'service-unknown',
      `service "${cleanText(service)}": must be ${Object.keys(serviceTypes).join(', ')}`,
    );
  }
  if (facts.weightG <= 0) return refuse('weight-missing', 'the parcel has no weight');
  const place = placeOfAddress(receiver);
  if (place.confidence === 'unsure') {
    return refuse(
      'address-unsure',
      `the receiver's place is not certain: ${cleanText(place.reason)}; correct the address`,
    );
  }
  const phones = phonesOf(receiver, 'dispatch');
  if (phones === null) return refuse('phone-missing', 'the receiver has no telephone number');
  const goodsName = settings.goodsName ?? [...cleanText(facts.items[0]?.name ?? '')].slice(0, 100).join('');
  const volume = volumeOf(facts);
  const remark = cleanText(facts.remark);
  const name = cleanText(receiver.name);
  return {
    orderNo: orderNoOf(facts, settings),
    ...(settings.sendSiteId === undefined ? {} : { sendSiteId: settings.sendSiteId }),
    goodsType: goodsTypes[settings.goodsType],
    ...(goodsName === '' ? {} : { goodsName }),
    ...(remark === '' ? {} : { remark }),
    totalPiece: 1,
    totalWeight: Number(scaleDown(facts.weightG, 3)),
    ...(volume === null ? {} : { totalVol: volume }),
    payModeId: payModes[settings.payModeId],
    receiveFlag: settings.collect ? 1 : 0,
    serviceType: serviceTypes[service],
    sendCompanyName: settings.sendCompanyName,
    sendLinkMan: settings.sendLinkMan,
    ...(settings.sendPhoneSms === undefined ? {} : { sendPhoneSms: settings.sendPhoneSms }),
    ...(settings.sendPhone === undefined ? {} : { sendPhone: settings.sendPhone }),
    sendAddress: settings.sendAddress,
    ...(settings.sendPostcode === undefined ? {} : { sendPostcode: settings.sendPostcode }),
    sendProvince: settings.sendProvince,
    sendCity: settings.sendCity,
    sendCounty: settings.sendCounty,
    // Document: 没有公司名则填人名.
    dispatchCompanyName: cleanText(receiver.company) === '' ? name : cleanText(receiver.company),
    dispatchLinkMan: name,
    ...phones,
    dispatchAddress: addressText(place),
    ...(/^\d{6}$/.test(receiver.postcode) ? { dispatchPostcode: receiver.postcode } : {}),
    dispatchProvince: place.province,
    dispatchCity: place.city,
    // A city without counties stands for its own, as in the addresses people write.
    dispatchCounty: place.county === '' ? place.city : place.county,
  };
}

/** The document's sample repeats the city in the address (`杭州萧山安能物流`), so the whole address goes there. */
function addressText(place: ChinesePlace): string {
  const city = place.city === place.province ? '' : place.city;
  return cleanText(`${place.province}${city}${place.county}${place.rest}`).replace(/\n+/g, ' ');
}

const serviceNames = { normal: '正常', 'next-day': '次日达', 'next-morning': '次晨达', 'same-day': '当日达' } as const;

/** What our own label says: ANE's documents name no label. The address is the one the order was placed with. */
export function ownLabelOf(facts: ParcelFacts, settings: Settings): OwnLabel {
  const { receiver } = facts;
  const place = placeOfAddress(receiver);
  const service = facts.service ?? settings.serviceType;
  const { sendProvince, sendCity, sendCounty, sendAddress } = settings;
  const sender = sendAddress.startsWith(sendProvince)
    ? sendAddress
    : `${sendProvince}${sendCity}${sendCounty}${sendAddress}`;
  return {
    carrier: '安能物流 ANE',
    service: isServiceType(service) ? serviceNames[service] : service,
    place: [place.province, place.city === place.province ? '' : place.city, place.county]
      .filter((part) => part !== '')
      .join(' '),
    receiver: { name: cleanText(receiver.name), phone: cleanText(receiver.phone), address: addressText(place) },
    sender: {
      name: `${settings.sendCompanyName} ${settings.sendLinkMan}`,
      phone: settings.sendPhoneSms ?? settings.sendPhone ?? '',
      address: sender,
    },
    pieces: 1,
  };
}

/** A mobile number goes into 手机, any other into 联系电话; null if there is none. */
function phonesOf(address: Address, side: 'dispatch'): Partial<OrderParams> | null {
  const phone = cleanText(address.phone);
  if (phone === '') return null;
  const mobile = /^(?:\+?86[\s-]?)?(1\d{10})$/.exec(phone.replace(/[\s-]/g, ''))?.[1];
  return mobile === undefined ? { [`${side}Phone`]: phone } : { [`${side}PhoneSms`]: mobile };
}

/** Cubic metres with at most 6 decimals (8 characters, document), or null if a size is not known. */
function volumeOf(facts: ParcelFacts): number | null {
  const { lengthMm, widthMm, heightMm } = facts;
  if (lengthMm === null || widthMm === null || heightMm === null) return null;
  return Number(((lengthMm * widthMm * heightMm) / 1e9).toFixed(6));
}
