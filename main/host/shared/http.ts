/**
 * The HTTP client of every host: one exchange, one of three outcomes, never an exception.
 *
 * The outcome must tell "no byte of the request left" from "bytes may have left", so the phases are kept apart: first
 * a socket is connected (and TLS agreed) by hand, and only then is it given to `node:http`. All that fails before the
 * hand-over is `not-sent`; all that fails after it is `no-answer`. Every request gets a fresh connection and says
 * `Connection: close`: on a kept-alive socket that the server has just closed, a certain "not sent" would turn into
 * doubt.
 */
import * as dns from 'node:dns';
import * as http from 'node:http';
import * as net from 'node:net';
import * as tls from 'node:tls';
import type { Clock, Failpoint, Http, HttpOutcome, HttpRequest, Line } from '../../ports.ts';
import { isPrivateAddress } from '../../domain/public-address.ts';
import { inflateBody } from './http-inflate.ts';
import type { LineSwitch } from './line.ts';

export interface HttpOptions {
  readonly line: Line & Pick<LineSwitch, 'register'>;
  readonly clock: Clock;
  /** Connections at the same time over all hosts; further calls wait, within their own time limit. Default 64. */
  readonly maxSockets?: number;
  readonly failpoint?: Failpoint | undefined;
}

/** Answer heads above this many bytes are refused (Node's own default). */
const maxHeaderBytes = 16 * 1024;

export function createHttp(options: HttpOptions): Http {
  const gate = createGate(options.maxSockets ?? 64);
  return { send: (request) => exchange(request, options, gate) };
}

type NotSentReason = Extract<HttpOutcome, { kind: 'not-sent' }>['reason'];
type NoAnswerReason = Extract<HttpOutcome, { kind: 'no-answer' }>['reason'];
const notSent = (reason: NotSentReason, message: string): HttpOutcome => ({ kind: 'not-sent', reason, message });
const noAnswer = (reason: NoAnswerReason, message: string): HttpOutcome => ({ kind: 'no-answer', reason, message });

/** Lets `limit` holders in; the rest wait in order. A waiter that gives up is skipped. */
function createGate(limit: number): { enter(onFree: () => void): () => void } {
  let held = 0;
  const waiting = new Set<() => void>();
  const leaveOnce = (): (() => void) => {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      held -= 1;
      const next = waiting.values().next();
      if (!next.done) {
        waiting.delete(next.value);
        next.value();
      }
    };
  };
  return {
    /** Calls `onFree` now or later; the returned function gives the place back, or leaves the queue. */
    enter(onFree) {
      if (held < limit) {
        held += 1;
        onFree();
        return leaveOnce();
      }
      let leave: (() => void) | null = null;
      const waiter = (): void => {
        held += 1;
        leave = leaveOnce();
        onFree();
      };
      waiting.add(waiter);
      return () => {
        if (leave === null) waiting.delete(waiter);
        else leave();
      };
    },
  };
}

interface Target {
  readonly secure: boolean;
  /** Without the brackets of an IPv6 literal. */
  readonly host: string;
  readonly port: number;
  readonly hostHeader: string;
  readonly path: string;
}

function parseTarget(text: string): Target | string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'the address is not a URL; check baseUrl in the profile';
  }
  const secure = url.protocol === 'https:';
  if (!secure && url.protocol !== 'http:') return `the address uses ${url.protocol} instead of http: or https:`;
  if (url.username !== '' || url.password !== '') return 'the address must not hold a user name or password';
  return {
    secure,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    hostHeader: url.host,
    path: url.pathname + url.search,
  };
}

function exchange(
  request: HttpRequest,
  { line, clock, failpoint }: HttpOptions,
  gate: ReturnType<typeof createGate>,
): Promise<HttpOutcome> {
  const target = parseTarget(request.url);
  if (typeof target === 'string') return Promise.resolve(notSent('name', target));
  if (!line.up) return Promise.resolve(notSent('line-down', 'the line is down'));

  return new Promise((resolve) => {
    let settled = false;
    let socket: net.Socket | null = null;
    const registrations: (() => void)[] = [];
    let phase: 'queue' | 'name' | 'connect' | 'tls' | 'handed-over' = 'queue';
    /** `head`: the answer's head is here, its own events tell the rest. `whole`: all bytes are here. */
    let answer: 'none' | 'head' | 'whole' = 'none';

    const settle = (outcome: HttpOutcome): void => {
      if (settled) return;
      settled = true;
      timer.cancel();
      socket?.destroy();
      for (const unregister of registrations) unregister();
      leave();
      resolve(outcome);
    };
    /** A failure before the hand-over is certain: nothing of the request left. */
    const fail = (reason: NoAnswerReason, detail: string): void => {
      const where = `${target.host}:${target.port}`;
      const cut = line.up ? '' : ' (the line was cut)';
      if (phase === 'handed-over') settle(noAnswer(reason, `${where}: ${detail}${cut}`));
      else if (!line.up) settle(notSent('line-down', `${where}: the line is down`));
      else settle(notSent(phase === 'queue' ? 'connect' : phase, `${where}: ${detail}`));
    };

    /** What the connection says; it has no say any more once the whole answer is here. */
    const connectionFailed = (error: unknown): void => {
      if (answer !== 'whole') fail(reasonOf(error), messageOf(error));
    };
    const connectionClosed = (): void => {
      if (answer === 'none') fail('reset', 'connection closed without an answer');
    };

    const handOver = (connected: net.Socket): void => {
      if (settled) return;
      if (!line.up || connected.destroyed) return fail('reset', 'connection closed before the request was written');
      failpoint?.('http.connected');
      let client: http.ClientRequest;
      try {
        client = http.request({
          createConnection: () => connected,
          host: target.host,
          port: target.port,
          method: request.method,
          path: target.path,
          maxHeaderSize: maxHeaderBytes,
          headers: {
            'accept-encoding': 'gzip, deflate',
            ...request.headers,
            host: target.hostHeader,
            ...(request.method === 'POST' ? { 'content-length': String(request.body?.byteLength ?? 0) } : {}),
          },
        });
      } catch (error) {
        // An illegal header or path: node refuses it before anything is written, and names it without its value.
        return fail('malformed', `the request cannot be written: ${messageOf(error)}`);
      }
      phase = 'handed-over';
      const sentAt = clock.now();
      client.on('error', connectionFailed);
      client.on('close', connectionClosed);
      client.on('response', (response) => {
        answer = 'head';
        failpoint?.('http.answer-head');
        const answeredAt = clock.now();
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('error', connectionFailed);
        response.on('close', () => {
          if (answer !== 'whole') fail('reset', 'answer cut off');
        });
        response.on('data', (chunk: Buffer) => {
          size += chunk.byteLength;
          if (size > request.maxAnswerBytes) fail('too-large', `answer above ${request.maxAnswerBytes} bytes`);
          else chunks.push(chunk);
        });
        response.on('end', () => {
          if (!response.complete) return fail('reset', 'answer cut off');
          answer = 'whole';
          failpoint?.('http.answer-whole');
          const headers = lowerCaseHeaders(response.headers);
          inflateBody(Buffer.concat(chunks), headers['content-encoding'], request.maxAnswerBytes).then(
            (body) => {
              if (body.kind === 'failed') return fail(body.reason, body.message);
              settle({
                kind: 'answer',
                status: response.statusCode ?? 0,
                headers,
                body: body.bytes,
                sentAt,
                answeredAt,
              });
            },
            (error: unknown) => fail('malformed', messageOf(error)),
          );
        });
      });
      client.once('finish', () => failpoint?.('http.written'));
      client.end(request.method === 'POST' ? (request.body ?? undefined) : undefined);
    };

    const connect = (): void => {
      if (settled) return;
      if (!line.up) return fail('reset', 'the line is down');
      phase = net.isIP(target.host) === 0 ? 'name' : 'connect';
      if (request.publicOnly === true && phase === 'connect' && isPrivateAddress(target.host)) {
        return fail('reset', notPublic);
      }
      const guard = request.publicOnly === true ? { lookup: publicLookup } : {};
      const plain = net.connect({ host: target.host, port: target.port, noDelay: true, ...guard });
      socket = plain;
      plain.on('lookup', (error) => {
        if (!error && phase === 'name') phase = 'connect';
      });
      plain.on('error', connectionFailed);
      plain.on('close', connectionClosed);
      registrations.push(line.register(plain));
      plain.once('connect', () => {
        if (settled) return;
        if (!target.secure) return handOver(plain);
        phase = 'tls';
        const name = net.isIP(target.host) === 0 ? { servername: target.host } : {};
        const secured = tls.connect({ socket: plain, host: target.host, ALPNProtocols: ['http/1.1'], ...name });
        socket = secured;
        secured.on('error', connectionFailed);
        secured.on('close', connectionClosed);
        registrations.push(line.register(secured));
        secured.once('secureConnect', () => handOver(secured));
      });
    };

    const timer = clock.after(request.timeoutMs, () => fail('timeout', `no answer within ${request.timeoutMs} ms`));
    // `enter` may run `connect` at once, before it returns: until then there is no place to give back.
    let given = false;
    let giveBack: () => void = () => {
      given = true;
    };
    const leave = (): void => giveBack();
    const place = gate.enter(() => queueMicrotask(connect));
    giveBack = place;
    if (given) place();
  });
}

const notPublic = 'the address is inside this network';

/** Resolves a name and refuses it if any of its addresses is not public. */
const publicLookup: net.LookupFunction = (host, options, done) => {
  dns.lookup(host, { ...options, all: true }, (error, found) => {
    const inside = error === null && found.some(({ address }) => isPrivateAddress(address));
    const [first] = found ?? [];
    if (error !== null) done(error, '', 0);
    else if (inside || first === undefined) done(new Error(notPublic), '', 0);
    else if (options.all === true) done(null, found);
    else done(null, first.address, first.family);
  });
};

function lowerCaseHeaders(headers: http.IncomingHttpHeaders): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) result[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return result;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}

/** Node reports an answer it cannot read as `HPE_…`; everything else on a connected socket is a broken connection. */
function reasonOf(error: unknown): NoAnswerReason {
  const code = codeOf(error);
  if (code === 'HPE_HEADER_OVERFLOW') return 'too-large';
  return code.startsWith('HPE_') ? 'malformed' : 'reset';
}

/** One line, without control characters; the code if the error has no text (an AggregateError of two families). */
function messageOf(error: unknown): string {
  const text = error instanceof Error && error.message !== '' ? error.message : codeOf(error) || String(error);
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 300);
}
