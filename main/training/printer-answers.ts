/**
 * What a virtual printer says of itself, in the words of its language. Sources: Zebra, "ZPL II Programming Guide", ~HI, ~HS
 * and ~HQ; Gprinter GP-2120T manual p. 34 and TSC TTP-244 Plus manual p. 97; Epson, "ESC/POS Command Reference",
 * DLE EOT and GS I; Zebra, "CPCL Programming Manual", P11-3 and P11-4. ~!T is general knowledge.
 */

/** The printer's state at the moment of the question. */
export interface MachineState {
  readonly fault: 'paper-out' | 'head-open' | 'paused' | 'none';
  readonly queued: number;
  readonly copiesLeft: number;
  /** A label is coming in. */
  readonly partial: boolean;
  readonly lengthDots: number;
  /** As its maker counts them: 8, 12, 24. */
  readonly dotsPerMm: number;
}

type Answer = (state: MachineState) => Uint8Array;

const answers: Readonly<Record<string, Answer>> = {
  'zpl-hs': ({ fault, queued, copiesLeft, partial, lengthDots }) => {
    const flag = (set: boolean): string => (set ? '1' : '0');
    const digits = (value: number, count: number): string => String(value).padStart(count, '0');
    const lines = [
      `030,${flag(fault === 'paper-out')},${flag(fault === 'paused')},${digits(lengthDots, 4)},${digits(Math.min(queued, 999), 3)},0,0,${flag(partial)},000,0,0,0`,
      `000,0,${flag(fault === 'head-open')},0,0,2,4,0,${digits(copiesLeft, 8)},1,000`,
      '1234,0',
    ];
    return Buffer.from(lines.map((line) => `\u0002${line}\u0003\r\n`).join(''), 'latin1');
  },
  'zpl-hi': ({ dotsPerMm }) => Buffer.from(`\u0002PACKBENCH-ZPL,V1.0.0,${dotsPerMm},8192KB\u0003\r\n`, 'latin1'),
  'zpl-hqes': ({ fault }) => {
    const flags = { 'paper-out': '00000001', 'head-open': '00000004', paused: '00010000', none: '00000000' }[fault];
    const errors = `ERRORS:         ${fault === 'none' ? '0' : '1'} 00000000 ${flags}`;
    return Buffer.from(
      `\u0002\r\n\r\n  PRINTER STATUS                        \r\n   ${errors}\r\n   WARNINGS:       0 00000000 00000000\r\n\u0003\r\n`,
      'latin1',
    );
  },
  tspl: ({ fault, queued }) => {
    const trouble = { 'paper-out': 0x04, 'head-open': 0x01, paused: 0x10, none: 0 }[fault];
    return Uint8Array.of(trouble === 0 && queued > 0 ? 0x20 : trouble);
  },
  'tspl-s': ({ fault, queued }) => {
    const doing = { 'paper-out': 'E', 'head-open': 'E', paused: '`', none: queued > 0 ? 'P' : '@' }[fault];
    const flags = { 'paper-out': 'A', 'head-open': '`', paused: '@', none: '@' }[fault];
    return Buffer.from(`\u0002${doing}@@${flags}\u0003\r\n`, 'latin1');
  },
  cpcl: ({ fault, queued }) => {
    const trouble = { 'paper-out': 0x02, 'head-open': 0x04, paused: 0, none: 0 }[fault];
    return Uint8Array.of(trouble | (queued > 0 || fault === 'paused' ? 0x01 : 0));
  },
  'tspl-model': () => Buffer.from('PACKBENCH-TSPL\r\n', 'latin1'),
  'cpcl-version': () => Buffer.from('PACKBENCH-CPCL 1.0\u0000', 'latin1'),
  'escpos-model': () => Buffer.from('_PACKBENCH-ESCPOS\u0000', 'latin1'),
  'escpos-1': ({ fault }) => Uint8Array.of(fault === 'none' ? 0x12 : 0x1a),
  'escpos-2': ({ fault }) => Uint8Array.of({ 'paper-out': 0x32, 'head-open': 0x16, paused: 0x12, none: 0x12 }[fault]),
  'escpos-3': () => Uint8Array.of(0x12),
  'escpos-4': ({ fault }) => Uint8Array.of(fault === 'paper-out' ? 0x7e : 0x12),
};

/** The bytes to send back, or null for a question nobody knows. */
export function answerTo(question: string, state: MachineState): Uint8Array | null {
  return Object.hasOwn(answers, question) ? (answers[question]?.(state) ?? null) : null;
}
