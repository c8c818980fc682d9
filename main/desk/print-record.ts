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

/** An attempt as its events tell it. */
export function describe(print: PrintRecord): Record<string, unknown> {
  return {
    printId: print.id,
    label: print.kind,
    ...(print.parcelId === null ? { bagId: print.bagId } : {}),
    printer: print.printerId,
    state: print.state,
    copy: print.copy,
    bytesWritten: print.bytesWritten,
    ...(print.reason === '' ? {} : { reason: print.reason }),
    ...(print.message === '' ? {} : { message: print.message }),
  };
}

/** What the record links an attempt to; a bag's is found by its `bagId`. */
export function aboutOf({ parcelId }: PrintRecord): { parcelId?: string } {
  return parcelId === null ? {} : { parcelId };
}
