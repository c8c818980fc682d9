/**
 * Every reason for which bytes of a scale, a measuring machine or a scanner are refused: its code, and its English sentence
 * for the command line and the log. The screen says the same in its own language (`frame.<code>` of `resources/locales`).
 *
 * A reason is only ever made here, so that nothing can be refused without a code. What a device sent stands in `params` and
 * never in a code. Pure.
 */
import type { Problem } from '../../preload/contract/index.ts';
import type { RefusedFrame } from './device.ts';

/** By code. `{name}` is a parameter. */
export const frameSentences = {
  // Framing.
  'line-end': 'line does not end with CR LF',
  'line-too-long': 'line is too long',
  incomplete: 'frame is not complete',
  'between-frames': 'bytes between frames',
  'width-changed': 'line is not as wide as the one before: a character may have been lost',
  'check-sum': 'check sum is wrong',
  'check-xor': 'check (XOR) is wrong',
  flood: 'scale sends more than can be read',
  // The language is another one.
  'format-line': 'not a line of the {format} format',
  'format-sbi': 'not a weight of the SBI format',
  'format-sics': 'not an MT-SICS reply',
  'format-cas': 'not a CAS line of 22, 18 or 10 bytes',
  'format-adam': 'not a line of AZExtra or CPWplus',
  'format-nci': 'not a frame of NCI or SMA',
  'format-yaohua': 'not a frame of this scale',
  'form-other': 'frame is of the form {form}, and the scale is set up as {given}',
  'form-cpwplus': 'a line of CPWplus; write "form": "cpwplus"',
  'form-missing': 'frame begins with =; give its form: reversed, reversed-short or forward',
  'form-sign': 'sign is not 0 or -; the form may be another one',
  'decimals-missing': 'frame leaves the point out; give the decimals',
  'lamp-byte': 'lamp byte is below 0x80: check the data bits of the port',
  'status-range': 'status {value} is not 1 to 8',
  'status-bit-six': 'not a status: bit 6 of it is always 1',
  'status-a': 'status A is not that of this protocol',
  'status-a-division': 'status A has no division (bits 3 and 4)',
  'status-b': 'status B is not that of this protocol',
  'defined-none': 'the profile does not define this protocol',
  'defined-length': 'frame is not as long as defined',
  'defined-end': 'frame does not end as defined',
  'defined-pattern': 'frame does not fit the pattern',
  'defined-meaning': 'text of {field} has no meaning in the definition',
  'defined-number': 'text of {field} is not a number',
  // Units.
  'unit-missing': 'frame carries no unit; give the unit the scale is set to (g, kg, lb, oz, ...)',
  'unit-unknown': 'unit "{unit}" is not {known} or {last}; set the scale to one of them',
  'unit-only': 'unit "{unit}" is not {known}; set the scale to it',
  'unit-tael': 'unit "{unit}" is a tael, which is another weight in every country; set the scale to {known}',
  'unit-tael-code': 'unit is the tael, which is another weight in every country; set the scale to g, kg, lb or oz',
  'unit-kg-lb': 'unit "{unit}" is not kg or lb',
  'unit-code': 'unit code {value} is not documented; set the scale to kg or lb',
  'unit-code-range': 'unit code {value} is not 0 to 12',
  'unit-code-none': 'scale sends a weight of unknown unit (code 0); set its unit',
  // The number.
  'weight-none': 'not a weight',
  'weight-text': '"{text}" is no weight',
  'weight-width': 'not a weight of {width} characters',
  'weight-number': 'weight is not a number of {width} characters',
  'weight-aligned': 'weight is not a right-aligned number',
  'weight-aligned-width': 'weight is not a right-aligned number of {width} characters',
  'weight-narrow': 'weight is less than {width} characters wide',
  'weight-digits': 'weight is not six digits',
  'weight-six': 'not a weight of six digits',
  'weight-tare': 'weight and tare are not digits',
  'weight-scaling': 'scaling 10^{scaling} is beyond any scale ({hex})',
  'weight-not-finite': 'weight is not a finite number',
  'weight-at-zero': 'scale says that it is at zero, and a weight',
  'not-the-weight': '"{text}" is not the weight; set the scale to print it',
  // What the scale says of itself.
  'extended-resolution': 'scale shows extended resolution; switch that off',
  counting: 'scale counts pieces; set it to weighing',
  'unknown-command': 'scale does not know the command',
  'answers-es': 'scale answers ES: it does not know the command',
  'answers-et': 'scale answers ET: transmission error, check baud rate and parity',
  'answers-el': 'scale answers EL: it cannot carry out the command',
  'answers-si': 'scale answers S I: it cannot weigh now',
  'in-motion': 'scale is in motion and has sent no weight yet',
  reports: 'scale reports {text}',
  'reports-fault': 'scale reports a fault',
  'reports-error': 'scale reports an error',
  'reports-state': 'scale reports {text}: its zero or tare is in error',
  'reports-memory': 'scale reports a fault of its memory or calibration',
  'zero-not-found': 'scale could not find its zero; empty it and zero it',
  'zero-range': 'scale started outside its range of zero; empty it and zero it',
  'zero-needed': 'scale says that it needs to be set to zero; empty it and zero it',
  'calibration-needed': 'scale says that it needs to be calibrated',
  calibrating: 'scale is being calibrated',
  // Records of measuring machines (DWS).
  'record-length': 'record has {length} characters; {wanted} are set',
  'record-short': 'record has {length} characters; {wanted} are needed',
  'record-too-long': 'record is longer than {max} bytes',
  'record-again': 'record begins again before it ended',
  'record-incomplete': 'record is not complete',
  'record-cut': 'the connection ended inside a record',
  'record-outside': 'bytes outside of a record',
  'record-outside-stx': 'bytes outside of STX and ETX',
  'record-template': 'record does not begin or end as the template says',
  'record-fields': 'record has {count} fields; the template has {wanted}',
  'record-ends': 'record ends before field {index} of {wanted}',
  'record-sequence': 'record does not begin with a number of {digits} digits',
  'record-check-missing': 'record does not end with two hexadecimal check characters',
  'record-check': 'check characters do not fit the record',
  'telegram-fields': 'telegram has {count} fields; {wanted} are documented',
  'telegram-object': 'object number is not a number',
  'telegram-scale-error': 'scale error "{text}" is not 0 or 1',
  'telegram-state': 'measuring state is not four hexadecimal digits',
  'json-outside': 'bytes that are no JSON object',
  'json-invalid': 'not valid JSON',
  'json-empty': 'JSON has no field of a record',
  'json-text-end': 'a text in the JSON does not end',
  'json-object-end': 'JSON object does not end',
  'json-deep': 'JSON is nested too deep',
  'json-barcode': 'barcode is neither a text nor a list of texts',
  'json-measure': '{measure} is neither a number nor a text',
  'cubiscan-calibration': 'the machine could not measure: it needs calibration',
  'cubiscan-parcel': 'the machine could not measure the parcel',
  'cubiscan-zero': 'the machine has a zeroing error',
  'cubiscan-command': 'the machine does not know the command',
  'cubiscan-other': 'not a Cubiscan measurement',
  'measure-unit': '{measure} has no unit; say which one the machine sends',
  'measure-number': '{measure} "{text}" is not a number in {unit}',
  'measure-large': '{measure} {text} {unit} is too large to be true',
  'barcode-count': 'more than {max} barcodes in one record',
  'barcode-character': 'barcode "{text}" holds a character no barcode has',
  'barcode-long': 'a barcode is longer than {max}',
  // Codes of scanners; on the command line the kind of refusal stands in front.
  'scan-bytes': 'more than {max} bytes',
  'scan-characters': 'more than {max} characters',
  'scan-prefix': 'does not begin with the prefix',
  'scan-ending': 'no ending within {ms} ms',
  'scan-rest': 'the code did not go on within {ms} ms',
  'scan-encoding': 'its bytes are no {encoding} text',
  'scan-length': 'its length is {length}, more than the {max} bytes it holds',
  'scan-aim': 'bytes 2 to 4 are {text}, no AIM identifier',
  'scan-aim-changes': 'the symbology changes from {aim} inside one code',
  'scan-report': 'report {report} is no scan',
  'scan-none': 'no code of a desk',
} as const satisfies Readonly<Record<string, string>>;

export type FrameProblemCode = keyof typeof frameSentences;

/** Why bytes were refused. */
export interface FrameProblem {
  readonly code: FrameProblemCode;
  readonly params: Readonly<Record<string, string | number>>;
}

/** The names in braces of a sentence. */
type Names<Sentence extends string> = Sentence extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;
type ParamsOf<Code extends FrameProblemCode> = [Names<(typeof frameSentences)[Code]>] extends [never]
  ? []
  : [Readonly<Record<Names<(typeof frameSentences)[Code]>, string | number>>];

/** The reason of this code, with all its parameters. */
export function frameProblem<Code extends FrameProblemCode>(code: Code, ...[params]: ParamsOf<Code>): FrameProblem {
  return { code, params: params ?? {} };
}

/** Its English sentence. */
export function frameWords({ code, params }: FrameProblem): string {
  return frameSentences[code].replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/** `raw`: the bytes, hexadecimal. */
export function refusedFrame(problem: FrameProblem, at: number, raw: string): RefusedFrame {
  return { error: frameWords(problem), problem, at, raw };
}

/** Longest text of a device in a notice. */
const longestParam = 200;

/** The reason in the words of the contract. */
export function frameCause({ code, params }: FrameProblem): Problem {
  const shown = Object.entries(params).map(
    ([name, value]) => [name, typeof value === 'string' ? value.slice(0, longestParam) : value] as const,
  );
  return { code: `frame.${code}`, params: Object.fromEntries(shown) };
}
