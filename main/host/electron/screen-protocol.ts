/** Our own scheme for the screen: `packbench://screen/`. Not `file:`, so the page can read nothing else of the disk. */
import type { ScreenFiles } from '../shared/screen-files.ts';
import { securityHeaders } from '../shared/screen-security.ts';
import type { ElectronApi } from './electron-api.ts';

export const screenScheme = 'packbench';
const screenHost = 'screen';
/** Origin of every page of ours. */
export const screenOrigin = `${screenScheme}://${screenHost}`;
export const screenUrl = `${screenOrigin}/`;

/** Before Electron is ready: makes the scheme behave like https (an origin of its own, secure context, fetch). */
export function registerScreenScheme(protocol: ElectronApi['protocol']): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: screenScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, bypassCSP: false, corsEnabled: false },
    },
  ]);
}

/** Once Electron is ready: serves the built screen, read-only, with the same headers as the loopback host. */
export function serveScreen(protocol: ElectronApi['protocol'], files: ScreenFiles): void {
  protocol.handle(screenScheme, (request) => answerScreenRequest(request.method, request.url, files));
}

/** One answer: a file of the screen, or a refusal without content. */
export async function answerScreenRequest(method: string, address: string, files: ScreenFiles): Promise<Response> {
  const path = pathOf(address);
  if (method !== 'GET' && method !== 'HEAD') return refuse(405);
  if (path === null) return refuse(403);
  const file = await files.read(path);
  if (file === null) return refuse(404);
  return new Response(method === 'HEAD' ? null : file.bytes, {
    status: 200,
    headers: { ...securityHeaders, 'content-type': file.contentType, 'cache-control': file.cacheControl },
  });
}

/**
 * The path of one of our addresses as it was written, or null for any other address. Not taken from `URL`, which
 * would quietly resolve `..` before anyone could refuse it.
 */
function pathOf(address: string): string | null {
  if (!address.startsWith(screenUrl)) return null;
  return address.slice(screenOrigin.length).split(/[?#]/, 1)[0] ?? null;
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: { ...securityHeaders, 'cache-control': 'no-store' } });
}
