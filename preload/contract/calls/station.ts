/** Calls of the station as a whole: what it is, what waits for a person, diagnosis, training. */
import { z } from 'zod';
import { DiagnosticReport, TrainingState } from '../models/device.ts';
import { AttentionItem } from '../models/order.ts';
import { Grams, Instant, Locale, OutsideNumber, StationId } from '../models/primitives.ts';
import { call, Nothing } from './call.ts';

export const stationCalls = {
  'station.info': call({
    input: Nothing,
    output: z.object({
      version: z.string(),
      deskId: z.string(),
      site: z.string(),
      locale: Locale,
      training: z.boolean(),
      startedAt: Instant,
    }),
    timeoutMs: 5_000,
  }),
  'attention.list': call({ input: Nothing, output: z.object({ items: z.array(AttentionItem) }), timeoutMs: 5_000 }),
  'attention.resolve': call({
    input: z.object({
      id: z.string().max(200),
      action: z.enum(['retry', 'reprint', 'label-here', 'no-label', 'abandon', 'adopt', 'resend', 'exists', 'seen']),
      reason: z.string().max(200).default(''),
      /** With `exists`: the number the vendor's own screen shows. */
      waybill: OutsideNumber.optional(),
    }),
    output: Nothing,
    timeoutMs: 5_000,
  }),
  /** Tries everything of one group again, after an update or a repair: `group` of an attention item. */
  'attention.retryAll': call({
    input: z.object({ group: z.string().max(200), reason: z.string().max(200).default('') }),
    output: z.object({ retried: z.number().int() }),
    timeoutMs: 30_000,
  }),
  /** The record of an order as a file, with the result of checking its chain. */
  'audit.export': call({
    input: z.object({ orderId: StationId, format: z.enum(['json', 'csv']).default('json') }),
    output: z.object({
      fileName: z.string(),
      mimeType: z.string(),
      text: z.string(),
      rows: z.number().int(),
      /** The first row whose hash does not follow, or null if the whole record is unbroken. */
      brokenAt: z.number().int().nullable(),
    }),
    timeoutMs: 30_000,
  }),
  'diagnose.run': call({ input: Nothing, output: DiagnosticReport, timeoutMs: 60_000 }),
  'training.get': call({ input: Nothing, output: TrainingState, timeoutMs: 5_000 }),
  'training.set': call({
    input: z.object({
      scaleGrams: Grams.optional(),
      scaleMode: TrainingState.shape.scale.shape.mode.optional(),
      scalePlugged: z.boolean().optional(),
      /** One of `scale.choices`. */
      scaleSpeaks: z.string().max(60).optional(),
      start: z.enum(['dws', 'scanner']).optional(),
      /** A parcel on the virtual machine, and what goes wrong: not read, sent twice, the line cut in the middle. */
      dws: z
        .object({
          fault: z.enum(['none', 'noread', 'twice', 'cut']).default('none'),
          /** Printable, without the separators of records. */
          barcode: z
            .string()
            .regex(/^[!-+\--:<-~]{0,80}$/)
            .default(''),
          grams: z.number().int().min(0).max(500_000),
          lengthMm: z.number().int().min(1).max(9_999),
          widthMm: z.number().int().min(1).max(9_999),
          heightMm: z.number().int().min(1).max(9_999),
        })
        .optional(),
      dwsPlugged: z.boolean().optional(),
      /** A code in front of the virtual scanner. */
      scan: z
        .string()
        .max(200)
        .regex(/^\P{Cc}+$/u)
        .optional(),
      scannerPlugged: z.boolean().optional(),
      printer: TrainingState.shape.printer.optional(),
      network: TrainingState.shape.network.optional(),
      vendor: z.object({ id: z.string(), fault: TrainingState.shape.vendors.element.shape.fault }).optional(),
    }),
    output: TrainingState,
    timeoutMs: 5_000,
  }),
};
