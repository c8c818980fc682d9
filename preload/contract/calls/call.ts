/** What one call is. */
import { z } from 'zod';

/** One call: what goes in, what comes out, and after how long a client stops waiting. */
export interface CallDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly input: I;
  readonly output: O;
  readonly timeoutMs: number;
}

export function call<I extends z.ZodType, O extends z.ZodType>(definition: CallDefinition<I, O>): CallDefinition<I, O> {
  return definition;
}

export const Nothing = z.object({});
