/** The vendor and the printer of the I/O trials. They live in the harness, so that no crash of the station forgets an effect. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const Sent = z.object({ reference: z.string(), operation: z.string() });
const Printed = z.object({ parcelId: z.string() });

export interface IoDesk {
  readonly port: number;
  /** How often the vendor did what, by `reference operation`. It does not recognise repeats: every send has its effect. */
  readonly effects: ReadonlyMap<string, number>;
  /** Labels by parcel. */
  readonly labels: ReadonlyMap<string, number>;
  clear(): void;
  close(): void;
}

export async function startIoDesk(): Promise<IoDesk> {
  const effects = new Map<string, number>();
  const labels = new Map<string, number>();
  const count = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  const answer = (path: string, body: unknown): unknown => {
    if (path === '/print') {
      count(labels, Printed.parse(body).parcelId);
      return {};
    }
    const { reference, operation } = Sent.parse(body);
    const key = `${reference} ${operation}`;
    if (path === '/find') return { found: effects.has(key), waybill: `W${reference}` };
    count(effects, key);
    return { waybill: `W${reference}` };
  };
  const server = createServer((call, reply) => {
    const parts: Buffer[] = [];
    call.on('data', (part: Buffer) => parts.push(part));
    call.once('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown;
      reply.end(JSON.stringify(answer(call.url ?? '', body)));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    effects,
    labels,
    clear() {
      effects.clear();
      labels.clear();
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
