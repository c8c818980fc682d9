/** Follows a topic of the station only while somebody looks at it. */
import { useEffect, useState } from 'react';
import type { TopicSnapshot } from '#contract';
import { getStation } from '../../state/actions.ts';
import { useStore } from '../../state/store.ts';

/** The newest snapshot, or null until the first one and while the station cannot be reached. */
export function useDevices(): TopicSnapshot<'devices'> | null {
  const [shown, setShown] = useState<TopicSnapshot<'devices'> | null>(null);
  useEffect(() => getStation()?.subscribe('devices', setShown), []);
  return useStore((state) => state.reach.kind) === 'connected' ? shown : null;
}

export function useDeviceSession(): TopicSnapshot<'deviceSession'> | null {
  const [shown, setShown] = useState<TopicSnapshot<'deviceSession'> | null>(null);
  useEffect(() => getStation()?.subscribe('deviceSession', setShown), []);
  return shown;
}
