/** Base addresses of the profile and paths of the documents, joined. */

/**
 * A base address with only an origin gets the documented base path; one with a path is used as it is. The result has
 * no slash at its end. `baseUrl` has passed the `baseAddress` schema.
 */
export function resolveBase(baseUrl: string, documentedPath: string): string {
  const url = new URL(baseUrl);
  const path = url.pathname.replace(/\/+$/, '');
  return url.origin + (path === '' ? `/${documentedPath.replace(/^\/+|\/+$/g, '')}`.replace(/^\/$/, '') : path);
}

/**
 * `base` and `path` with exactly one slash between them; the path's own end is kept (`order_create/`). Where the base
 * already ends with what the path begins with (a version, or the whole of the interface's address copied into the
 * profile), that part is not repeated.
 */
export function joinAddress(base: string, path: string): string {
  const { pathname } = new URL(base);
  const parts = path.replace(/^\/+/, '').split('/');
  // Only whole parts count, and never a lone empty one.
  for (let length = parts.length; length > 0; length -= 1) {
    const shared = parts.slice(0, length).join('/').replace(/\/$/, '');
    if (shared === '' || !pathname.endsWith(`/${shared}`)) continue;
    const rest = parts.slice(length).join('/');
    return rest === '' ? `${base}${path.endsWith('/') ? '/' : ''}` : `${base}/${rest}`;
  }
  return `${base}/${parts.join('/')}`;
}
