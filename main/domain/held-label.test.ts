import { expect, test } from 'vitest';
import { heldNotice, heldText } from './held-label.ts';

test('a held label is told by its own code, with what was found', () => {
  const text = heldText('label.wrong-parcel', 'PB999 is on the label, not PB123');
  expect(heldNotice(text, 'PB123')).toEqual({
    code: 'label.wrong-parcel',
    tone: 'stop',
    params: { reason: 'PB999 is on the label, not PB123', waybill: 'PB123', found: 'PB999' },
  });
});

test.each([
  ['hge took the order and gave no waybill', 'hge took the order and gave no waybill'],
  [heldText('label.not-allowed', 'the label has ^JU, which saves'), 'the label has ^JU, which saves'],
  ['label.unheard-of: x', 'x'],
])('%j has no sentence of its own and is shown', (text, reason) => {
  expect(heldNotice(text, 'W')).toEqual({ code: 'label.held', tone: 'stop', params: { reason } });
});
