/** What the station says of a device's settings, some moments after the last change of them. */
import { useEffect, useState } from 'react';
import type { DeviceKind, SettingProblem } from '#contract';
import { getStation } from '../../state/actions.ts';

const settleMs = 250;
const none: readonly SettingProblem[] = [];

/** `device`: as JSON; empty while it cannot be read. Of an older text nothing is said. */
export function useProblems(kind: DeviceKind, device: string, replaces: string | null): readonly SettingProblem[] {
  const [said, setSaid] = useState({ of: '', problems: none });
  useEffect(() => {
    if (device === '') return undefined;
    let isNewest = true;
    const timer = window.setTimeout(() => {
      getStation()
        ?.call('devices.check', { kind, device: JSON.parse(device) as Record<string, unknown>, replaces })
        .then(
          ({ problems }) => {
            if (isNewest) setSaid({ of: device, problems });
          },
          // It is asked again with the next change, and the station checks before it saves.
          () => undefined,
        );
    }, settleMs);
    return () => {
      isNewest = false;
      window.clearTimeout(timer);
    };
  }, [kind, device, replaces]);
  return said.of === device ? said.problems : none;
}
