/**
 * Small servers on loopback for tests: an upstream that speaks the documented form of 外勤365 with records the training
 * vendor would never make, and a man in the middle that spoils a vendor's answers.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  return closed;
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export interface Upstream {
  readonly origin: string;
  /** What the next pull finds. */
  records: readonly unknown[];
  close(): Promise<void>;
}

/**
 * 外勤365, page 查询分销订单: POST .../getDmsSalesOrderInfos/{openid}/{timestamp}/{digest}/{msg_id}, answered with
 * `return_code` and the records as JSON text in `response_data`.
 */
export async function startUpstream(records: readonly unknown[]): Promise<Upstream> {
  const server = createServer((incoming, response) => {
    void bodyOf(incoming).then((body) => {
      const { s_status: status } = JSON.parse(body.toString('utf8')) as { s_status?: string };
      const answer = {
        return_code: '0',
        return_msg: '',
        msg_id: incoming.url?.split('/').at(-1) ?? '',
        response_data: JSON.stringify(status === '0' ? [] : upstream.records),
      };
      response.setHeader('content-type', 'application/json;charset=UTF-8');
      response.end(JSON.stringify(answer));
    });
  });
  const upstream: Upstream = { origin: await listen(server), records, close: () => close(server) };
  return upstream;
}

/** One order as the document's table writes it. */
export function upstreamRecord(number: string, products: readonly string[]): Record<string, unknown> {
  return {
    id: `77${number.replace(/\D/g, '')}`,
    status: '1',
    order_no: number,
    order_status: 'XS_DFH',
    cm_name: '南京苏果超市 云龙山路店',
    receive_name: '李四',
    receive_phone: '18254623212',
    receive_addr: '江苏省南京市建邺区云龙山路66号',
    remark: '',
    create_time_str: '2026-11-20 10:00:00.000',
    modify_time_str: '2026-11-20 10:00:00.000',
    exts: [],
    prods: products.map((code, index) => ({
      detail_id: `88${number.replace(/\D/g, '')}${index}`,
      product_id: `99${index}`,
      product_code: code,
      product_name: `商品 ${code}`,
      order_count: '1',
      order_input_unit_name: '瓶',
      base_unit_name: '瓶',
      is_gift: 'N',
      exts: [],
    })),
  };
}

export interface Spoiler {
  readonly origin: string;
  /** Changes the JSON answer of an interface (its last path part), or null to leave every answer alone. */
  spoil: ((name: string, answer: Record<string, unknown>) => unknown) | null;
  close(): Promise<void>;
}

/** Stands between the station and `target` (an origin). */
export async function startSpoiler(target: string): Promise<Spoiler> {
  const server = createServer((incoming, response) => {
    void forward(incoming).then(
      ({ status, type, text }) => {
        const name = (incoming.url ?? '').split('/').findLast((part) => part !== '') ?? '';
        const spoiled = spoiler.spoil?.(name, JSON.parse(text) as Record<string, unknown>);
        response.writeHead(status, { 'content-type': type });
        response.end(spoiled === undefined ? text : JSON.stringify(spoiled));
      },
      () => response.destroy(),
    );
  });
  async function forward(incoming: IncomingMessage): Promise<{ status: number; type: string; text: string }> {
    const headers: Record<string, string> = {};
    for (const name of ['content-type', 'authorization', 'accept-language']) {
      const value = incoming.headers[name];
      if (typeof value === 'string') headers[name] = value;
    }
    const answer = await fetch(`${target}${incoming.url ?? '/'}`, {
      method: incoming.method ?? 'GET',
      headers: { ...headers, connection: 'close' },
      body: new Uint8Array(await bodyOf(incoming)),
    });
    return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
  }
  const spoiler: Spoiler = { origin: await listen(server), spoil: null, close: () => close(server) };
  return spoiler;
}
