/** The language in force, and sentences in it. */
import { useCallback } from 'react';
import type { Locale, Notice } from '#contract';
import { ageText, noticeText, sentenceOf, type Params } from '../ui/text.ts';
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

export function useNoticeText(): (notice: Pick<Notice, 'code' | 'params'>) => string {
  const locale = useLocale();
  return useCallback((notice) => noticeText(locale, notice), [locale]);
}

export function useAgeText(): (ms: number) => string {
  const locale = useLocale();
  return useCallback((ms) => ageText(locale, ms), [locale]);
}
