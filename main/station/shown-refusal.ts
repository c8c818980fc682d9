/** A refused frame, cut to what the contract carries of it. */
import type { RefusedFrameView } from '../../preload/contract/index.ts';
import type { RefusedFrame } from '../domain/device.ts';
import { frameCause } from '../domain/frame-problems.ts';

export function shownRefusal(refused: RefusedFrame | null): RefusedFrameView | null {
  if (refused === null) return null;
  const { at, error, problem, raw } = refused;
  return { at, error: error.slice(0, 400), cause: frameCause(problem), raw: raw.slice(0, 512) };
}
