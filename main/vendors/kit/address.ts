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

/** `base` and `path` with exactly one slash between them; the path's own end is kept (`order_create/`). */
export function joinAddress(base: string, path: string): string {
  return `${base}/${path.replace(/^\/+/, '')}`;
}
