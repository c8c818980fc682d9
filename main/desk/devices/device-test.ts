/** What shows that a device works, seen in its frames: a person empties and loads the scale, or reads one code. */
import type { DeviceKind } from '../../../preload/contract/index.ts';
import { readingInWords, type SessionView } from './session-view.ts';

/**
 * Our own choice: an empty bench scale that shows more than this makes every parcel wrong, and a load must differ by more
 * than this to be one.
 */
export const emptyWithinG = 20;

/** The steps of a test, in order. */
export function testSteps(kind: DeviceKind): readonly string[] {
  if (kind === 'scale') return ['frame', 'empty', 'loaded'];
  if (kind === 'dws') return ['record'];
  return kind === 'scanner' ? ['scan'] : [];
}

/** Follows the decoded frames and passes the steps they show. */
export function testWatcher(
  kind: DeviceKind,
  view: Pick<SessionView, 'passed'>,
): (decoded: Readonly<Record<string, unknown>>) => void {
  let emptyG: number | null = null;
  return (decoded) => {
    const words = readingInWords(decoded);
    if (kind !== 'scale') {
      view.passed(kind === 'dws' ? 'record' : 'scan', words);
      return;
    }
    const { grams, stable, overload, underload } = decoded;
    if (typeof grams !== 'number') return;
    view.passed('frame', words);
    if (stable !== true || overload === true || underload === true) return;
    if (Math.abs(grams) <= emptyWithinG) {
      emptyG = grams;
      view.passed('empty', words);
    } else if (emptyG !== null && grams - emptyG > emptyWithinG) view.passed('loaded', words);
  };
}
