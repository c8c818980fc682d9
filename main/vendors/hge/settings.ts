/** HGE in the profile. */
import { z } from 'zod';
import { baseAddress, callTimes, credential } from '../kit/outside.ts';
import type { FlightDetails, HandoverDetails } from '../../domain/documents.ts';
import type { TrackingStatus } from '../../domain/shipping.ts';
import {
  assumedCustomerNumberType,
  assumedFields,
  assumedHandoverNeeds,
  assumedPaths,
  assumedRequest,
  type AssumedPaths,
} from './assumed.ts';

const path = (assumed: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9/_.-]{1,200}$/, 'must be a path such as order_confirm/')
    .default(assumed);
const pathSettings = Object.fromEntries(
  Object.entries(assumedPaths).map(([key, assumed]) => [key, path(assumed)]),
) as Record<keyof AssumedPaths, ReturnType<typeof path>>;

/** Operations whose request fields are assumed, whole or in part. */
const renamable = [
  'confirm',
  'fetchLabel',
  'cancel',
  'intercept',
  'cancelIntercept',
  'updateWeight',
  'updateWaybill',
  'getPod',
  'track',
  'queryPccc',
  'scanFormResult',
  'manifest',
  'manifestResult',
  'updateFlight',
  'createBag',
  'voidBag',
  'bagLabel',
] as const;

const detailFields = [
  'handoverNumber',
  'contactName',
  'company',
  'email',
  'phone',
  'mobile',
  'country',
  'state',
  'city',
  'postcode',
  'houseNumber',
  'street',
  'address',
] as const satisfies readonly (keyof HandoverDetails)[];
const flightFields = [
  'airWaybill',
  'flightNumber',
  'departsAt',
  'arrivesAt',
  'departurePort',
  'transitPort',
  'arrivalPort',
  'transitDepartsAt',
  'transitArrivesAt',
] as const satisfies readonly (keyof FlightDetails)[];

const trackingStatuses = [
  'unclear',
  'not-found',
  'announced',
  'in-transit',
  'ready-for-pickup',
  'out-for-delivery',
  'delivered',
  'exception',
  'delivery-failed',
  'returned',
] as const satisfies readonly TrackingStatus[];

const name = (assumed: string) => z.string().min(1).max(64).default(assumed);
const names = (assumed: readonly string[]) =>
  z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(30)])
    .transform((value): readonly string[] => (typeof value === 'string' ? [value] : value))
    .default(assumed);

export const settings = z
  .strictObject({
    baseUrl: baseAddress,
    /**
     * The vendor's pages describe two schemes that do not agree: every interface page shows a bearer token, the page
     * 开放平台使用说明 shows signed headers.
     */
    auth: z.enum(['bearer', 'signed']).default('bearer'),
    apiKey: credential(256).optional(),
    apiSecret: credential(256).optional(),
    /** A token given by the vendor, instead of one fetched with key and secret. */
    token: credential(4096).optional(),
    /** `accept-language` of 开放平台使用说明. */
    language: z.enum(['en', 'zh', 'vi', 'ko']).default('zh'),
    /** `service_code` for parcels whose route names no service. */
    service: z.string().min(1).max(64).optional(),
    /** `shipper_info.address_num`: the shipper's address as registered at the vendor. */
    shipperAddressNum: z.string().max(64).default(''),
    ...callTimes,
    /** Replaces what no document states; see assumed.ts. */
    assumed: z
      .strictObject({
        paths: z.strictObject(pathSettings).prefault({}),
        fields: z
          .strictObject({
            token: names(assumedFields.token),
            tokenLife: names(assumedFields.tokenLife),
            orderNumber: names(assumedFields.orderNumber),
            waybill: names(assumedFields.waybill),
            status: names(assumedFields.status),
            label: names(assumedFields.label),
            bag: names(assumedFields.bag),
            events: names(assumedFields.events),
            eventTime: names(assumedFields.eventTime),
            eventStatus: names(assumedFields.eventStatus),
            eventPlace: names(assumedFields.eventPlace),
            eventText: names(assumedFields.eventText),
            proofImage: names(assumedFields.proofImage),
            proofSigner: names(assumedFields.proofSigner),
          })
          .prefault({}),
        request: z
          .strictObject({
            parcels: name(assumedRequest.parcels),
            weight: name(assumedRequest.weight),
            length: name(assumedRequest.length),
            width: name(assumedRequest.width),
            height: name(assumedRequest.height),
            items: name(assumedRequest.items),
            itemCode: name(assumedRequest.itemCode),
            itemName: name(assumedRequest.itemName),
            itemQuantity: name(assumedRequest.itemQuantity),
            itemUnit: name(assumedRequest.itemUnit),
            itemPrice: name(assumedRequest.itemPrice),
          })
          .prefault({}),
        /** Fields that must be filled in before a document is pushed, by our names; empty lists ask for none. */
        handoverNeeds: z
          .strictObject({
            scanForm: z
              .array(z.enum(detailFields))
              .max(detailFields.length)
              .default([...assumedHandoverNeeds.scanForm]),
            manifest: z
              .array(z.enum(flightFields))
              .max(flightFields.length)
              .default([...assumedHandoverNeeds.manifest]),
          })
          .prefault({}),
        /** `num_type` that means "our own order number". */
        customerNumberType: z.number().int().default(assumedCustomerNumberType),
        /** Field names of requests, by operation: `{ "updateWeight": { "weight": "weightD" } }`, at any depth. */
        rename: z
          .partialRecord(z.enum(renamable), z.record(z.string().min(1).max(64), z.string().min(1).max(64)))
          .default({}),
        /** Tracking words and what they mean, before ours: `{ "签收": "delivered" }`. */
        statuses: z.record(z.string().min(1).max(100), z.enum(trackingStatuses)).default({}),
      })
      .prefault({}),
  })
  .superRefine((value, context) => {
    const pair = value.apiKey !== undefined && value.apiSecret !== undefined;
    if (value.auth === 'signed' && !pair) {
      context.addIssue({ code: 'custom', path: ['apiSecret'], message: 'auth "signed" needs apiKey and apiSecret' });
    }
    if (value.auth === 'bearer' && !pair && value.token === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['token'],
        message: 'auth "bearer" needs token, or apiKey and apiSecret',
      });
    }
  });
export type Settings = z.output<typeof settings>;

export const secretFields: readonly string[] = ['apiSecret', 'token'];
