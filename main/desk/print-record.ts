/** What is written down of a step of a print, and the moments around its commit. Pure. */
import type { PrintEvent } from '../domain/print-transitions.ts';
import type { FailpointName } from '../ports.ts';
import type { PrintRecord } from '../store/store.ts';

/** The moments around the commit of this step, for the crash test. */
export function pointsOf(change: PrintEvent): readonly [FailpointName, FailpointName] | undefined {
  switch (change.kind) {
    case 'preflight':
      return ['print.before-preflight-commit', 'print.preflight'];
    case 'send':
      return ['print.before-sending-commit', 'print.sending'];
    case 'outcome':
      return ['print.before-outcome-commit', 'print.after-outcome-commit'];
    case 'settle':
      return change.state === 'not-printed' ? ['reprint.before-commit', 'reprint.after-commit'] : undefined;
    default:
      return undefined;
  }
}

/** A copy may be refused although the first print was not: there may be no place left for its mark. */
function bytesOf(
  label: Extract<LabelBytes, { held: false }>,
  print: PrintRecord,
): { readonly held: false; readonly bytes: Uint8Array } | Extract<LabelBytes, { held: true }> {
  try {
    return { held: false, bytes: label.bytes(print.copy, print.id) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'label.unreadable';
    return { held: true, code, message: error instanceof Error ? error.message : String(error) };
  }
}

/** An attempt as its events tell it. */
export function describe(print: PrintRecord): Record<string, unknown> {
  return {
    printId: print.id,
    label: print.kind,
    printer: print.printerId,
    state: print.state,
    copy: print.copy,
    bytesWritten: print.bytesWritten,
    ...(print.reason === '' ? {} : { reason: print.reason }),
    ...(print.message === '' ? {} : { message: print.message }),
  };
}
