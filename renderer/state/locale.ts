/** The language in force, and sentences in it. */
import { useCallback } from 'react';
import type { Locale, Problem } from '#contract';
import { ageText, causeText, noticeText, sentenceOf, type Params, type Said } from '../ui/text.ts';
import type { AppState } from './store.ts';
import { useStore } from './store.ts';

/** Chosen on this screen, else the desk's profile, else Chinese. */
export function localeOf(state: Pick<AppState, 'chosenLocale' | 'info'>): Locale {
  return state.chosenLocale ?? state.info?.locale ?? 'zh-CN';
}

export interface Texts {
  (code: string, params?: Params): string;
}

export function useLocale(): Locale {
  return useStore(localeOf);
}

export function useText(): Texts {
  const locale = useLocale();
  return useCallback((code, params) => sentenceOf(locale, code, params), [locale]);
}

export function useNoticeText(): (notice: Said) => string {
  const locale = useLocale();
  return useCallback((notice) => noticeText(locale, notice), [locale]);
}

/** What went wrong, or its English where the cause is not known here. */
export function useCauseText(): (cause: Problem | undefined, otherwise: string) => string {
  const locale = useLocale();
  return useCallback((cause, otherwise) => causeText(locale, cause, otherwise), [locale]);
}

export function useAgeText(): (ms: number) => string {
  const locale = useLocale();
  return useCallback((ms) => ageText(locale, ms), [locale]);
}
