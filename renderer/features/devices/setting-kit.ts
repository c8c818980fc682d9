/** What the controls of all kinds of settings share. */
import { useLocale } from '../../state/locale.ts';
import { sentenceOr } from '../../ui/text.ts';
import type { Setting, SettingValue } from './settings/setting.ts';

/** What the control of any kind gets. */
export interface ControlProps<K extends SettingValue['kind']> {
  readonly id: string;
  readonly kind: Extract<SettingValue, { kind: K }>;
  readonly name: string;
  readonly testId: string;
  readonly stored: unknown;
  readonly usual: Setting['usual'];
  readonly describedBy: string;
  readonly wrong: boolean;
  readonly onValue: (value: unknown) => void;
}

/** The words for values of settings; what has none is shown as it stands in the profile. */
export function useValueName(): (value: unknown) => string {
  const locale = useLocale();
  return (value) => sentenceOr(locale, `ui.setting.value.${String(value)}`, String(value));
}
