/**
 * Where a big bag stands, what keeps it from going on, and which questions it asks, derived from the records alone: after
 * a crash the same records give the same screen. Pure.
 */
import type { BagCommand, BagStage, Notice, PrintState } from '../../preload/contract/index.ts';
import type { BagState } from './bag.ts';
import type { StoppedJob } from './stage.ts';

export interface BagStageFacts {
  readonly number: string;
  readonly state: BagState;
  readonly handedOver: boolean;
  /** The carrier's name for the screen. */
  readonly carrier: string;
  /** What the label's barcode says. */
  readonly labelNumber: string;
  readonly label: 'none' | 'waiting' | 'carrier' | 'own';
  readonly verified: boolean;
  /** Voided here, not confirmed by the carrier yet. */
  readonly voidOpen: boolean;
  /** The job of its lane that waits for a person. */
  readonly stopped: (StoppedJob & { readonly id: string }) | null;
  /** The packer said that the carrier did it; the number it gave is waited for. */
  readonly wantsNumber: boolean;
  /** Newest attempt to print its label. */
  readonly print: { readonly state: PrintState; readonly message: string } | null;
}

export interface BagOption {
  readonly command: BagCommand;
  readonly key: string;
  readonly reason: boolean;
}

export interface BagStageView {
  readonly stage: BagStage;
  /** What keeps it from going on; null if nothing does. */
  readonly notice: Notice | null;
  /** The next step with this bag. */
  readonly next: Notice;
  readonly expects: string | null;
  readonly jobId: string | null;
  readonly options: readonly BagOption[];
}

function notice(code: string, tone: Notice['tone'], params: Notice['params'] = {}): Notice {
  return { code, tone, params };
}

const option = (command: BagCommand, key: string, reason = false): BagOption => ({ command, key, reason });
const close = option('close', 'C');
const giveUp = option('void', 'V', true);
const retry = option('retry', 'R');
const reprint = option('reprint', 'P', true);
const labelHere = option('label-here', 'Y');
const noLabel = option('no-label', 'N');

export function bagStage(facts: BagStageFacts): BagStageView {
  const { number, carrier, labelNumber } = facts;
  const view = (stage: BagStage, next: Notice, rest: Partial<BagStageView> = {}): BagStageView => ({
    stage,
    notice: null,
    next,
    expects: null,
    jobId: null,
    options: [],
    ...rest,
  });
  if (facts.handedOver) return view('handed-over', notice('bag.handed-over', 'info', { number }));
  if (facts.state === 'open') {
    return view('filling', notice('bag.next-scan', 'info', { number }), { options: [close, giveUp] });
  }
  if (facts.stopped !== null) return stopped(facts, facts.stopped, view);
  if (facts.state === 'voided') {
    const waits = facts.voidOpen ? notice('bag.void-waits', 'info', { number, carrier }) : null;
    return view('voided', notice('bag.next-reopen', 'info', { number }), {
      notice: waits,
      options: [option('reopen', 'O')],
    });
  }
  if (facts.verified) return view('ready', notice('bag.ready', 'ok', { number }), { options: [reprint, giveUp] });
  const waiting = notice('bag.next-wait-label', 'info', { number, carrier });
  if (facts.label === 'waiting' || facts.label === 'none') return view('closing', waiting, { options: [giveUp] });
  const { print } = facts;
  if (print === null) return view('label', waiting, { options: [giveUp] });
  const scan = notice('bag.next-scan-label', 'info', { number, label: labelNumber });
  switch (print.state) {
    case 'printed':
      return view('scan-back', scan, { expects: labelNumber, options: [reprint, giveUp] });
    case 'unknown':
      return view('scan-back', scan, {
        notice: notice('bag.print-unknown', 'ask', { number }),
        expects: labelNumber,
        options: [labelHere, noLabel, giveUp],
      });
    case 'not-printed':
      return view('attention', notice('next.settle', 'stop'), {
        notice: notice('bag.label-held', 'stop', { number, reason: print.message }),
        options: [retry, giveUp],
      });
    case 'claimed': {
      const blocked = print.message === '' ? null : notice('print.blocked', 'stop', { reasons: print.message });
      const paused = print.message.split(',').includes('printer.paused-unknown');
      return view('label', waiting, { notice: blocked, options: paused ? [retry, giveUp] : [giveUp] });
    }
    case 'preflight':
    case 'sending':
      return view('label', waiting);
  }
}

function stopped(
  { number, carrier, state, wantsNumber }: BagStageFacts,
  job: NonNullable<BagStageFacts['stopped']>,
  view: (stage: BagStage, next: Notice, rest: Partial<BagStageView>) => BagStageView,
): BagStageView {
  const { question = null } = job;
  const settle = notice('next.settle', 'stop');
  const voidable = state === 'voided' ? [] : [giveUp];
  if (question === null) {
    return view('attention', settle, {
      notice: bagJobNotice(number, carrier, job),
      jobId: job.id,
      options: [retry, ...voidable],
    });
  }
  if (wantsNumber) {
    return view('attention', notice('bag.next-scan-number', 'ask', { number, carrier }), {
      notice: question.notice,
      jobId: job.id,
      options: [option('vendor-did-not', 'N'), ...voidable],
    });
  }
  const answers = [option('vendor-did', 'Y'), option('vendor-did-not', 'N'), ...(question.canAskAgain ? [retry] : [])];
  return view('attention', settle, { notice: question.notice, jobId: job.id, options: [...answers, ...voidable] });
}

/** What a person reads of a call about a bag that was refused or gave up. */
export function bagJobNotice(
  number: string,
  carrier: string,
  job: Pick<StoppedJob, 'operation' | 'state' | 'code' | 'message'>,
): Notice {
  const code = job.state === 'rejected' ? 'bag.call-rejected' : 'bag.call-stopped';
  return notice(code, 'stop', {
    number,
    vendor: carrier,
    operation: job.operation,
    code: job.code,
    reason: job.message,
  });
}
