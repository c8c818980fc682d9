/** The settings of a serial line, the same for every kind of device that has one. */
import type { Section, Setting } from './setting.ts';

/** Rates that a menu of a scale or machine offers, in bits per second. */
const bauds = [
  300, 600, 1_200, 2_400, 4_800, 9_600, 14_400, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600,
];

const line: readonly Setting[] = [
  { path: ['baud'], words: 'line.baud', value: { kind: 'choice', options: bauds }, usual: 9_600 },
  { path: ['dataBits'], words: 'line.dataBits', value: { kind: 'choice', options: [7, 8] }, usual: 8 },
  {
    path: ['parity'],
    words: 'line.parity',
    value: { kind: 'choice', options: ['none', 'even', 'odd'] },
    usual: 'none',
  },
  { path: ['stopBits'], words: 'line.stopBits', value: { kind: 'choice', options: [1, 2] }, usual: 1 },
];

/** `usualFrom` `line`: what is left out is as the protocol's manual has it. */
export function lineSection(usualFrom?: 'line'): Section {
  const where = { links: ['serial://'] };
  return {
    id: 'line',
    folded: false,
    settings: line.map((setting) => ({ ...setting, where, ...(usualFrom === undefined ? {} : { usualFrom }) })),
  };
}
