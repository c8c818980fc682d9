import { expect, test } from 'vitest';
import { createMemoryHub } from '../../../native/memory/hub.ts';
import { silentLog } from '../../../test/kit/ports.ts';
import { createVirtualClock } from '../../../test/kit/virtual-clock.ts';
import { parseDwsDecoding } from '../../domain/dws-settings.ts';
import type { DwsRecord } from '../../domain/dws-record.ts';
import { createDwsMachine, type DwsMachine, type DwsSink } from './driver.ts';
import { dwsFormat } from './index.ts';

const settings = parseDwsDecoding({ weightUnit: 'g', lengthUnit: 'mm' });

function start(change: Partial<DwsSink> = {}) {
  const device = createMemoryHub();
  const clock = createVirtualClock();
  const steps: string[] = [];
  const answers = (): string => new TextDecoder().decode(device.device('d').received);
  const sink: DwsSink = {
    accept(_, records: readonly DwsRecord[]) {
      steps.push(`committed ${records.length} after answer "${answers()}"`);
      return records.map(() => ({ kind: 'accepted', chute: '', reason: '' }) as const);
    },
    accepted: () => void steps.push('told'),
    ...change,
  };
  const machine: DwsMachine = createDwsMachine({
    ...{ id: 'm', link: device.link('memory://d'), format: dwsFormat('csv'), settings, sink, clock, log: silentLog },
    ...{ reply: 'OK {Code}\n', replyRefused: 'NO {Reason}\n', replyIdle: 'HB\n', silentMs: 5_000 },
  });
  machine.open();
  const send = (text: string): void => device.device('d').send(new TextEncoder().encode(text));
  return { machine, clock, steps, answers, send, plug: (there: boolean) => device.device('d').plug(there) };
}

const record = (code: string): string => `${code},100,1,1,1,0.001,\n`;

test('records of one read are committed together, before any of them is answered', async () => {
  const { steps, send, answers, clock } = start();
  send(`${record('A')}HB\n${record('B')}`);
  await clock.settle();
  expect(steps).toEqual(['committed 2 after answer ""', 'told']);
  expect(answers()).toBe('OK A\nHB\nOK B\n');
});

test('what could not be written down is not acknowledged, and the machine is shown as failed until it can be', async () => {
  let broken = true;
  const { machine, send, answers, clock } = start({
    accept(_, records) {
      if (broken) throw new Error('the disk is full');
      return records.map(() => ({ kind: 'accepted', chute: '', reason: '' }) as const);
    },
  });
  send(record('A'));
  await clock.settle();
  expect([answers(), machine.state(), machine.counts().records]).toEqual(['NO not stored\n', 'failed', 0]);
  broken = false;
  send(record('A'));
  await clock.settle();
  expect([answers(), machine.state()]).toEqual(['NO not stored\nOK A\n', 'online']);
});

test('half a record is not joined to what comes after the machine was pulled and put back', async () => {
  const { machine, steps, send, plug, clock } = start();
  send('A,100,1,');
  plug(false);
  expect(machine.state()).toBe('connecting');
  plug(true);
  send(`1,1,0.001,\n${record('B')}`);
  await clock.settle();
  expect([machine.counts().records, machine.counts().refused]).toEqual([1, 2]);
  expect(steps[0]).toContain('committed 1');
});

test('a machine that is silent for longer than it ever is, is shown', async () => {
  const { machine, send, clock } = start();
  send('HB\n');
  expect(machine.state()).toBe('online');
  await clock.advance(5_500);
  expect(machine.state()).toBe('silent');
});

test('a message over another way is answered whole; its end ends the last record', () => {
  const { machine } = start();
  const message = (text: string): unknown => machine.message(new TextEncoder().encode(text));
  expect(message(record('A').trimEnd())).toEqual({ outcome: 'stored', reply: 'OK A\n' });
  expect(message('x')).toEqual({ outcome: 'refused', reply: 'NO record has 1 fields; the template has 7\n' });
});
