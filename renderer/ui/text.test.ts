import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ageText, causeText, noticeParts, noticeText, sentenceOf } from './text.ts';

function read(name: string): Record<string, string> {
  const text = readFileSync(new URL(`../../resources/locales/${name}.json`, import.meta.url), 'utf8');
  return JSON.parse(text) as Record<string, string>;
}

const chinese = read('zh-CN');
const english = read('en');
const placeholders = (sentence: string | undefined): string[] => (sentence?.match(/\{\w+\}/g) ?? []).sort();

describe('the two languages', () => {
  test('have the same sentences', () => {
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
  });

  test.each(Object.keys(english))('%s takes the same parameters in both and is not empty', (code) => {
    expect(placeholders(chinese[code])).toEqual(placeholders(english[code]));
    expect(chinese[code]?.trim()).not.toBe('');
    expect(english[code]?.trim()).not.toBe('');
  });

  test('no key is written twice', () => {
    for (const name of ['zh-CN', 'en']) {
      const text = readFileSync(new URL(`../../resources/locales/${name}.json`, import.meta.url), 'utf8');
      expect(text.match(/^ {2}"[^"]+":/gm)?.length).toBe(Object.keys(read(name)).length);
    }
  });
});

test('parameters are put in, and outside text is never taken for a placeholder', () => {
  expect(sentenceOf('en', 'scan.order-opened', { number: '{code}' })).toBe('Order {code} is open');
});

test('a code without a sentence shows the code and its parameters', () => {
  expect(sentenceOf('en', 'scan.never-heard', { code: 'A1', left: 2 })).toBe('scan.never-heard (code=A1, left=2)');
  expect(sentenceOf('zh-CN', 'toString')).toBe('toString');
});

test("the station's own words inside a sentence are translated", () => {
  const reasons = { reasons: 'printer.paper-out, printer.head-open' };
  expect(sentenceOf('zh-CN', 'print.blocked', reasons)).toBe(
    '打印机不能打印：打印机缺纸，请装纸；打印头没关，请合上盖子',
  );
  expect(sentenceOf('en', 'scan.command-not-now', { command: 'reprint' })).toBe('“Reprint label” cannot be used now');
});

test('ages are told in the largest useful unit', () => {
  expect([0, 59_000, 61_000, 3_600_000, 200_000_000].map((ms) => ageText('en', ms))).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '1 h',
    '2 d',
  ]);
});

test('the pieces of a sentence make the sentence, values apart', () => {
  const notice = { code: 'next.scan-label', params: { waybill: '1Z-9' } };
  const parts = noticeParts('en', notice);
  expect(parts.map((part) => part.text).join('')).toBe(noticeText('en', notice));
  expect(parts.filter((part) => part.value).map((part) => part.text)).toEqual(['1Z-9']);
});

describe('a cause', () => {
  const params = { device: 'bench', reason: 'line does not end with CR LF' };
  const cause = { code: 'frame.line-end', params: {} };

  test('stands for the English reason, in the language of the screen', () => {
    const notice = { code: 'device.noise', params, cause };
    expect(noticeText('zh-CN', notice)).toBe(
      'bench 发来的数据无法识别：一行数据没有以 CR LF 结尾。请把秤的行尾设为 CR LF，或改选协议',
    );
    expect(noticeText('en', notice)).toContain(': Line does not end with CR LF. Set the scale');
  });

  test('that this screen does not know leaves the English as it is', () => {
    const unknown = { code: 'frame.never-heard', params: {} };
    expect(noticeText('zh-CN', { code: 'device.noise', params, cause: unknown })).toContain(params.reason);
    expect(causeText('zh-CN', unknown, 'as it came')).toBe('as it came');
    expect(causeText('zh-CN', undefined, 'as it came')).toBe('as it came');
  });

  test('keeps what a device sent as it came, whatever it looks like', () => {
    const sent = { code: 'frame.reports', params: { text: 'printer.paper-out {device}' } };
    expect(causeText('zh-CN', sent, '')).toBe('秤报告 printer.paper-out {device}。请查秤的说明书');
  });

  test('names what was measured or looked for in the language of the screen', () => {
    const sent = { code: 'frame.measure-unit', params: { measure: 'height' } };
    expect(causeText('zh-CN', sent, '')).toBe('高没有单位。请在设置中填写设备所用的单位');
    const none = { code: 'link.hid-none-of', params: { uri: 'hid://scale', usage: 'scale' } };
    expect(causeText('zh-CN', none, '')).toBe('hid://scale：没有插 HID 设备（秤）。请检查电源和电缆');
  });
});
