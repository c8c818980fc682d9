/**
 * Links that listen for a machine over HTTP while somebody looks at it in Settings → Devices: for detecting and watching one that
 * the desk does not use yet. Nothing is stored, so every message is answered with 503: the machine keeps what it sent.
 */
import type { HttpIntake, Link, Links, Ports } from '../ports.ts';
import { createHttpLink } from './http-link.ts';
import { parseHttpListen, type HttpListenAddress } from './http-listen.ts';

/** One message: a record without its picture. */
const maxBodyBytes = 256 * 1024;

/** `links`, which also makes `http-listen://` links where the host listens. Each message is a stream of its own. */
export function withHttpListening(links: Links, httpIntake: Ports['httpIntake']): Links {
  return {
    inventory: links.inventory,
    create(uri, options) {
      const at = parseHttpListen(uri);
      if (at === null) return links.create(uri, options);
      if (httpIntake === undefined) throw new Error(`${uri}: this host takes no messages over HTTP`);
      return listeningLink(uri, at, httpIntake, options.allow ?? null);
    },
  };
}

function listeningLink(
  uri: string,
  at: HttpListenAddress,
  httpIntake: NonNullable<Ports['httpIntake']>,
  allow: readonly string[] | null,
): Link {
  const http = createHttpLink(uri);
  let messages = 0;
  let wanted = false;
  let opening: Promise<HttpIntake | null> = Promise.resolve(null);

  function take(body: Uint8Array): { readonly status: number; readonly body: string } {
    messages += 1;
    http.heard(body);
    return { status: 503, body: '' };
  }

  async function listen(): Promise<HttpIntake | null> {
    try {
      // Who looks for a machine does not know its token yet; it may come from this machine or a private network only.
      const intake = await httpIntake({ ...at, token: null, allow, maxBodyBytes, take });
      if (wanted) http.opened(intake.origin);
      return intake;
    } catch (error) {
      http.failed(error);
      return null;
    }
  }

  return {
    uri,
    get state() {
      return http.link.state;
    },
    get lastError() {
      return http.link.lastError;
    },
    get problem() {
      return http.link.problem ?? null;
    },
    get listening() {
      return http.link.listening ?? null;
    },
    open() {
      if (wanted) return;
      wanted = true;
      opening = listen();
    },
    write: (bytes, timeoutMs) => http.link.write(bytes, timeoutMs),
    onBytes: (listener) => http.link.onBytes((body) => listener(body, `message ${messages}`)),
    onState: (listener) => http.link.onState(listener),
    async close() {
      wanted = false;
      await (await opening)?.close();
      await http.link.close();
    },
  };
}
