/** 鸿讯 in the profile. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { baseAddress, callTimes, credential } from '../kit/outside.ts';
import { operationNames } from './operations.ts';
import { nodeCodes } from './tables.ts';

const path = z
  .string()
  .regex(/^[A-Za-z0-9/_.-]{0,200}$/, 'must be a path such as dtc/device/dwsPackageInfo')
  .transform((value) => value.replace(/^\/+/, ''));
const identity = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^\u0000-\u0020\u007f]+$/, 'must not hold blanks or control characters');
const statuses = [
  'in-transit',
  'ready-for-pickup',
  'out-for-delivery',
  'delivered',
  'exception',
  'delivery-failed',
  'returned',
] as const;
const nodes = z.partialRecord(z.enum(statuses), z.enum(nodeCodes).nullable()).default({});
const sideMm = z.number().int().min(1).max(10_000);

export const settings = z
  .strictObject({
    baseUrl: baseAddress,
    /** 客户标识 and 来源系统 of every signed call. */
    createBy: identity,
    dataSource: identity,
    sk: credential(256),
    /** Top-level field of the DWS report. */
    warehouseCode: identity.optional(),
    /** 客户标识 inside 签收图片推送. */
    customerFlag: identity.optional(),
    /** `operator` of route pushes where the event names nobody. */
    operator: z.string().min(1).max(64).default('Packbench'),
    /** Neither the case of `sign` nor the handling of nulls is in a readable page. */
    signCase: z.enum(['lower', 'upper']).default('lower'),
    nulls: z.enum(['drop', 'keep']).default('drop'),
    /** What the desk sends by itself. */
    report: z
      .strictObject({
        parcels: z.boolean().default(false),
        routes: z.boolean().default(false),
        signs: z.boolean().default(false),
        images: z.boolean().default(false),
      })
      .prefault({}),
    /** True once 鸿讯 has said that the same route, signature or picture pushed twice counts once. */
    pushesMayRepeat: z.boolean().default(false),
    /** Proof pictures by the document's interface (`customer`) or by the carrier's (`carrier`). */
    signImagesVia: z.enum(['customer', 'carrier']).default('customer'),
    /** The one carton of this desk, millimetres: reported for a parcel that no machine measured. */
    cartonMm: z.strictObject({ length: sideMm, width: sideMm, height: sideMm }).optional(),
    ...callTimes,
    /** Paths by operation name, for those that no page states. */
    paths: z.partialRecord(z.enum(operationNames), path).default({}),
    /** Replaces our reading of a status; null sends nothing for it. See assumed.ts. */
    nodes: z.strictObject({ route: nodes, sign: nodes }).prefault({}),
    /** What 鸿讯 pushes to us. Off unless the profile turns it on. */
    receive: z
      .strictObject({
        enabled: z.boolean().default(false),
        /** Address to listen on. Anything but loopback is reachable from the network: put TLS in front of it. */
        host: z
          .string()
          .refine((value) => isIP(value) !== 0, 'must be an IP address such as 127.0.0.1')
          .default('127.0.0.1'),
        port: z.number().int().min(0).max(65_535).default(8_787),
        path: z
          .string()
          .regex(/^(\/[A-Za-z0-9_.-]{1,64}){1,4}$/, 'must be a path such as /hongxun')
          .default('/hongxun'),
        maxBodyBytes: z
          .number()
          .int()
          .min(1_024)
          .max(16 * 1024 * 1024)
          .default(1024 * 1024),
      })
      .prefault({}),
  })
  .superRefine((value, context) => {
    const need = (field: 'warehouseCode' | 'customerFlag', why: string): void => {
      if (value[field] !== undefined) return;
      context.addIssue({ code: 'custom', path: [field], message: `is required because ${why}` });
    };
    if (value.report.parcels) need('warehouseCode', 'report.parcels is true');
    if (value.report.images && value.signImagesVia === 'customer') need('customerFlag', 'report.images is true');
  });
export type Settings = z.output<typeof settings>;

export const secretFields: readonly string[] = ['sk'];
