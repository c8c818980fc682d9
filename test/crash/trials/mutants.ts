/**
 * The station made wrong on purpose. A harness that calls one of these right proves nothing, so every run ends by
 * showing it each of them. The pieces of source text are exact: one that is not found any more stops the run.
 */
import { readFileSync } from 'node:fs';
import type { Replacement } from './bundle.ts';
import type { ViolationKind } from './checker.ts';
import type { Theme } from './schedule.ts';

export interface Mutant {
  readonly name: string;
  readonly replacements: readonly Replacement[];
  /** Trials that are likely to show it. */
  readonly theme: Theme;
  /** What it must be caught by; anything else is a trial that went wrong for another reason. */
  readonly shows: ViolationKind;
}

const transitions = 'main/domain/job-transitions.ts';

export const mutants: readonly Mutant[] = [
  {
    name: 'request id made at send time',
    replacements: [
      {
        file: 'main/station/vendor-set.ts',
        find: 'return vendor.send(request);',
        replace: 'return vendor.send({ ...request, requestId: `${request.requestId}${request.attempt}` });',
      },
    ],
    theme: 'answer-lost',
    shows: 'duplicate',
  },
  {
    name: 'no in-flight wait',
    replacements: [
      {
        file: transitions,
        find: "notBefore: now + (job.effect === 'unsafe' ? 0 : context.inFlightMs),",
        replace: 'notBefore: now,',
      },
      {
        file: transitions,
        find: "const anew = now + (job.effect === 'unsafe' ? 0 : context.inFlightMs);",
        replace: 'const anew = now;',
      },
      {
        file: transitions,
        find: "if (job.effect !== 'unsafe' && waitUntil > now) return { ...job, sentAt, notBefore: waitUntil };",
        replace: 'void waitUntil;',
      },
    ],
    theme: 'slow-vendor',
    shows: 'duplicate',
  },
  {
    name: 'resend on unknown',
    replacements: [
      {
        file: transitions,
        find: "    case 'checkable':\n      return { ...job, state: 'reconciling' };",
        replace: "    case 'checkable':\n      return { ...job, state: 'ready', notBefore: now };",
      },
    ],
    theme: 'answer-lost',
    shows: 'duplicate',
  },
  {
    name: 'print retried on unknown',
    replacements: [
      {
        file: 'main/desk/print-attempt.ts',
        find: "      case 'printed':\n      case 'unknown':\n",
        replace: `      case 'unknown': {
        const unsent = { kind: 'outcome', outcome: { kind: 'not-printed', message: '' } } as const;
        await insist(() => step({ ...row, printerId: first.id }, unsent, 'print-waiting'));
        return ['printer.offline'];
      }
      case 'printed':
`,
      },
    ],
    theme: 'mute-printer',
    shows: 'duplicate',
  },
  {
    name: 'a print cut off by a crash is printed again',
    replacements: [
      {
        file: 'main/domain/print-transitions.ts',
        find: "      return with_({ state: 'unknown', message: 'The station stopped before this print was settled.' });",
        replace: "      return with_({ state: 'claimed', bytesWritten: 0, message: '' });",
      },
    ],
    theme: 'killed-after-label',
    shows: 'duplicate',
  },
  {
    name: 'an unknown outcome counts as done',
    replacements: [
      {
        file: transitions,
        find: "  if (outcome.kind === 'done') {",
        replace:
          "  if (outcome.kind === 'unknown') {\n    return { ...job, state: 'done', result: { waybill: null, vendorOrderNumber: '' }, lastError: null };\n  }\n  if (outcome.kind === 'done') {",
      },
    ],
    theme: 'request-lost',
    shows: 'lost',
  },
  {
    name: 'any label counts as this parcel’s',
    replacements: [
      {
        file: 'main/desk/scan-back.ts',
        find: 'if (parcel.waybill === null || !sameParcel(code, parcel.waybill)) {',
        replace: 'if (parcel.waybill === null) {',
      },
    ],
    theme: 'wrong-label',
    shows: 'label',
  },
];

/** What stands in the way of making the mutants, one line each: a piece of source text that is not there just once. */
export function mutantProblems(): string[] {
  return mutants.flatMap(({ name, replacements }) =>
    replacements.flatMap(({ file, find }) => {
      const count = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8').split(find).length - 1;
      return count === 1 ? [] : [`mutant "${name}": ${file} holds its piece ${count} times, not once: ${find}`];
    }),
  );
}
