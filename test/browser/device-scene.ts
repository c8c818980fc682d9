/** What a station might say of its devices, for tests of the screen alone. */
import { join } from 'node:path';
import { deviceProblems, deviceProtocols } from '../../main/desk/devices/device-settings.ts';
import { loadPrinterModels } from '../../main/profile/printer-models.ts';
import type { CallOutput, CallRequest, DiagnosticReport, TopicSnapshot } from '../../preload/contract/index.ts';

const printerModels = loadPrinterModels(join(import.meta.dirname, '../../resources'));

/** As the station itself judges a device. */
export function checked({ kind, device, replaces }: CallRequest<'devices.check'>): CallOutput<'devices.check'> {
  return { problems: deviceProblems(kind, device, replaces ?? null, [], printerModels) };
}

const device = {
  inUse: true,
  virtual: false,
  frames: null,
  refused: null,
  bytes: 0,
  lastFrameAt: null,
  lastRefused: null,
  plugged: null,
  reason: null,
} as const;

export function devices(): TopicSnapshot<'devices'> {
  const at = Date.now();
  return {
    at,
    notSavable: null,
    needsSupervisor: false,
    restartNeeded: false,
    configured: [
      {
        ...device,
        kind: 'scale',
        id: 'bench',
        link: 'serial://usb/0403:6001/A9QX2K1',
        protocol: 'mt-sics',
        state: 'unplugged',
        reason: { code: 'device.unplugged', tone: 'warn', params: {} },
        frames: 4_812,
        refused: 3,
        bytes: 86_670,
        lastFrameAt: at - 95_000,
        lastRefused: {
          at: at - 300_000,
          error: 'line does not end with CR LF',
          cause: { code: 'frame.line-end', params: {} },
          raw: '5320530a',
        },
        written: { id: 'bench', link: 'serial://usb/0403:6001/A9QX2K1', protocol: 'mt-sics' },
      },
      {
        ...device,
        kind: 'printer',
        id: 'label',
        link: 'usb://0a5f:0081',
        protocol: 'zpl',
        state: 'working',
        lastFrameAt: at - 2_000,
        plugged: 'usb://0a5f:0081/29J1',
        written: { id: 'label', link: 'usb://0a5f:0081' },
      },
    ],
    plugged: [
      {
        uri: 'usb://0a5f:0081/29J1',
        kind: 'usb',
        usage: 'printer',
        name: 'Zebra GK420d',
        ids: '0a5f:0081',
        serialNumber: '29J1',
        path: null,
        note: null,
        device: { kind: 'printer', id: 'label' },
      },
      {
        uri: 'hid://0922:8003/0071234',
        kind: 'hid',
        usage: 'scale',
        name: 'DYMO M10',
        ids: '0922:8003',
        serialNumber: '0071234',
        path: '/dev/hidraw0',
        note: null,
        device: null,
      },
    ],
    absent: [{ kind: 'spooler', reason: 'lpstat is not installed' }],
    protocols: deviceProtocols(printerModels),
  };
}

export const deviceSession: TopicSnapshot<'deviceSession'> = {
  at: 0,
  kind: 'none',
  state: 'done',
  number: 0,
  device: null,
  link: '',
  linkState: 'closed',
  problem: null,
  shared: false,
  startedAt: 0,
  endsAfterMs: 0,
  trying: '',
  done: 0,
  of: 0,
  proposals: [],
  notes: [],
  askMore: null,
  bytes: 0,
  frames: 0,
  refused: 0,
  newest: [],
  steps: [],
};

export const diagnosis: DiagnosticReport = {
  at: 0,
  version: '0.1.0',
  outcome: 'fail',
  steps: [
    {
      id: 'scale.bench.plugged',
      title: 'scale bench: plugged',
      outcome: 'fail',
      detail: 'not there',
      notice: {
        code: 'diagnose.device.plugged.none',
        tone: 'stop',
        params: { kind: 'scale', device: 'bench', link: 'serial://usb/0403:6001/A9QX2K1' },
      },
      elapsedMs: 4,
    },
  ],
};
