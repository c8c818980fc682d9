import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Person } from '../../preload/contract/index.ts';
import { openTestStore, type TestStore } from '../../test/kit/store.ts';
import { createVirtualClock, type VirtualClock } from '../../test/kit/virtual-clock.ts';
import { createPeople, type People } from './people.ts';
import { isByPerson, scannedText } from './scan-record.ts';

let clock: VirtualClock;
let opened: TestStore;
const staff: readonly Person[] = [
  { badge: 'A1', name: '李雷', role: 'packer' },
  { badge: 'A2', name: '韩梅', role: 'packer' },
  { badge: 'S1', name: '王主管', role: 'supervisor' },
];
const at = (people: readonly Person[]): People => createPeople({ store: opened.store, clock, people });

beforeEach(() => {
  clock = createVirtualClock();
  opened = openTestStore({ clock });
});
afterEach(() => opened.remove());

test('a badge signs on, outlives a restart, and gives way to the next one', () => {
  const people = at(staff);
  expect(people.scanBadge('A1').accepted).toBe(true);
  opened.reopen();
  expect(at(staff).current()?.name).toBe('李雷');
  const again = at(staff);
  again.scanBadge('A2');
  expect(again.current()?.badge).toBe('A2');
});

test('a badge that is on nobody is refused, and who was here stays', () => {
  const people = at(staff);
  people.scanBadge('A1');
  expect(people.scanBadge('X9')).toMatchObject({ accepted: false, notice: { code: 'people.badge-unknown' } });
  expect(people.current()?.badge).toBe('A1');
});

test('a supervisor may let one thing pass within a minute, without signing the packer off', async () => {
  const people = at(staff);
  people.scanBadge('A1');
  expect(people.mayOverride()).toBe(false);
  people.scanBadge('S1');
  expect([people.mayOverride(), people.current()?.badge, people.supervisor()?.badge]).toEqual([true, 'A1', 'S1']);
  people.overrideUsed();
  expect(people.mayOverride()).toBe(false);
  people.scanBadge('S1');
  await clock.advance(60_000);
  expect(people.mayOverride()).toBe(false);
});

test('a desk without a list takes any badge and asks for no supervisor', () => {
  const people = at([]);
  expect(people.mayOverride()).toBe(true);
  people.scanBadge('B7');
  expect(people.current()).toEqual({ badge: 'B7', name: 'B7', role: 'packer' });
});

test('somebody who was taken off the list is signed off with the next start', () => {
  at(staff).scanBadge('A1');
  expect(at(staff.slice(1)).current()).toBeNull();
});

test('signing off is possible once, and on record', () => {
  const people = at(staff);
  people.scanBadge('A1');
  expect(people.signOff()?.accepted).toBe(true);
  expect(people.signOff()).toBeNull();
  expect(at(staff).current()).toBeNull();
  const kinds = opened.store.events.list({}, 0, 10).map(({ kind, detail }) => `${kind} ${String(detail['packer'])}`);
  expect(kinds).toEqual(['packer-signed-on A1 李雷', 'packer-signed-off A1 李雷']);
});

test("a scan is kept as it came, with the scanner's own mark of the symbology", () => {
  expect(scannedText(']C100123', 'device')).toEqual({
    raw: ']C100123',
    source: 'device',
    symbology: ']C1',
    recorded: false,
  });
  expect(scannedText('SO-1', 'wedge')).not.toHaveProperty('symbology');
  expect(scannedText(']C1010690123456789210A\x1d', 'device', { scanner: 'left' })).toEqual({
    raw: ']C1010690123456789210A\x1d',
    source: 'device',
    scanner: 'left',
    symbology: ']C1',
    gs1: '(01)06901234567892(10)A',
    recorded: false,
  });
});

test("the first print is the desk's own doing, a reprint is a person's", () => {
  expect([isByPerson('print-claimed', { copy: 0 }), isByPerson('print-claimed', { copy: 1 })]).toEqual([false, true]);
});
