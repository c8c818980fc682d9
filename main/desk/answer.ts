/** What the desk says back to one scan or command. */
import type { Notice, Sound } from '../../preload/contract/index.ts';

export interface Answer {
  readonly accepted: boolean;
  readonly notice: Notice;
  readonly sound: Sound;
}

export function notice(code: string, tone: Notice['tone'], params: Notice['params'] = {}): Notice {
  return { code, tone, params };
}

export function yes(words: Notice, sound: Sound): Answer {
  return { accepted: true, notice: words, sound };
}

export function no(words: Notice, sound: Sound = 'wrong'): Answer {
  return { accepted: false, notice: words, sound };
}

/** The scan or key makes sense, but not at this stage. */
export function notNow(code: string): Answer {
  return no(notice('scan.not-now', 'warn', { code }));
}
