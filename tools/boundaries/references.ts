/** Finds what a source file refers to, by parsing it, and where that lies, by resolving it to a real path. */
import { isBuiltin } from 'node:module';
import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { ResolverFactory } from 'oxc-resolver';

/** One mention of another module. `request` is null if it is computed, so that nobody can tell what it names. */
export interface Reference {
  readonly request: string | null;
  readonly line: number;
}

/** What a request turned out to be. Paths are relative to the root, with `/`. */
export type Target =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'builtin'; readonly name: string; readonly bare: boolean }
  | { readonly kind: 'missing'; readonly message: string };

/**
 * Every static, dynamic and type import, re-export, `require` (also through `createRequire`), `import.meta.resolve`
 * and `new URL('./file.ts', import.meta.url)` (how workers are named) of a file.
 */
export function referencesOf(file: string): Reference[] {
  const text = readFileSync(file, 'utf8');
  const parsed = parseSync(file, text);
  const fault = parsed.errors.find((error) => String(error.severity) === 'Error');
  if (fault) throw new Error(`${file} cannot be parsed: ${fault.message}`);
  const found: Reference[] = [];
  const add = (node: Expression | null | undefined): void => {
    if (node) found.push({ request: literal(node), line: lineAt(text, node.start) });
  };
  // Names that hold a require function: `const load = createRequire(…)`, `const { resolve } = createRequire(…)`.
  const requires = new Set(['require']);
  new Visitor({
    VariableDeclarator: (node) => {
      if (node.init?.type !== 'CallExpression' || nameOf(node.init.callee) !== 'createRequire') return;
      const held = node.id.type === 'ObjectPattern' ? node.id.properties.map(valueOf) : [node.id];
      for (const name of held.map(nameOf)) if (name) requires.add(name);
    },
  }).visit(parsed.program);
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
    TSExternalModuleReference: (node) => add(node.expression),
    CallExpression: (node) => {
      if (isRequire(node.callee, requires)) add(node.arguments[0]);
    },
    NewExpression: (node) => {
      const [address, base] = node.arguments;
      const named =
        address && node.callee.type === 'Identifier' && node.callee.name === 'URL' ? literal(address) : null;
      if (named && /^\.{1,2}\/.*\.[cm]?[jt]sx?$/.test(named) && isImportMeta(base, 'url')) add(address);
    },
  }).visit(parsed.program);
  return found;
}

interface Expression {
  readonly type: string;
  readonly start: number;
}

interface Callee extends Expression {
  readonly object?: unknown;
  readonly property?: unknown;
  readonly callee?: unknown;
}

/** `require(…)`, `require.resolve(…)`, `createRequire(…)(…)`, `import.meta.resolve(…)`. */
function isRequire(callee: Callee, requires: ReadonlySet<string>): boolean {
  if (callee.type === 'Identifier') return requires.has(nameOf(callee) ?? '');
  if (callee.type === 'CallExpression') return nameOf(callee.callee) === 'createRequire';
  if (callee.type !== 'MemberExpression' || nameOf(callee.property) !== 'resolve') return false;
  return requires.has(nameOf(callee.object) ?? '') || typeOf(callee.object) === 'MetaProperty';
}

function isImportMeta(node: unknown, property: string): boolean {
  if (typeOf(node) !== 'MemberExpression') return false;
  const member = node as { object: unknown; property: unknown };
  return typeOf(member.object) === 'MetaProperty' && nameOf(member.property) === property;
}

function typeOf(node: unknown): string | null {
  return typeof node === 'object' && node !== null && 'type' in node && typeof node.type === 'string'
    ? node.type
    : null;
}

function nameOf(node: unknown): string | null {
  return typeof node === 'object' && node !== null && 'name' in node && typeof node.name === 'string'
    ? node.name
    : null;
}

function valueOf(node: unknown): unknown {
  return typeof node === 'object' && node !== null && 'value' in node ? node.value : null;
}

function literal(node: unknown): string | null {
  if (typeof node !== 'object' || node === null) return null;
  if ('value' in node && typeof node.value === 'string') return node.value;
  const template = node as { type?: string; expressions?: unknown[]; quasis?: { value: { cooked: string | null } }[] };
  if (template.type !== 'TemplateLiteral' || template.expressions?.length !== 0) return null;
  return template.quasis?.[0]?.value.cooked ?? null;
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** Resolves requests of files below `root`. Symbolic links and aliases are followed: where the file lies decides. */
export class Resolver {
  readonly #root: string;
  readonly #engine = new ResolverFactory({
    conditionNames: ['node', 'import', 'types', 'default'],
    extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    symlinks: true,
  });

  constructor(root: string) {
    this.#root = realpathSync(root);
  }

  resolve(file: string, request: string): Target {
    if (isBuiltin(request)) {
      const bare = !request.startsWith('node:');
      return { kind: 'builtin', name: bare ? `node:${request}` : request, bare };
    }
    const plain = request.replace(/\?.*$/, '');
    const found = this.#engine.sync(path.dirname(realpathSync(file)), plain);
    const named = /^[.#/]/.test(plain) ? null : packageName(plain);
    if (!found.path) {
      // A package that is not installed, or only has types, is still ruled by its name.
      return named ? { kind: 'package', name: named } : { kind: 'missing', message: found.error ?? 'not found' };
    }
    const relative = path.relative(this.#root, found.path).replaceAll(path.sep, '/');
    const inPackage = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*\/node_modules\/)/.exec(relative);
    if (inPackage?.[1]) return { kind: 'package', name: named ?? inPackage[1] };
    return { kind: 'file', file: relative };
  }
}

function packageName(request: string): string {
  return request
    .split('/')
    .slice(0, request.startsWith('@') ? 2 : 1)
    .join('/');
}
