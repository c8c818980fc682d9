import fc from 'fast-check';
import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import type { ReceiptPrinter } from '../../domain/receipt.ts';
import { cellsOf, widthOf } from './columns.ts';
import type { DaySummaryFacts, PackingSlipFacts } from './receipts.ts';
import { createReceipts, packingSlipBytes } from './receipts.ts';

const receipts = createReceipts(new URL('../../../resources', import.meta.url).pathname);
const wide: ReceiptPrinter = { columns: 48, chinese: 'gb18030' };
const narrow: ReceiptPrinter = { columns: 32, chinese: 'gbk' };

/** A command, or a line of text with the bytes the printer would print. */
type Printed =
  | { readonly command: string; readonly arguments: readonly number[] }
  | { readonly line: readonly number[]; readonly chinese: boolean; readonly large: boolean };

/**
 * Interprets a receipt as the printer does, written from Epson's ESC/POS Command Reference and not from our builder.
 * Every byte below 20 begins a command; one that is not known is an error.
 */
function interpret(bytes: Uint8Array): Printed[] {
  const out: Printed[] = [];
  let line: number[] = [];
  let chinese = false;
  let large = false;
  let at = 0;
  const take = (count: number): number[] => {
    const taken = [...bytes.subarray(at, at + count)];
    if (taken.length < count) throw new Error('a command is cut short');
    at += count;
    return taken;
  };
  const command = (name: string, given: number[]): void => {
    if (line.length > 0) throw new Error(`${name} in the middle of a line`);
    out.push({ command: name, arguments: given });
  };
  const known: Readonly<Record<string, () => void>> = {
    '1b40': () => command('ESC @', []),
    '1b74': () => command('ESC t', take(1)),
    '1b45': () => command('ESC E', take(1)),
    '1b61': () => command('ESC a', take(1)),
    '1d21': () => {
      const size = take(1);
      large = size[0] !== 0;
      command('GS !', size);
    },
    '1d48': () => command('GS H', take(1)),
    '1d66': () => command('GS f', take(1)),
    '1d77': () => command('GS w', take(1)),
    '1d68': () => command('GS h', take(1)),
    '1d56': () => command('GS V', take(1)),
    '1d6b': () => {
      const [symbology = 0, count = 0] = take(2);
      command('GS k', [symbology, ...take(count)]);
    },
    '1c26': () => {
      chinese = true;
      command('FS &', []);
    },
    '1c2e': () => {
      chinese = false;
      command('FS .', []);
    },
  };
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x0a) {
      at += 1;
      out.push({ line, chinese, large });
      line = [];
    } else if (byte < 0x20 || byte === 0x7f) {
      const name = Buffer.from(bytes.subarray(at, at + 2)).toString('hex');
      at += 2;
      const run = known[name];
      if (run === undefined) throw new Error(`the command ${name} is not known`);
      run();
    } else if (byte >= 0x80 && chinese) line.push(...take(2));
    else if (byte >= 0x80) throw new Error('a Chinese character outside Chinese mode');
    else line.push(...take(1));
  }
  return out;
}

function commandsOf(bytes: Uint8Array): string[] {
  return interpret(bytes).flatMap((each) => ('command' in each ? [`${each.command} ${each.arguments.join(' ')}`] : []));
}

function textOf(bytes: Uint8Array): string[] {
  return interpret(bytes).flatMap((each) =>
    'line' in each ? [iconv.decode(Buffer.from(each.line), 'gb18030').trimEnd()] : [],
  );
}

const slip: PackingSlipFacts = {
  site: 'HZ1 杭州一仓',
  orderNumber: 'DD201612090000001',
  receiverName: '欧阳娜娜',
  parcel: '300012345678',
  lines: [
    { sku: 'SKU-1', name: '有机龙井茶 明前特级 250g 礼盒装（含茶具两件，赠手提袋一个）', quantity: 2 },
    { sku: 'SKU-2', name: 'Wireless mouse', quantity: 10 },
  ],
  remark: '易碎，轻放',
  printedAt: new Date(2026, 0, 5, 8, 30).getTime(),
  deskId: 'D01',
  copy: 0,
};

test('a packing slip is Chinese in GB18030, with the order number as Code 128', async () => {
  const bytes = await receipts.packingSlip(slip, wide, 'zh-CN');
  const text = textOf(bytes);
  expect(text).toContain('订单: DD201612090000001');
  expect(text.join('\n')).toContain('有机龙井茶 明前特级 250g 礼盒装');
  expect(text).toContain('备注: 易碎，轻放');
  const barcode = commandsOf(bytes).find((each) => each.startsWith('GS k 73 '));
  expect(barcode).toBe(`GS k 73 ${[...Buffer.from('{BDD201612090000001')].join(' ')}`);
  expect(commandsOf(bytes).at(-1)).toBe('GS V 1');
});

test('the interpreter reads what the ESC/POS reference gives as an example, and refuses the cash drawer', () => {
  expect(interpret(Uint8Array.from([0x1b, 0x40, 0x41, 0x0a]))).toEqual([
    { command: 'ESC @', arguments: [] },
    { line: [0x41], chinese: false, large: false },
  ]);
  expect(() => interpret(Uint8Array.from([0x1b, 0x70, 0x00, 0x19, 0xfa]))).toThrow('1b70');
});

test.each([wide, narrow, { columns: 42, chinese: 'none' } satisfies ReceiptPrinter])(
  'no line is wider than the paper of $columns columns, and quantities stand at its edge',
  async (printer) => {
    for (const locale of ['zh-CN', 'en'] as const) {
      const lines = interpret(await receipts.packingSlip(slip, printer, locale)).flatMap((each) =>
        'line' in each ? [each] : [],
      );
      for (const { line, large } of lines) expect(line.length * (large ? 2 : 1)).toBeLessThanOrEqual(printer.columns);
      const ten = lines.find(({ line }) => Buffer.from(line).toString('latin1').endsWith('x10'));
      expect(ten?.line).toHaveLength(printer.columns);
    }
  },
);

test('quirks: no ESC @, no Chinese command, a code page, a full cut, a longer feed', async () => {
  const quirks = { initialise: false, chineseCommand: false, codePage: 255, cut: 'full', feedLines: 9 } as const;
  const bytes = Buffer.from(await receipts.packingSlip(slip, { ...wide, quirks }, 'zh-CN'));
  expect([...bytes.subarray(0, 3)]).toEqual([0x1b, 0x74, 0xff]);
  expect(bytes.includes(Buffer.from([0x1c, 0x26]))).toBe(false);
  expect(bytes.includes(Buffer.from([0x1b, 0x40]))).toBe(false);
  expect(bytes.subarray(-12).toString('hex')).toBe(`${'0a'.repeat(9)}1d5600`);
  const uncut = await receipts.packingSlip(slip, { ...wide, quirks: { cut: 'none' } }, 'zh-CN');
  expect(commandsOf(uncut).some((each) => each.startsWith('GS V'))).toBe(false);
});

const cell = (text: string, printer: ReceiptPrinter = wide): string =>
  Buffer.from(cellsOf(text, printer).flatMap((each) => [...each.bytes])).toString('hex');

test.each([
  ['the euro sign, which GBK has not in two bytes', '€', 'a2e3', 'a1f5'],
  ['a character that takes four bytes', '𠀀', 'a1f5', 'a1f5'],
  ['an emoji of several parts, as one box', '👨‍👩‍👧‍👦', 'a1f5', 'a1f5'],
  ['Arabic, which the printer has not', 'س', 'a1f5', 'a1f5'],
  ['a direction override', 'a\u202eb', '6162', '6162'],
  ['the cash drawer command', '\u001bp\u0000x', '7020 78'.replace(/ /g, ''), '702078'],
  ['顺丰速运', '顺丰速运', 'cbb3b7e1cbd9d4cb', 'cbb3b7e1cbd9d4cb'],
])('%s', (_, text, gb18030, gbk) => {
  expect(cell(text)).toBe(gb18030);
  expect(cell(text, narrow)).toBe(gbk);
});

test('a printer with all of GB18030 gets four bytes; one without Chinese gets a question mark', () => {
  expect(cell('𠀀', { ...wide, quirks: { fourByte: true } })).toBe('95328236');
  expect(cell('顺丰 SF', { columns: 42, chinese: 'none' })).toBe('3f3f205346');
});

/** Texts made of what could go wrong: commands, halves of characters, every kind of sign. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(
      ...['\u001b', '\u001d', '\u001c', '\u0010', '\u0004', '\u0000', '\n', '\r', '\u007f', '\u009b', '\u0085', '@'],
      ...[
        'p',
        'V',
        '\u001bp\u0000\u0019\u00fa',
        '\u001dV\u0000',
        '\u001c.',
        '{B',
        '^XA',
        '\ud83d',
        '\udc00',
        '😀',
        '€',
      ],
      ...['一', '𠀀', '丂', '\u202e', '\u2066', 'שלום', 'مرحبا', 'é', 'e\u0301', '\ue5e5', '\uff21', ' '],
    ),
    maxLength: 40,
  }),
);

test('10,000 hostile texts: the commands are those of harmless text', { timeout: 120_000 }, () => {
  const say = (key: string): string => key;
  const harmless = commandsOf(packingSlipBytes({ ...slip, orderNumber: '订单' }, wide, say));
  const withBarcode = commandsOf(packingSlipBytes(slip, wide, say)).filter((each) => !/^GS [kw]/.test(each));
  fc.assert(
    fc.property(hostile, hostile, fc.constantFrom(wide, narrow), (text, other, printer) => {
      const lines = [
        { sku: other, name: text, quantity: 1 },
        { sku: text, name: other, quantity: 2 },
      ];
      const facts = { ...slip, orderNumber: text, receiverName: other, parcel: text, remark: other, site: text, lines };
      const commands = commandsOf(packingSlipBytes(facts, printer, say));
      const barcode = commands.some((each) => each.startsWith('GS k'));
      expect(commands.filter((each) => !barcode || !/^GS [kw]/.test(each))).toEqual(barcode ? withBarcode : harmless);
    }),
    { numRuns: 10_000 },
  );
});

test('text that is to be seen leaves a trace on the paper', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), (text) => {
      const visible = text.replace(/[\p{Cc}\p{Cf}\s\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}]/gu, '');
      expect(widthOf(cellsOf(text, wide)) > 0).toBe(visible !== '');
    }),
  );
});

const day: DaySummaryFacts = {
  site: 'HZ1',
  deskId: 'D01',
  day: '2026-01-05',
  from: new Date(2026, 0, 5, 8, 30).getTime(),
  to: new Date(2026, 0, 5, 17, 45).getTime(),
  carriers: [
    { carrier: '安能物流', service: '次晨达', parcels: 120, weightG: 345_678 },
    { carrier: 'HGE', service: 'P10006', parcels: 48, weightG: 22_980 },
  ],
  bags: [{ bagNumber: 'BG2512130000001', parcels: 48, grossG: 23_456 }],
  open: 2,
  printedAt: new Date(2026, 0, 5, 18, 0).getTime(),
};

test('a day summary adds up its carriers', async () => {
  const text = textOf(await receipts.daySummary(day, narrow, 'zh-CN'));
  expect(text.find((each) => each.startsWith('合计'))).toBe('合计               168 / 368.658');
  expect(text.find((each) => each.startsWith('BG25'))).toBe('BG2512130000001      48 / 23.456');
  expect(text.some((each) => each.includes('还有 2 项要处理'))).toBe(true);
  const empty = await receipts.daySummary(
    { ...day, from: null, to: null, carriers: [], bags: [], open: 0 },
    wide,
    'en',
  );
  expect(textOf(empty).find((each) => each.startsWith('Total'))).toMatch(/0 \/ 0\.000$/);
});
