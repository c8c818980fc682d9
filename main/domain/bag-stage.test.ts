import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bagStage, type BagStageFacts } from './bag-stage.ts';

const closed: BagStageFacts = {
  ...{ number: 'BAG-D01-1', state: 'closed', handedOver: false, carrier: 'HGE', labelNumber: 'BG1', label: 'carrier' },
  ...{ verified: false, voidOpen: false, stopped: null, wantsNumber: false, print: null },
};
const refused: BagStageFacts['stopped'] = {
  ...{ id: 'j', vendor: 'HGE', operation: 'createBag', state: 'rejected', code: '400', message: 'no', question: null },
};

test.each<[string, Partial<BagStageFacts>, string]>([
  ['is being filled', { state: 'open' }, 'filling'],
  ['waits for the carrier', { label: 'waiting' }, 'closing'],
  ['has a label that was not asked for yet', {}, 'label'],
  ['has a label in the printer', { print: { state: 'sending', message: '' } }, 'label'],
  ['has a label that came out', { print: { state: 'printed', message: '' } }, 'scan-back'],
  ['has a label nobody knows of', { print: { state: 'unknown', message: 'cut' } }, 'scan-back'],
  ['has a label that may not be printed', { print: { state: 'not-printed', message: 'unreadable' } }, 'attention'],
  ['was refused', { label: 'waiting', stopped: refused }, 'attention'],
  ['is labelled', { verified: true }, 'ready'],
  ['was voided', { state: 'voided' }, 'voided'],
  ['was voided, and the carrier refuses that', { state: 'voided', voidOpen: true, stopped: refused }, 'attention'],
  ['went away', { handedOver: true, verified: true }, 'handed-over'],
])('a bag that %s', (_what, facts, stage) => {
  expect(bagStage({ ...closed, ...facts }).stage).toBe(stage);
});

test('a blocked printer says why, a label that waits for its scan what to scan', () => {
  const blocked = bagStage({ ...closed, print: { state: 'claimed', message: 'printer.paper-out' } });
  expect(blocked.notice).toMatchObject({ code: 'print.blocked', params: { reasons: 'printer.paper-out' } });
  expect(bagStage({ ...closed, print: { state: 'printed', message: '' } }).expects).toBe('BG1');
});

test('whatever the facts, every question has its own key, and what wants a reason says so', () => {
  const facts = fc.record({
    number: fc.constant('B'),
    state: fc.constantFrom('open' as const, 'closed' as const, 'voided' as const),
    handedOver: fc.boolean(),
    carrier: fc.constant('HGE'),
    labelNumber: fc.constant('BG'),
    label: fc.constantFrom('none' as const, 'waiting' as const, 'carrier' as const, 'own' as const),
    verified: fc.boolean(),
    voidOpen: fc.boolean(),
    stopped: fc.constantFrom(null, refused, {
      ...refused,
      question: {
        notice: { code: 'vendor.ask-bag', tone: 'ask' as const, params: {} },
        ...{ needsWaybill: true, canAskAgain: true, resultInHand: false },
      },
    }),
    wantsNumber: fc.boolean(),
    print: fc.option(
      fc.record({
        state: fc.constantFrom('claimed', 'preflight', 'sending', 'printed', 'not-printed', 'unknown'),
        message: fc.constantFrom('', 'printer.paper-out'),
      }),
    ),
  });
  fc.assert(
    fc.property(facts, (given) => {
      const { options } = bagStage(given);
      expect(new Set(options.map(({ key }) => key)).size).toBe(options.length);
      for (const { command, reason } of options) expect(reason).toBe(command === 'void' || command === 'reprint');
    }),
  );
});
