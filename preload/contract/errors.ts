/**
 * The closed list of error codes a call can fail with. A client may switch over it exhaustively.
 * Anything a handler throws that is not a `ContractError` crosses as `internal`, without its stack.
 */
import { z } from 'zod';

export const ErrorCode = z.enum([
  'bad-input',
  'not-found',
  'conflict',
  'refused',
  'unavailable',
  'timeout',
  'disconnected',
  'not-started',
  'unknown-call',
  'bad-output',
  'too-large',
  'internal',
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** The shape of an error on the wire. `message` is one line that names the thing and the fix. */
export const WireError = z.object({
  code: ErrorCode,
  message: z.string(),
  detail: z.record(z.string(), z.unknown()).optional(),
});
export type WireError = z.infer<typeof WireError>;

/** Thrown by handlers, and what a client's call rejects with. */
export class ContractError extends Error {
  readonly code: ErrorCode;
  readonly detail: Record<string, unknown> | undefined;
  constructor(code: ErrorCode, message: string, detail?: Record<string, unknown>) {
    super(message);
    this.name = 'ContractError';
    this.code = code;
    this.detail = detail;
  }
}
