/** The settings of every kind of device, in the sections the wizard shows them in. */
import type { DeviceKind } from '#contract';
import { dwsSections } from './dws-settings.ts';
import { printerSections } from './printer-settings.ts';
import { scaleSections } from './scale-settings.ts';
import { scannerSections } from './scanner-settings.ts';
import type { Section, Setting } from './setting.ts';

export const deviceSections: Readonly<Record<DeviceKind, readonly Section[]>> = {
  scale: scaleSections,
  dws: dwsSections,
  scanner: scannerSections,
  printer: printerSections,
};

export function settingsOf(kind: DeviceKind): readonly Setting[] {
  return deviceSections[kind].flatMap(({ settings }) => settings);
}
