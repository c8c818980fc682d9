/** Looks for values by candidate names in answers whose fields no document states. Strict in type, lenient in place. */

/** Objects nested deeper than this are not searched: the place would mean something else. */
const searchDepth = 4;

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All objects in `data`, outermost first. */
export function objectsIn(data: unknown): readonly Fields[] {
  const found: Fields[] = [];
  let level: readonly unknown[] = [data];
  for (let depth = 0; depth < searchDepth && level.length > 0; depth += 1) {
    const next: unknown[] = [];
    for (const value of level) {
      if (Array.isArray(value)) next.push(...(value as unknown[]));
      else if (isFields(value)) {
        found.push(value);
        next.push(...Object.values(value));
      }
    }
    level = next.slice(0, 10_000);
  }
  return found;
}

/** Values under the first name that occurs anywhere, outermost first. */
export function valuesNamed(data: unknown, names: readonly string[]): readonly unknown[] {
  const objects = objectsIn(data);
  for (const name of names) {
    const values = objects.filter((fields) => Object.hasOwn(fields, name)).map((fields) => fields[name]);
    const present = values.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]));
    const usable = present.filter((value) => value !== null && value !== undefined && value !== '');
    if (usable.length > 0) return usable;
  }
  return [];
}

/** All numbers that identify something under these names: 3 to 64 letters, digits and dashes, or an exact integer. */
export function numbersNamed(data: unknown, names: readonly string[]): readonly string[] {
  return names.flatMap((name) =>
    valuesNamed(data, [name]).flatMap((value) => {
      const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
      return typeof text === 'string' && /^[A-Za-z0-9-]{3,64}$/.test(text.trim()) ? [text.trim()] : [];
    }),
  );
}

/** The first of them: by name first, then outermost. */
export function numberNamed(data: unknown, names: readonly string[]): string | null {
  return numbersNamed(data, names)[0] ?? null;
}

export function textNamed(data: unknown, names: readonly string[]): string | null {
  const value = valuesNamed(data, names).find((entry) => typeof entry === 'string');
  return typeof value === 'string' ? value : null;
}
