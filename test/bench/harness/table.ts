/** Figures as lines of text. */
import type { Figure } from './figure.ts';

const columns = ['figure', 'n', 'p50', 'p95', 'max', 'unit', 'budget', 'against'] as const;

/** The lines of one table over all benchmarks; each benchmark's notes stand below its figures. */
export function tableLines(
  results: readonly { readonly name: string; readonly figures: readonly Figure[]; readonly notes: readonly string[] }[],
): string[] {
  const rows = results.flatMap(({ figures }) => figures.map(cells));
  const widths = columns.map((title, index) => Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => (isNumeric(index) ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd();
  const lines = [line(columns), widths.map((width) => '-'.repeat(width)).join('  ')];
  for (const { name, figures, notes } of results) {
    lines.push(name);
    lines.push(...figures.map((figure) => line(cells(figure))));
    lines.push(...notes.map((note) => `    ${note}`));
  }
  return lines;
}

function isNumeric(column: number): boolean {
  return column >= 1 && column <= 4;
}

function cells(figure: Figure): string[] {
  const { name, n, p50, p95, max, unit, budget, better, comparisons } = figure;
  const sign = better === 'smaller' ? '<=' : '>=';
  const verdict = budget === null ? '' : `${sign} ${round(budget.limit)} ${budget.met ? 'met' : 'MISSED'}`;
  const against = comparisons.map((each) => `${round(each.ratio)} x ${each.to} (${round(each.p50)})`).join('; ');
  return [`  ${name}`, String(n), round(p50), round(p95), round(max), unit, verdict, against];
}

/** Three significant digits, never in powers of ten. */
export function round(value: number): string {
  if (value === 0) return '0';
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(decimals, 5));
}
