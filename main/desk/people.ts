/**
 * Who is at the desk. A badge scan (`PB:BADGE:<id>`) signs a packer on; it outlives a restart, and every event that a
 * person causes carries the name. A supervisor's badge scanned while somebody packs signs nobody off: for a minute the
 * supervisor may let one thing pass. A profile without people takes any badge and asks for no supervisor.
 */
import { Person } from '../../preload/contract/index.ts';
import type { Clock } from '../ports.ts';
import type { Store } from '../store/store.ts';
import { no, notice, yes, type Answer } from './answer.ts';

export interface People {
  /** The packer who is signed on. */
  current(): Person | null;
  /** Who may let something pass right now. */
  supervisor(): Person | null;
  /** False if this desk lists supervisors and none is here. */
  mayOverride(): boolean;
  scanBadge(badge: string): Answer;
  signOff(): Answer | null;
  /** The supervisor's word was used. */
  overrideUsed(): void;
}

/** As it stands in the record: badge and name. */
export const inWords = ({ badge, name }: Person): string => (name === badge ? badge : `${badge} ${name}`);

const key = 'desk.packer';
const supervisorStaysMs = 60_000;

export function createPeople(options: {
  readonly store: Pick<Store, 'values' | 'events' | 'transaction'>;
  readonly clock: Clock;
  readonly people: readonly Person[];
}): People {
  const { store, clock, people } = options;
  let attending: { readonly person: Person; readonly untilMs: number } | null = null;
  let packer = load();

  function load(): Person | null {
    const text = store.values.get(key);
    if (text === null) return null;
    try {
      const kept = Person.parse(JSON.parse(text));
      // Somebody who was taken off the list is signed off with the next start.
      if (people.length === 0) return kept;
      return people.find((each) => each.badge === kept.badge) ?? null;
    } catch {
      return null;
    }
  }

  function supervisor(): Person | null {
    if (attending !== null && clock.monotonic() < attending.untilMs) return attending.person;
    return packer?.role === 'supervisor' ? packer : null;
  }

  return {
    current: () => packer,
    supervisor,
    mayOverride: () => !people.some(({ role }) => role === 'supervisor') || supervisor() !== null,
    scanBadge(badge) {
      const person =
        people.length === 0
          ? ({ badge, name: badge, role: 'packer' } satisfies Person)
          : people.find((each) => each.badge === badge);
      if (person === undefined) return no(notice('people.badge-unknown', 'stop', { badge }), 'stop');
      if (person.role === 'supervisor' && packer !== null && packer.badge !== person.badge) {
        attending = { person, untilMs: clock.monotonic() + supervisorStaysMs };
        store.events.append('supervisor-came', {}, { supervisor: inWords(person) });
        return yes(notice('people.supervisor', 'info', { name: person.name }), 'item');
      }
      store.transaction(() => {
        store.values.set(key, JSON.stringify(person));
        store.events.append('packer-signed-on', {}, { packer: inWords(person) });
      });
      packer = person;
      return yes(notice('people.signed-on', 'ok', { name: person.name }), 'item');
    },
    signOff() {
      const leaving = packer;
      if (leaving === null) return null;
      store.transaction(() => {
        store.values.delete(key);
        store.events.append('packer-signed-off', {}, { packer: inWords(leaving) });
      });
      packer = null;
      attending = null;
      return yes(notice('people.signed-off', 'info', { name: leaving.name }), 'item');
    },
    overrideUsed() {
      attending = null;
    },
  };
}
