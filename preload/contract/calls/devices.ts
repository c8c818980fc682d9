/** Calls of Settings → Devices. */
import { z } from 'zod';
import { DiagnosticReport } from '../models/device.ts';
import { DeviceChange, DeviceKind, DeviceLink, DevicesSnapshot, WrittenDevice } from '../models/device-room.ts';
import { SettingProblem } from '../models/device-settings.ts';
import { call, Nothing } from './call.ts';

export const devicesCalls = {
  /** Asks the operating system anew what is plugged in; the topic `devices` has the same. */
  'devices.list': call({ input: Nothing, output: DevicesSnapshot, timeoutMs: 10_000 }),
  /**
   * Finds out how a device talks and proposes what fits: a scale and a printer are asked, a measuring machine and a scanner
   * listened to. The topic `deviceSession` shows how far it is and what a person has to do. ContractError `refused` if the desk
   * uses the link. Ends the session before it.
   */
  'devices.detect': call({
    input: z.object({
      link: DeviceLink,
      kind: DeviceKind,
      /** Also asks what may have an effect on the device (`askMore` of the session); a person was told and wants it. */
      askAll: z.boolean().default(false),
    }),
    output: z.object({ number: z.number().int() }),
    timeoutMs: 10_000,
  }),
  /**
   * Shows every frame of a device (`deviceSession`), at most five minutes. A device the desk uses is listened to; another
   * link is opened. With `test`, the session waits for what shows that the device works, and says so step by step.
   */
  'devices.watch': call({
    input: z.object({
      kind: DeviceKind,
      /** As it would stand in the profile; `link` in it. */
      device: WrittenDevice,
      test: z.boolean().default(false),
    }),
    output: z.object({ number: z.number().int() }),
    timeoutMs: 10_000,
  }),
  /** Ends detection, watching or testing; nothing happens if none runs. */
  'devices.stop': call({ input: Nothing, output: Nothing, timeoutMs: 10_000 }),
  /** What keeps a device from being used as it is, each at its place; empty: nothing does. Nothing is opened or written. */
  'devices.check': call({
    input: z.object({ kind: DeviceKind, device: WrittenDevice, replaces: z.string().max(40).nullable().default(null) }),
    output: z.object({ problems: z.array(SettingProblem).max(40) }),
    timeoutMs: 5_000,
  }),
  /**
   * Writes a device into the profile file. `replaces`: the id of the one it takes the place of; null: a new one. ContractError
   * `refused` with one line, nothing written, if the profile would be wrong, was changed underneath, or nobody may.
   */
  'devices.save': call({
    input: z.object({ kind: DeviceKind, device: WrittenDevice, replaces: z.string().max(40).nullable().default(null) }),
    output: DeviceChange,
    timeoutMs: 15_000,
  }),
  /** Takes a device out of the profile file. */
  'devices.remove': call({
    input: z.object({ kind: DeviceKind, id: z.string().min(1).max(40) }),
    output: DeviceChange,
    timeoutMs: 15_000,
  }),
  /** Starts the station anew with the profile as it stands in the file; what is on the desk comes back. */
  'devices.restart': call({ input: Nothing, output: Nothing, timeoutMs: 30_000 }),
  /** Why does it not work? The steps for one device, in order; what comes after a failed one is skipped. */
  'devices.diagnose': call({
    input: z.object({ kind: DeviceKind, id: z.string().min(1).max(40) }),
    output: DiagnosticReport,
    timeoutMs: 60_000,
  }),
};
