/**
 * Substring search over order texts, by pairs of neighbouring characters: `SO12` is indexed as `so o1 12 2`, and a
 * search for `o12` becomes the phrase "o1 12". So two characters (a Chinese name) are enough, one works as a prefix of
 * a pair, and punctuation, width and case do not matter.
 */

/** More of one order than this is not indexed: a hostile order must not grow the index without bound. */
const longestText = 8_000;
/**
 * Stands between fields so that no phrase runs from one into the next. The `ascii` tokenizer takes it for a word, and
 * nothing that is typed can match it, because only letters and digits are left of what is typed.
 */
const between = ' · ';

function normalise(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase();
  return [...plain.replace(/[^\p{L}\p{N}]/gu, '')];
}

function pairsOf(text: string): string {
  const characters = normalise(text);
  return characters.map((character, index) => character + (characters[index + 1] ?? '')).join(' ');
}

/** What goes into the index for these fields. Repeated fields are indexed once. */
export function searchPairs(fields: Iterable<string | null>): string {
  const seen = new Set<string>();
  let total = 0;
  for (const field of fields) {
    if (!field || seen.has(field)) continue;
    total += field.length;
    if (total > longestText) break;
    seen.add(field);
  }
  return [...seen].map(pairsOf).join(between);
}

/** The FTS5 query for what a person typed: every word must occur. Null if there is nothing to look for. */
export function searchQuery(typed: string): string | null {
  const phrases: string[] = [];
  for (const word of typed.split(/\s+/u)) {
    const characters = normalise(word);
    const only = characters[0];
    if (only === undefined) continue;
    if (characters.length === 1) {
      phrases.push(`"${only}" *`);
      continue;
    }
    const pairs = characters.slice(0, -1).map((character, index) => character + (characters[index + 1] ?? ''));
    phrases.push(`"${pairs.join(' ')}"`);
  }
  return phrases.length === 0 ? null : phrases.join(' AND ');
}
