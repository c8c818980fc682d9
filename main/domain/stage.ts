/**
 * What the packer should do next, derived from the facts alone. Nothing here is remembered: after a crash the same
 * facts from the database give the same screen.
 */
import type { Notice, PackPrompt, PackStage, PrintState } from '../../preload/contract/index.ts';
import { heldNotice } from './held-label.ts';
import type { VendorQuestion } from './vendor-question.ts';

/** One attempt to print, as far as the stage depends on it. */
export interface PrintFact {
  readonly id: string;
  readonly state: PrintState;
  /** Why it waits with 0 bytes written (printer notice codes), or what happened. */
  readonly message: string;
}

/** A job that stopped its parcel: refused by the vendor, or out of attempts. */
export interface StoppedJob {
  readonly vendor: string;
  readonly operation: string;
  readonly state: 'rejected' | 'dead';
  readonly code: string;
  readonly message: string;
  /** Only a person can tell whether it had its effect. */
  readonly question?: VendorQuestion | null | undefined;
}

export interface StageFacts {
  readonly order: { readonly number: string } | null;
  /** Upstream took the order back while it was on the desk. */
  readonly withdrawn: boolean;
  readonly itemsLeft: number;
  readonly parcel: {
    readonly lpn: string;
    readonly waybill: string | null;
    readonly carrier: string;
    readonly labelHeld: string | null;
    readonly verified: boolean;
  } | null;
  readonly stoppedJob: StoppedJob | null;
  /** The packer said that the vendor has the order; its number is waited for. */
  readonly wantsWaybill?: boolean | undefined;
  /** The weight on the scale is outside what these goods weigh. */
  readonly refusedWeight?: Notice | null | undefined;
  /** Newest attempt of each label of the parcel on the desk. */
  readonly carrierPrint: PrintFact | null;
  readonly lpnPrint: PrintFact | null;
}

export interface StageView {
  readonly stage: PackStage;
  readonly labelKind: 'carrier' | 'lpn' | null;
  readonly expects: string | null;
  readonly next: Notice;
  readonly prompt: PackPrompt | null;
}

function notice(code: string, tone: Notice['tone'], params: Notice['params'] = {}): Notice {
  return { code, tone, params };
}

const release = { command: 'release-order', key: 'F9' };
const retry = { command: 'retry', key: 'R' };
const recount = { command: 'recount-items', key: 'C' };
const override = { command: 'override-weight', key: 'O' };
const vendorDid = { command: 'vendor-did', key: 'Y' };
const vendorDidNot = { command: 'vendor-did-not', key: 'N' };
const noLabel = { command: 'no-label', key: 'N' };

/** The stage, the label that is at stake, the code that must be scanned, the next step and the open question. */
export function stageOf(facts: StageFacts): StageView {
  const { order, parcel } = facts;
  if (order === null) return view('idle', notice('next.scan-order', 'info'));
  if (parcel === null) return beforeSealing(facts, order.number);
  if (parcel.verified) return view('idle', notice('next.scan-order', 'info'));

  const { carrierPrint, lpnPrint } = facts;
  const carrierOut = carrierPrint?.state === 'printed' || carrierPrint?.state === 'unknown';
  if (!carrierOut && facts.stoppedJob !== null) {
    const { vendor, operation, code, message, state, question = null } = facts.stoppedJob;
    if (question !== null) return askAboutVendor(question, facts.wantsWaybill === true);
    const words = notice(state === 'rejected' ? 'vendor.rejected' : 'vendor.dead', 'stop', {
      vendor,
      operation,
      code,
      reason: message,
    });
    // Our own check before sending, see chinese-address.ts: the packer can say how the address is divided.
    const kind = code === 'address-unsure' && operation === 'placeOrder' ? 'address-unsure' : 'vendor-rejected';
    return stopped(kind, words, [retry, release]);
  }
  if (!carrierOut && parcel.labelHeld !== null) {
    return stopped('label-held', heldNotice(parcel.labelHeld, parcel.waybill), [retry, release]);
  }
  if (carrierPrint !== null) {
    const scan = notice('next.scan-label', 'info', { waybill: parcel.waybill ?? '' });
    return labelStage(
      'carrier',
      carrierPrint,
      parcel.waybill,
      scan,
      notice('next.wait-label', 'info', { carrier: parcel.carrier }),
    );
  }
  if (lpnPrint !== null) {
    const scan = notice('next.scan-lpn', 'info', { lpn: parcel.lpn });
    return labelStage('lpn', lpnPrint, parcel.lpn, scan, notice('next.wait-lpn', 'info', { lpn: parcel.lpn }));
  }
  return { ...view('label', notice('next.wait-label', 'info', { carrier: parcel.carrier })), labelKind: 'carrier' };
}

/** Both answers are one key away; asking the vendor once more is the third where it can be asked. */
function askAboutVendor(question: VendorQuestion, wantsWaybill: boolean): StageView {
  if (wantsWaybill) {
    return stopped('waybill-wanted', { ...question.notice, code: 'vendor.enter-number' }, [release]);
  }
  const answers = question.canAskAgain ? [vendorDid, vendorDidNot, retry] : [vendorDid, vendorDidNot];
  return stopped('vendor-unknown', question.notice, [...answers, release]);
}

function beforeSealing(facts: StageFacts, number: string): StageView {
  if (facts.withdrawn) {
    return stopped('order-cancelled', notice('order.cancelled-upstream', 'stop', { number }), [release]);
  }
  if (facts.itemsLeft > 0) return view('items', notice('next.scan-items', 'info', { left: facts.itemsLeft }));
  const { refusedWeight = null } = facts;
  if (refusedWeight === null) return view('weigh', notice('next.weigh', 'info'));
  return {
    ...view('weigh', notice('next.weigh-again', 'stop')),
    prompt: { kind: 'weight-refused', notice: refusedWeight, printId: null, options: [recount, override, release] },
  };
}

function labelStage(
  labelKind: 'carrier' | 'lpn',
  print: PrintFact,
  expects: string | null,
  scan: Notice,
  wait: Notice,
): StageView {
  switch (print.state) {
    case 'printed':
      return { stage: 'scan-back', labelKind, expects, next: scan, prompt: null };
    case 'unknown':
      return {
        stage: 'scan-back',
        labelKind,
        expects,
        next: scan,
        prompt: {
          kind: 'print-unknown',
          notice: notice('print.unknown', 'ask'),
          printId: print.id,
          options: [noLabel],
        },
      };
    case 'claimed':
      return {
        stage: 'label',
        labelKind,
        expects: null,
        next: print.message === '' ? wait : notice('next.settle', 'stop'),
        prompt:
          print.message === ''
            ? null
            : {
                kind: 'printer-blocked',
                notice: notice('print.blocked', 'stop', { reasons: print.message }),
                printId: print.id,
                // Paper and covers are seen to at the printer; a pause for unknown labels ends only here.
                options: print.message.split(',').includes('printer.paused-unknown') ? [retry, release] : [release],
              },
      };
    case 'preflight':
    case 'sending':
    case 'not-printed':
      return { stage: 'label', labelKind, expects: null, next: wait, prompt: null };
  }
}

function view(stage: PackStage, next: Notice): StageView {
  return { stage, labelKind: null, expects: null, next, prompt: null };
}

function stopped(kind: PackPrompt['kind'], words: Notice, options: PackPrompt['options']): StageView {
  return {
    stage: 'stopped',
    labelKind: null,
    expects: null,
    next: notice('next.settle', 'stop'),
    prompt: { kind, notice: words, printId: null, options },
  };
}
