/** Remembers the links the desk's devices use, so that Settings can show and listen to them without opening a second one. */
import type { Clock, Link, Links } from '../ports.ts';

/** A link of the desk. */
export interface BookedLink {
  readonly link: Link;
  /** Bytes that came since it was made, and when the newest did (monotonic milliseconds), or null. */
  bytes(): number;
  lastAt(): number | null;
}

export interface LinkBook {
  /** The ports' own links, each written down by its URI. */
  readonly links: Links;
  /** The newest link made for this URI; closed ones count, because some open only for use. */
  find(uri: string): BookedLink | null;
  /** Writes down a link that was not made by `links`. */
  note(link: Link): void;
}

export function createLinkBook(links: Links, clock: Clock): LinkBook {
  const known = new Map<string, BookedLink>();
  function note(link: Link): void {
    let bytes = 0;
    let lastAt: number | null = null;
    link.onBytes((chunk) => {
      bytes += chunk.length;
      lastAt = clock.monotonic();
    });
    known.set(link.uri, { link, bytes: () => bytes, lastAt: () => lastAt });
  }

  return {
    links: {
      create(uri, options) {
        const link = links.create(uri, options);
        note(link);
        return link;
      },
      inventory: links.inventory,
    },
    find: (uri) => known.get(uri) ?? null,
    note,
  };
}
