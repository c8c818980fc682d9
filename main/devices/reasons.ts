/** Why a proposal of detection is likely or doubtful, as notices: the screen has a sentence for each code in both languages. */
import type { Notice } from '../../preload/contract/index.ts';

/** Speaks for it, or is good to know. */
export function reason(code: string, params: Notice['params'] = {}): Notice {
  return { code, tone: 'info', params };
}

/** A person should look twice. */
export function doubt(code: string, params: Notice['params'] = {}): Notice {
  return { code, tone: 'warn', params };
}
