/** Every call the screen (or a second screen, a test, the command line) can make. This list is the allowlist. */
import type { z } from 'zod';
import { stationCalls } from './calls/station.ts';
import { ordersCalls } from './calls/orders.ts';
import { packCalls } from './calls/pack.ts';
import { bagsCalls } from './calls/bags.ts';
import { dayCalls } from './calls/day.ts';
import { printingCalls } from './calls/printing.ts';
import { devicesCalls } from './calls/devices.ts';

export type { CallDefinition } from './calls/call.ts';

export const calls = {
  ...stationCalls,
  ...ordersCalls,
  ...packCalls,
  ...bagsCalls,
  ...dayCalls,
  ...printingCalls,
  ...devicesCalls,
} as const;

export type Calls = typeof calls;
export type CallName = keyof Calls;
/** What a caller passes (defaults may be left out). */
export type CallInput<N extends CallName> = z.input<Calls[N]['input']>;
/** What a handler receives (defaults filled in). */
export type CallRequest<N extends CallName> = z.output<Calls[N]['input']>;
/** What a caller gets. */
export type CallOutput<N extends CallName> = z.output<Calls[N]['output']>;
