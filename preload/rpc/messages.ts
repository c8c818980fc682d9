/** What crosses a wire: JSON texts of these shapes and no others. */
import { z } from 'zod';
import { ContractError, WireError } from '../contract/index.ts';

/** Chosen by the client, unique among its open calls and subscriptions. */
const MessageId = z.number().int().nonnegative();
const Name = z.string().min(1).max(100);

export const ClientMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), id: MessageId, name: Name, input: z.unknown() }),
  /** The caller stopped waiting. An effect that has begun is not undone. */
  z.strictObject({ kind: z.literal('cancel'), id: MessageId }),
  z.strictObject({ kind: z.literal('subscribe'), id: MessageId, topic: Name }),
  z.strictObject({ kind: z.literal('unsubscribe'), id: MessageId }),
  /** The last snapshot of this subscription has been dealt with; the next one may come. */
  z.strictObject({ kind: z.literal('seen'), id: MessageId }),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;

export const ServerMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ok'), id: MessageId, output: z.unknown() }),
  /** A call failed, or a subscription has no snapshot to give for now. */
  z.strictObject({ kind: z.literal('error'), id: MessageId, error: WireError }),
  z.strictObject({ kind: z.literal('snapshot'), id: MessageId, snapshot: z.unknown() }),
  /**
   * Concerns the whole connection. `not-started`: the station failed to start, every call will fail with this.
   * Any other code: the client broke the rules; the server ends the connection after this message.
   */
  z.strictObject({ kind: z.literal('fatal'), error: WireError }),
]);
export type ServerMessage = z.infer<typeof ServerMessage>;

/** The text of a message, or null if it has no JSON form. */
export function encode(message: ClientMessage | ServerMessage): string | null {
  try {
    return JSON.stringify(message) ?? null;
  } catch {
    return null;
  }
}

export type Decoded<T> =
  | { readonly ok: true; readonly message: T }
  | { readonly ok: false; readonly code: 'too-large' | 'bad-input'; readonly message: string };

/** Parses one text; never throws. `text` is whatever the carrier delivered. */
export function decode<T>(schema: z.ZodType<T>, text: unknown, maxChars: number): Decoded<T> {
  if (typeof text !== 'string') return { ok: false, code: 'bad-input', message: 'message is not text; send JSON text' };
  if (text.length > maxChars) {
    return {
      ok: false,
      code: 'too-large',
      message: `message of ${text.length} characters is too large; at most ${maxChars} are read`,
    };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, code: 'bad-input', message: 'message is not JSON; send one JSON object per message' };
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) return { ok: false, code: 'bad-input', message: `message ${firstIssue(parsed.error)}` };
  return { ok: true, message: parsed.data };
}

/** The first problem of a failed parse in one line that names the field: `field "lines.0.code": Invalid input: …`. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'does not fit its schema';
  const path = issue.path.map(String).join('.');
  const message = issue.message.replace(/\s+/g, ' ').slice(0, 300);
  return path === '' ? `is refused: ${message}` : `field "${path.slice(0, 100)}" is refused: ${message}`;
}

/** How an error crosses the wire: code, one line, and the detail if it has a JSON form. Never a stack. */
export function toWireError(error: ContractError): WireError {
  const message = error.message.split('\n', 1)[0] ?? '';
  if (error.detail === undefined) return { code: error.code, message };
  try {
    const detail: unknown = JSON.parse(JSON.stringify(error.detail));
    const parsed = WireError.shape.detail.safeParse(detail);
    if (parsed.success && parsed.data !== undefined) return { code: error.code, message, detail: parsed.data };
  } catch {
    // A detail without a JSON form (a cycle, a BigInt) is left out; code and message say enough.
  }
  return { code: error.code, message };
}

export function fromWireError(error: WireError): ContractError {
  return new ContractError(error.code, error.message, error.detail);
}
