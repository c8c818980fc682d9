import { expect, test } from 'vitest';
import type { ConfiguredDevice, DeviceProposal, PluggedThing, ScaleProtocolFacts } from '#contract';
import {
  deviceOf,
  draftOfConfigured,
  draftOfPlugged,
  emptyDraft,
  freeName,
  problemAt,
  withProposal,
  withSetting,
  withUnread,
} from './device-draft.ts';

const plugged: PluggedThing = {
  uri: 'hid://0922:8003/0071234',
  kind: 'hid',
  usage: 'scale',
  name: 'DYMO M10',
  ids: '0922:8003',
  serialNumber: '0071234',
  path: null,
  note: null,
  device: null,
};
const bench: ConfiguredDevice = {
  kind: 'scale',
  id: 'bench',
  link: 'tcp://127.0.0.1:1',
  protocol: 'mt-sics',
  state: 'working',
  reason: null,
  virtual: false,
  inUse: true,
  frames: 1,
  refused: 0,
  bytes: 1,
  lastFrameAt: 1,
  lastRefused: null,
  plugged: null,
  written: { id: 'bench', link: 'tcp://127.0.0.1:1', protocol: 'mt-sics', baud: 4_800 },
};
const proposal: DeviceProposal = {
  protocol: 'xk3190',
  fields: { protocol: 'xk3190', baud: 1_200 },
  frames: 8,
  refused: 0,
  score: 0.9,
  needs: ['unit'],
  sample: '= 1000 g',
  because: [],
};

test('a plugged thing becomes a draft of its kind, with a name that is free', () => {
  expect(draftOfPlugged(plugged, [])).toMatchObject({ kind: 'scale', link: plugged.uri, id: 'bench', replaces: null });
  expect(draftOfPlugged(plugged, [bench]).id).toBe('bench2');
  expect(draftOfPlugged(plugged, [{ ...bench, virtual: true }]).id).toBe('bench');
  expect(freeName('dws', ['line1', 'line2'])).toBe('line3');
});

test('a proposal brings its fields, and the unit it lacks has to be said', () => {
  const draft = withProposal(emptyDraft([]), proposal);
  expect(draft).toMatchObject({ step: 'settings', needs: ['unit'] });
  const said = withSetting(draft, ['unit'], 'kg');
  expect(said.needs).toEqual([]);
  expect(deviceOf({ ...said, link: ' tcp://h:1 ' })).toEqual({
    ok: true,
    device: { id: 'bench', link: 'tcp://h:1', protocol: 'xk3190', baud: 1_200, unit: 'kg' },
  });
});

test('a device that is changed keeps the fields the wizard does not know', () => {
  const draft = draftOfConfigured(bench);
  expect(draft).toMatchObject({ replaces: 'bench', fields: { protocol: 'mt-sics', baud: 4_800 } });
  expect(draftOfConfigured({ ...bench, written: null })).toBeNull();
});

test('further settings must be a JSON object', () => {
  expect(deviceOf({ ...emptyDraft([]), more: '{"equalFrames": 4}' })).toMatchObject({ device: { equalFrames: 4 } });
  expect(deviceOf({ ...emptyDraft([]), more: '[1]' }).ok).toBe(false);
  expect(deviceOf({ ...emptyDraft([]), more: '{' }).ok).toBe(false);
});

test('a changed device keeps what the wizard has no field for, whatever is changed', () => {
  const written = { ...bench.written, mystery: { deep: 1 } };
  const draft = draftOfConfigured({ ...bench, written }) ?? expect.fail('no draft');
  const changed = withSetting(withSetting(draft, ['baud'], 9_600), ['baud'], undefined);
  expect(deviceOf(changed)).toMatchObject({ device: { protocol: 'mt-sics', mystery: { deep: 1 } } });
});

test('another protocol has other forms, and leaves out what it does not take until the old one is back', () => {
  const facts = (id: string, settings: string[]): ScaleProtocolFacts => ({
    id,
    makes: '',
    line: null,
    settings,
    forms: [],
  });
  const old = { ...emptyDraft([]), link: '-', fields: { protocol: 'xk3190', form: 'c602', unit: 'kg', decimals: 2 } };
  const other = withSetting(old, ['protocol'], 'ohaus');
  expect(deviceOf(other, facts('ohaus', []))).toMatchObject({
    device: { id: 'bench', link: '-', protocol: 'ohaus' },
  });
  const device = (deviceOf(other, facts('ohaus', [])) as { device: object }).device;
  expect(Object.keys(device)).toEqual(['id', 'link', 'protocol']);
  const back = withSetting(other, ['protocol'], 'xk3190');
  expect(deviceOf(back, facts('xk3190', ['unit', 'form', 'decimals']))).toEqual({
    ok: true,
    device: { id: 'bench', link: '-', protocol: 'xk3190', unit: 'kg', decimals: 2 },
  });
});

test('what cannot be read keeps the device from being used until it can be', () => {
  const problem = { code: 'setting.number', tone: 'stop', params: {} } as const;
  const draft = withUnread(emptyDraft([]), ['pollMs'], { typed: 'often', problem });
  expect(deviceOf(draft)).toEqual({ ok: false, reason: 'pollMs' });
  expect(problemAt(draft, [], ['pollMs'])).toEqual(problem);
  expect(deviceOf(withSetting(draft, ['pollMs'], 500)).ok).toBe(true);
  expect(deviceOf(withSetting(draft, ['protocol'], 'and')).ok).toBe(true);
});

test('a problem inside of a setting is shown at it', () => {
  const notice = { code: 'setting.missing', tone: 'stop', params: {} } as const;
  const problems = [{ path: ['layout', '0', 'at'], notice }];
  expect(problemAt(emptyDraft([]), problems, ['layout'])).toEqual(notice);
  expect(problemAt(emptyDraft([]), problems, ['layoutWidth'])).toBeNull();
});
