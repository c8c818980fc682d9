import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PrintState } from '../../preload/contract/index.ts';
import { IllegalPrint, isPrinterPaused, nextPrint, type PrintEvent, type PrintFields } from './print-transitions.ts';

const states: readonly PrintState[] = ['claimed', 'preflight', 'sending', 'printed', 'not-printed', 'unknown'];
const events: readonly PrintEvent[] = [
  { kind: 'preflight' },
  { kind: 'wait', message: 'printer.paper-out' },
  { kind: 'hold', message: 'not a PDF' },
  { kind: 'withdraw' },
  { kind: 'send' },
  { kind: 'outcome', outcome: { kind: 'printed', bytes: 90 } },
  { kind: 'outcome', outcome: { kind: 'unknown', bytes: 9, message: 'cut' } },
  { kind: 'outcome', outcome: { kind: 'blocked', reasons: ['printer.paper-out'] } },
  { kind: 'outcome', outcome: { kind: 'not-printed', message: 'refused' } },
  { kind: 'interrupted' },
  { kind: 'settle', state: 'printed', message: 'scanned' },
  { kind: 'settle', state: 'not-printed', message: 'said' },
];

const inState = (state: PrintState): PrintFields => ({
  state,
  bytesWritten: state === 'claimed' || state === 'preflight' || state === 'not-printed' ? 0 : -1,
  message: '',
  settledAt: null,
});

const after = (state: PrintState, event: PrintEvent): PrintFields | null => {
  try {
    return nextPrint(inState(state), event, 7);
  } catch (error) {
    expect(error).toBeInstanceOf(IllegalPrint);
    return null;
  }
};

test('the whole table: which event leads where, and which is refused', () => {
  const table = states.map((state) => [state, events.map((event) => after(state, event)?.state ?? '-').join(' ')]);
  expect(Object.fromEntries(table)).toEqual({
    claimed: 'preflight claimed not-printed not-printed sending - - - - - - -',
    preflight: '- claimed not-printed - sending - - claimed claimed claimed - -',
    sending: '- - - - - printed unknown claimed claimed unknown - -',
    printed: '- - - - - - - - - - - -',
    'not-printed': '- - - - - - - - - - - -',
    unknown: '- - - - - - - - - - printed not-printed',
  });
});

describe('whatever happens to one attempt', () => {
  const runs = fc.array(fc.constantFrom(...events), { maxLength: 30 });

  test('once its outcome is unknown it is never sent again', () => {
    fc.assert(
      fc.property(runs, (run) => {
        let print = inState('claimed');
        let doubted = false;
        for (const event of run) {
          try {
            print = nextPrint(print, event, 7);
          } catch {
            continue;
          }
          doubted ||= print.state === 'unknown';
          if (doubted) expect(print.state).not.toMatch(/claimed|preflight|sending/);
        }
      }),
    );
  });

  test('it counts as printed only by word of the printer or of a person', () => {
    fc.assert(
      fc.property(runs, (run) => {
        let print = inState('claimed');
        for (const event of run) {
          try {
            print = nextPrint(print, event, 7);
          } catch {
            continue;
          }
          if (print.state !== 'printed') continue;
          const said = event.kind === 'settle' || (event.kind === 'outcome' && event.outcome.kind === 'printed');
          expect(said).toBe(true);
          return;
        }
      }),
    );
  });

  test('the instant it was settled is known exactly when nothing is open any more', () => {
    for (const state of states) {
      for (const event of events) {
        const print = after(state, event);
        if (print !== null) expect(print.settledAt !== null).toBe(/^(printed|not-printed)$/.test(print.state));
      }
    }
  });
});

test('two unknown in a row pause a printer; one that was settled, or only one, does not', () => {
  const prints = (...states: readonly PrintState[]) => states.map((state, index) => ({ id: `p${index}`, state }));
  expect(isPrinterPaused(prints('unknown', 'unknown', 'printed'))).toBe(true);
  expect(isPrinterPaused(prints('unknown', 'printed', 'unknown'))).toBe(false);
  expect(isPrinterPaused(prints('printed', 'unknown'))).toBe(false);
  expect(isPrinterPaused(prints('unknown'))).toBe(false);
});

test('a person who looked at the printer lets it go on; two more unknown pause it again', () => {
  const unknown = (...ids: readonly string[]) => ids.map((id) => ({ id, state: 'unknown' as const }));
  expect(isPrinterPaused(unknown('b', 'a'), 'b')).toBe(false);
  expect(isPrinterPaused(unknown('c', 'b'), 'b')).toBe(false);
  expect(isPrinterPaused(unknown('d', 'c'), 'b')).toBe(true);
});
