/**
 * ESC/POS bytes -> one page per cut, feed to the next label, or end. Written from Epson, "ESC/POS Command Reference":
 * GS v 0, GS ( L functions 112 and 50, ESC *, and the few commands around them. Pictures stand below each other.
 * Validated on the output of receipt-printer-encoder and of receiptline.
 */
import type { Page } from './page.ts';
import { Canvas, Reader, refuse } from './page.ts';

interface Band {
  readonly width: number;
  readonly rowBytes: number;
  readonly rows: Uint8Array;
}

/** Paper as wide as its widest picture. Texts are decoded as GBK. */
export function interpretEscpos(bytes: Uint8Array): Page[] {
  const reader = new Reader(bytes);
  const pages: Page[] = [];
  let bands: Band[] = [];
  let stored: Band | null = null;
  let texts: string[] = [];
  let commands: string[] = [];
  let line: number[] = [];

  const endLine = (): void => {
    if (line.length > 0) texts.push(new TextDecoder('gbk').decode(Uint8Array.from(line)));
    line = [];
  };
  const endPage = (): void => {
    if (bands.length === 0 && texts.length === 0) return;
    const width = Math.max(1, ...bands.map((band) => band.width));
    const height = bands.reduce((sum, band) => sum + band.rows.length / band.rowBytes, 0);
    const canvas = new Canvas(width, Math.max(1, height));
    let y = 0;
    for (const band of bands) {
      canvas.put(0, y, band.rowBytes, band.rows, 1);
      y += band.rows.length / band.rowBytes;
    }
    pages.push({ width, height: canvas.height, dots: canvas.dots, copies: 1, texts, commands, comments: [] });
    bands = [];
    texts = [];
    commands = [];
  };
  const two = (): number => reader.byte() + 256 * reader.byte();

  function picture(): void {
    const mode = reader.byte();
    if (mode !== 0 && mode !== 48) refuse(`GS v 0: mode ${mode}`);
    const [rowBytes, height] = [two(), two()];
    if (rowBytes === 0 || height === 0 || height > 2_303) refuse(`GS v 0: ${rowBytes} x ${height}`);
    bands.push({ width: rowBytes * 8, rowBytes, rows: reader.take(rowBytes * height) });
    commands.push(`GS v 0 ${rowBytes} ${height}`);
  }

  /** `GS ( X pL pH ...`, `GS 8 X p1 p2 p3 p4 ...`: the length is in the command, so it is checked to the byte. */
  function extended(long: boolean): void {
    const letter = String.fromCharCode(reader.byte());
    const data = new Reader(reader.take(long ? two() + 65_536 * two() : two()));
    if (letter === 'L') {
      const [m, fn] = [data.byte(), data.byte()];
      if (m !== 0x30) refuse(`GS ( L: m ${m}`);
      if (fn === 0x32 || fn === 2) {
        if (!data.done) refuse('GS ( L 50: more bytes');
        bands.push(stored ?? refuse('GS ( L 50: nothing stored'));
        stored = null;
      } else if (fn === 0x70) {
        const head = [data.byte(), data.byte(), data.byte(), data.byte()];
        if (head.join() !== '48,1,1,49') refuse(`GS ( L 112: ${head.join()}`);
        const width = data.byte() + 256 * data.byte();
        const height = data.byte() + 256 * data.byte();
        const rowBytes = Math.ceil(width / 8);
        stored = { width, rowBytes, rows: data.take(rowBytes * height) };
        if (!data.done || height === 0) refuse('GS ( L 112: the length does not fit');
        commands.push(`GS ( L ${width} ${height}`);
      } else refuse(`GS ( L: function ${fn}`);
    } else if (letter === 'K' || letter === 'H' || letter === 'A') {
      commands.push(`GS ( ${letter} ${[...data.bytes].join(' ')}`);
    } else refuse(`GS ( ${letter}`);
  }

  /** ESC * 33: columns of 24 dots, highest first. */
  function columns(): void {
    if (reader.byte() !== 33) refuse('ESC *: only 24-dot double density');
    const width = two();
    const data = reader.take(width * 3);
    const rowBytes = Math.ceil(width / 8);
    const rows = new Uint8Array(rowBytes * 24);
    for (let x = 0; x < width; x += 1) {
      for (let y = 0; y < 24; y += 1) {
        if ((((data[x * 3 + (y >> 3)] ?? 0) >> (7 - (y & 7))) & 1) === 0) continue;
        const at = y * rowBytes + (x >> 3);
        rows[at] = (rows[at] ?? 0) | (0x80 >> (x & 7));
      }
    }
    bands.push({ width, rowBytes, rows });
    commands.push(`ESC * 33 ${width}`);
  }

  const oneByte = new Map<number, string>([
    [0x21, 'ESC !'],
    [0x2d, 'ESC -'],
    [0x33, 'ESC 3'],
    [0x45, 'ESC E'],
    [0x4d, 'ESC M'],
    [0x61, 'ESC a'],
    [0x64, 'ESC d'],
    [0x74, 'ESC t'],
    [0x7b, 'ESC {'],
    [0x20, 'ESC SP'],
  ]);

  while (!reader.done) {
    const first = reader.byte();
    if (first === 0x1b) {
      const second = reader.byte();
      if (second === 0x40) commands.push('ESC @');
      else if (second === 0x32) commands.push('ESC 2');
      else if (second === 0x2a) columns();
      else if (second === 0x24 || second === 0x5c) commands.push(`ESC ${String.fromCharCode(second)} ${two()}`);
      else {
        const name = oneByte.get(second) ?? refuse(`ESC ${second.toString(16)}`);
        if (name === 'ESC d') endLine();
        commands.push(`${name} ${reader.byte()}`);
      }
    } else if (first === 0x1d) {
      const second = reader.byte();
      if (second === 0x76) {
        if (reader.byte() !== 0x30) refuse('GS v');
        picture();
      } else if (second === 0x28 || second === 0x38) extended(second === 0x38);
      else if (second === 0x72 || second === 0x61) commands.push(`GS ${String.fromCharCode(second)} ${reader.byte()}`);
      else if (second === 0x0c) {
        commands.push('GS FF');
        endPage();
      } else if (second === 0x56) {
        const how = reader.byte();
        commands.push(`GS V ${how}`);
        if (how >= 65) reader.byte();
        endPage();
      } else if (
        second === 0x21 ||
        second === 0x42 ||
        second === 0x4c ||
        second === 0x57 ||
        second === 0x50 ||
        second === 0x62
      ) {
        commands.push(
          `GS ${String.fromCharCode(second)} ${second === 0x4c || second === 0x57 || second === 0x50 ? two() : reader.byte()}`,
        );
      } else refuse(`GS ${second.toString(16)}`);
    } else if (first === 0x1c) {
      const second = reader.byte();
      if (second === 0x26 || second === 0x2e) commands.push(second === 0x26 ? 'FS &' : 'FS .');
      else if (second === 0x28) {
        const letter = String.fromCharCode(reader.byte());
        commands.push(`FS ( ${letter} ${[...reader.take(two())].join(' ')}`);
      } else if (second === 0x2d) commands.push(`FS - ${reader.byte()}`);
      else if (second === 0x53) commands.push(`FS S ${two()}`);
      else refuse(`FS ${second.toString(16)}`);
    } else if (first === 0x0a) {
      endLine();
      commands.push('LF');
    } else if (first === 0x0d) commands.push('CR');
    else if (first < 0x20 || first === 0x7f || first === 0xff) refuse(`control character ${first.toString(16)}`);
    else {
      line.push(first);
      // The first byte of a two-byte character takes its second with it.
      if (first >= 0x81) {
        const second = reader.byte();
        if (second < 0x40 || second === 0x7f || second === 0xff)
          refuse(`half a character before ${second.toString(16)}`);
        line.push(second);
      }
    }
  }
  if (stored !== null) refuse('a stored picture that is never printed');
  endLine();
  endPage();
  return pages;
}
