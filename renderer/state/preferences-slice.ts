/** What this screen remembers for itself: language, volume, how the scanner is set. */
import { Locale } from '#contract';

export type ScannerPrefix = 'none' | 'f13' | 'stx';

export interface PreferencesSlice {
  /** Null until chosen here: then the desk's profile says. */
  readonly chosenLocale: Locale | null;
  /** 0 to 1. */
  readonly volume: number;
  readonly scannerPrefix: ScannerPrefix;
}

export const initialPreferences: PreferencesSlice = { chosenLocale: null, volume: 0.7, scannerPrefix: 'none' };

const key = 'packbench.preferences';
const prefixes: readonly ScannerPrefix[] = ['none', 'f13', 'stx'];

/** What was remembered; anything unreadable counts as not chosen. */
export function readPreferences(storage: Pick<Storage, 'getItem'>): PreferencesSlice {
  try {
    const stored: unknown = JSON.parse(storage.getItem(key) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return initialPreferences;
    const { chosenLocale, volume, scannerPrefix } = stored as Record<string, unknown>;
    const locale = Locale.safeParse(chosenLocale);
    return {
      chosenLocale: locale.success ? locale.data : null,
      volume: typeof volume === 'number' && volume >= 0 && volume <= 1 ? volume : initialPreferences.volume,
      scannerPrefix: prefixes.find((one) => one === scannerPrefix) ?? 'none',
    };
  } catch {
    return initialPreferences;
  }
}

export function writePreferences(storage: Pick<Storage, 'setItem'>, preferences: PreferencesSlice): void {
  const { chosenLocale, volume, scannerPrefix } = preferences;
  try {
    storage.setItem(key, JSON.stringify({ chosenLocale, volume, scannerPrefix }));
  } catch {
    // A full or forbidden storage costs the memory of a choice, nothing else.
  }
}
