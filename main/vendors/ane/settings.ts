/** ANE in the profile. */
import { z } from 'zod';
import { baseAddress, callTimes, credential } from '../kit/outside.ts';
import { textParam } from '../kit/params.ts';
import { assumedFields, assumedPaths, assumedTraceParameter, publicPaths } from './assumed.ts';
import { goodsTypes, namesOf, payModes, serviceTypes } from './words.ts';

const path = (usual: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9/_.-]{1,200}$/, 'must be a path such as opwb/lb/new')
    .default(usual);
const names = (usual: readonly string[]) =>
  z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(30)])
    .transform((value): readonly string[] => (typeof value === 'string' ? [value] : value))
    .default(usual);
const codeList = z
  .array(z.string().regex(/^[0-9A-Za-z_-]{1,32}$/, 'must be a result code'))
  .max(200)
  .default([]);

export const settings = z.strictObject({
  baseUrl: baseAddress,
  /** Base address of the trace interfaces. Public for the test system; otherwise formed like it, or as `baseUrl`. */
  traceBaseUrl: baseAddress.optional(),
  /** Document: 客户唯一ID简码大写字母. */
  code: z.string().regex(/^[A-Z0-9]{1,32}$/, 'must be 1-32 capital letters or digits, as given by the vendor'),
  appSecret: credential(256),
  /** Public client code sends either; the vendor says which is live. */
  encoding: z.enum(['json', 'form']).default('json'),
  /** Sender, in every order. Lengths of the document. */
  sendCompanyName: textParam(100),
  sendLinkMan: textParam(100),
  sendPhoneSms: textParam(20).optional(),
  sendPhone: textParam(32).optional(),
  sendProvince: textParam(32),
  sendCity: textParam(32),
  sendCounty: textParam(32),
  sendAddress: textParam(256),
  sendPostcode: textParam(6).optional(),
  sendSiteId: textParam(8).optional(),
  /** For parcels whose route names no service. */
  serviceType: z.enum(namesOf(serviceTypes)).default('normal'),
  payModeId: z.enum(namesOf(payModes)).default('monthly'),
  goodsType: z.enum(namesOf(goodsTypes)).default('other'),
  /** goodsName of every parcel; without it the name of the first item. */
  goodsName: textParam(100).optional(),
  /** receiveFlag: true if a courier comes to collect. */
  collect: z.boolean().default(true),
  ...callTimes,
  paths: z
    .strictObject({
      placeOrder: path(assumedPaths.placeOrder),
      createWaybill: path(publicPaths.createWaybill),
      cancel: path(publicPaths.cancel),
      queryTracking: path(publicPaths.queryTracking),
    })
    .prefault({}),
  /** Codes of the vendor's own table: a business exception is never sent again, a system exception is. */
  codes: z.strictObject({ business: codeList, system: codeList }).prefault({}),
  /** Replaces what no document states; see assumed.ts. */
  assumed: z
    .strictObject({
      fields: z
        .strictObject({
          orderNumber: names(assumedFields.orderNumber),
          waybill: names(assumedFields.waybill),
          eventTime: names(assumedFields.eventTime),
          eventStatus: names(assumedFields.eventStatus),
          eventPlace: names(assumedFields.eventPlace),
          eventText: names(assumedFields.eventText),
        })
        .prefault({}),
      traceParameter: z.string().min(1).max(64).default(assumedTraceParameter),
    })
    .prefault({}),
});
export type Settings = z.output<typeof settings>;

export const secretFields: readonly string[] = ['appSecret'];
