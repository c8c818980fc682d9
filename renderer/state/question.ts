/** Questions for a reason: the common ones by digit, any other in words. */
import { sentenceOf } from '../ui/text.ts';
import { localeOf } from './locale.ts';
import { useStore } from './store.ts';

/** Asks for the reason of a decision; `answer` runs once there is one. */
export function ask(about: string, presets: number, answer: (reason: string) => void): void {
  useStore.setState({ question: { about, presets, answer } });
}

/** Takes a reason in words. */
export function answerQuestion(reason: string): void {
  const { question } = useStore.getState();
  if (question === null || reason.trim() === '') return;
  useStore.setState({ question: null });
  question.answer(reason.trim().slice(0, 200));
}

/** Takes the common reason of this number. False if there is none. */
export function answerByNumber(number: number): boolean {
  const state = useStore.getState();
  if (state.question === null || number < 1 || number > state.question.presets) return false;
  answerQuestion(sentenceOf(localeOf(state), `ui.ask.${state.question.about}.${number}`));
  return true;
}
