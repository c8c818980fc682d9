import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { frameCause, frameProblem, frameSentences, frameWords, refusedFrame } from './frame-problems.ts';

function read(name: string): Record<string, string> {
  const text = readFileSync(new URL(`../../resources/locales/${name}.json`, import.meta.url), 'utf8');
  return JSON.parse(text) as Record<string, string>;
}

const [english, chinese] = [read('en'), read('zh-CN')];
const placeholders = (sentence: string): string[] => (sentence.match(/\{\w+\}/g) ?? []).toSorted();

test.each(Object.entries(frameSentences))('%s is said on the screen in both languages', (code, sentence) => {
  const key = `frame.${code}`;
  // The screen's English is this sentence, with what to do behind it.
  expect(english[key]?.toLowerCase()).toMatch(startsWith(sentence.toLowerCase()));
  expect(chinese[key]).toMatch(/\p{Script=Han}/u);
  expect(placeholders(chinese[key] ?? '')).toEqual(placeholders(sentence));
});

function startsWith(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}(?:$|\\. )`);
}

test('the screen has no sentence for a refusal that is not there', () => {
  const keys = Object.keys(english).filter((key) => key.startsWith('frame.'));
  expect(keys.map((key) => key.slice('frame.'.length)).toSorted()).toEqual(Object.keys(frameSentences).toSorted());
});

test('no parameter has a name whose values the screen looks up, but the names of what is measured', () => {
  const names = Object.values(frameSentences).flatMap((sentence) => placeholders(sentence));
  for (const taken of ['{reason}', '{reasons}', '{why}', '{operation}', '{command}', '{status}', '{age}']) {
    expect(names).not.toContain(taken);
  }
});

test('what a device sent is put in once and never read as a place for something else', () => {
  const problem = frameProblem('unit-unknown', { unit: '{last}', known: 'g', last: 'kg' });
  expect(frameWords(problem)).toBe('unit "{last}" is not g or kg; set the scale to one of them');
  expect(refusedFrame(problem, 7, 'ff')).toEqual({ error: frameWords(problem), problem, at: 7, raw: 'ff' });
});

test('a long text of a device is cut in a notice', () => {
  expect(frameCause(frameProblem('reports', { text: 'x'.repeat(5_000) }))).toEqual({
    code: 'frame.reports',
    params: { text: 'x'.repeat(200) },
  });
});
