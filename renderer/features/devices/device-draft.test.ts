import { expect, test } from 'vitest';
import type { ConfiguredDevice, DeviceProposal, PluggedThing } from '#contract';
import {
  deviceOf,
  draftOfConfigured,
  draftOfPlugged,
  emptyDraft,
  freeName,
  withField,
  withProposal,
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
  const said = withField(draft, 'unit', 'kg');
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
