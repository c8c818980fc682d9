import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hidProblem } from './hid/address.ts';
import { LinkError, linkProblem, linkSentences } from './link-problems.ts';
import { serialProblem } from './serial/address.ts';
import { spoolerProblem } from './spooler/address.ts';
import { peerProblem, socketProblem } from './tcp/address.ts';
import { usbProblem } from './usb/address.ts';

function read(name: string): Record<string, string> {
  const text = readFileSync(new URL(`../resources/locales/${name}.json`, import.meta.url), 'utf8');
  return JSON.parse(text) as Record<string, string>;
}

const [english, chinese] = [read('en'), read('zh-CN')];
const placeholders = (sentence: string): string[] => (sentence.match(/\{\w+\}/g) ?? []).toSorted();

test.each(Object.entries(linkSentences))('%s is said on the screen in both languages', (code, sentence) => {
  const key = `link.${code}`;
  // The screen's English is this sentence, with what to do behind it.
  expect(english[key]?.toLowerCase().slice(0, sentence.length)).toBe(sentence.toLowerCase());
  expect(english[key]?.slice(sentence.length)).toMatch(/^(?:$|\. |(?<=\?) | )/);
  expect(chinese[key]).toMatch(/\p{Script=Han}/u);
  expect(placeholders(chinese[key] ?? '')).toEqual(placeholders(sentence));
});

test('the screen has no sentence for trouble that is not there', () => {
  const keys = Object.keys(english).filter((key) => key.startsWith('link.'));
  expect(keys.map((key) => key.slice('link.'.length)).toSorted()).toEqual(Object.keys(linkSentences).toSorted());
});

const coded = (code: string): Error => Object.assign(new Error(`connect ${code} 10.0.0.9:9100`), { code });

test.each([
  ['ECONNREFUSED', 'tcp-refused'],
  ['EHOSTUNREACH', 'tcp-host-unreachable'],
  ['ENETUNREACH', 'tcp-network-unreachable'],
  ['ENOTFOUND', 'tcp-no-host'],
  ['EAI_AGAIN', 'tcp-lookup'],
  ['ETIMEDOUT', 'tcp-timed-out'],
  ['ECONNRESET', 'tcp-dropped'],
  ['EPIPE', 'tcp-dropped'],
])('a socket that reports %s is %s', (code, wanted) => {
  expect(socketProblem('tcp://h:1', coded(code))).toMatchObject({ code: wanted, params: { uri: 'tcp://h:1' } });
});

test('a connection of a machine names the machine', () => {
  const uri = 'tcp-listen://0.0.0.0:1';
  expect(peerProblem(uri, 'a:2#1', coded('ECONNRESET')).message).toBe(
    `${uri}: the device dropped the connection (a:2#1)`,
  );
  expect(peerProblem(uri, 'a:2#1', new Error('odd')).message).toBe(`${uri}: odd (a:2#1)`);
});

// As serialport, node-hid, libusb and CUPS say it.
test.each([
  [serialProblem, 'Error: No such file or directory, cannot open /dev/ttyUSB0', 'serial-no-port'],
  [serialProblem, 'Opening COM3: File not found', 'serial-no-port'],
  [serialProblem, 'Error: Permission denied, cannot open /dev/ttyUSB0', 'serial-not-allowed'],
  [serialProblem, 'Opening COM3: Access denied', 'serial-busy'],
  [serialProblem, 'Error Resource temporarily unavailable Cannot lock port', 'serial-busy'],
  [hidProblem, 'could not read from HID device', 'unplugged-said'],
  [hidProblem, 'cannot open device with path /dev/hidraw0', 'hid-cannot-open'],
  [hidProblem, 'open failed: Permission denied', 'hid-not-allowed'],
  [usbProblem, 'LIBUSB_ERROR_ACCESS', 'usb-not-allowed'],
  [usbProblem, 'LIBUSB_ERROR_BUSY', 'usb-busy'],
  [usbProblem, 'LIBUSB_TRANSFER_NO_DEVICE', 'usb-unplugged-said'],
  [usbProblem, 'LIBUSB_ERROR_NOT_SUPPORTED', 'usb-other-driver'],
  [usbProblem, 'LIBUSB_TRANSFER_STALL', 'usb-refused'],
  [spoolerProblem, 'lpstat: Invalid destination name in list "x".', 'spooler-no-queue'],
  [spoolerProblem, 'lp: The printer or class does not exist.', 'spooler-no-queue'],
  [spoolerProblem, 'no print queue is called "x" (OpenPrinter failed)', 'spooler-no-queue'],
  [spoolerProblem, 'lp: Destination "x" is not accepting jobs.', 'spooler-not-accepting'],
  [spoolerProblem, 'lpstat: Scheduler is not running.', 'spooler-not-running'],
  [spoolerProblem, 'the spooler does not answer', 'spooler-silent'],
  [spoolerProblem, 'the spooler did not say whether it took the label', 'spooler-unsure'],
])('%o of "%s" is %s', (classify, said, code) => {
  const problem = classify('x://y', said);
  expect(problem).toMatchObject({ code, params: { uri: 'x://y', detail: said } });
  expect(problem.message).toContain(said);
});

test('what cannot be told is shown as the driver said it, in one line, and is never a code', () => {
  const problem = usbProblem('usb://printer', new Error('link.in-use\n{owner}'));
  expect(problem).toEqual({
    code: 'other',
    params: { uri: 'usb://printer', detail: 'link.in-use {owner}' },
    message: 'usb://printer: link.in-use {owner}',
  });
});

test('an error of our own keeps its code, whoever passes it on', () => {
  const mine = linkProblem('in-use', { uri: 'serial://COM3', owner: 'scale bench' });
  expect(serialProblem('serial://COM3', new LinkError(mine))).toBe(mine);
  expect(new LinkError(mine).message).toBe(mine.message);
});
