/**
 * Replaces one value inside a JSON text and leaves every other character as somebody wrote it: their order, their line
 * breaks, their indentation. Positions follow RFC 8259; the text must have been parsed before, so nothing is judged here.
 */

interface Span {
  readonly from: number;
  readonly to: number;
}

/** A member of an object: where its value stands. */
interface Member extends Span {
  readonly key: string;
}

/**
 * The text with `value` at `path` (keys of objects, outermost first). Objects missing on the way are made; an existing
 * value is replaced. Throws if something on the way is no object, or if the text is not the JSON it was taken for.
 */
export function withJsonValue(text: string, path: readonly string[], value: unknown): string {
  const unit = indentOf(text);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const shown = (given: unknown, depth: number): string => {
    const lines = (JSON.stringify(given, null, unit) ?? 'null').split('\n');
    return lines.join(newline + unit.repeat(depth));
  };
  let at = skipSpace(text, text.startsWith('\uFEFF') ? 1 : 0);
  for (const [depth, key] of path.entries()) {
    const { members, end } = objectAt(text, at);
    // A key written twice counts as JSON.parse counts it: the last one.
    const member = members.findLast((each) => each.key === key);
    if (member === undefined) {
      const rest = path.slice(depth + 1).reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
      const last = members.at(-1);
      const line = `${newline}${unit.repeat(depth + 1)}${JSON.stringify(key)}: ${shown(rest, depth + 1)}`;
      if (last !== undefined) return `${text.slice(0, last.to)},${line}${text.slice(last.to)}`;
      return `${text.slice(0, at + 1)}${line}${newline}${unit.repeat(depth)}${text.slice(end - 1)}`;
    }
    if (depth === path.length - 1) {
      return text.slice(0, member.from) + shown(value, depth + 1) + text.slice(member.to);
    }
    at = member.from;
  }
  throw new Error('no path given');
}

/** The indentation in use: that of the first indented line, else two spaces. */
function indentOf(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (' \t\r\n'.includes(text[at] ?? 'x')) at += 1;
  return at;
}

function objectAt(text: string, from: number): { readonly members: readonly Member[]; readonly end: number } {
  if (text[from] !== '{') throw new Error(`no object at character ${from}`);
  const members: Member[] = [];
  let at = skipSpace(text, from + 1);
  while (text[at] === '"') {
    const keyEnd = endOfString(text, at);
    const key = JSON.parse(text.slice(at, keyEnd)) as string;
    // Past the colon.
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const to = endOfValue(text, start);
    members.push({ key, from: start, to });
    at = skipSpace(text, to);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return { members, end: at + 1 };
}

function endOfValue(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return endOfString(text, from);
  if (first !== '{' && first !== '[') {
    let at = from;
    while (at < text.length && !' \t\r\n,]}'.includes(text[at] ?? '')) at += 1;
    return at;
  }
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const one = text[at];
    if (one === '"') at = endOfString(text, at) - 1;
    else if (one === '{' || one === '[') depth += 1;
    else if (one === '}' || one === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  throw new Error('the text ends inside a value');
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  throw new Error('the text ends inside a string');
}
