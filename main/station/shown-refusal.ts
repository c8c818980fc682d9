/** A refused frame, cut to what the contract carries of it. */
import type { RefusedFrameView } from '../../preload/contract/index.ts';

export function shownRefusal(refused: RefusedFrameView | null): RefusedFrameView | null {
  if (refused === null) return null;
  return { at: refused.at, error: refused.error.slice(0, 400), raw: refused.raw.slice(0, 512) };
}
