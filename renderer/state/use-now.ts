/** The station's clock for ages on the screen, moving once a second. */
import { useEffect, useState } from 'react';
import { useStore } from './store.ts';

/** Station time in milliseconds since the epoch. */
export function useStationNow(): number {
  const offset = useStore((state) => state.clockOffsetMs);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 1_000);
    return () => window.clearInterval(timer);
  }, []);
  return now + offset;
}
