/** Country names as people write them in a custom field. */

/** ISO 3166 alpha-2 of a code or of a Chinese or English country name; null if it is none. */
export function countryCode(text: string): string | null {
  const key = text.trim().toLowerCase();
  if (key === '') return null;
  return namedCountries().get(key) ?? null;
}

let cache: ReadonlyMap<string, string> | null = null;

/** Code, English name and Chinese name of every region the platform's CLDR data knows, in lower case. */
function namedCountries(): ReadonlyMap<string, string> {
  if (cache !== null) return cache;
  const names = new Map<string, string>([
    ['usa', 'US'],
    ['uk', 'GB'],
  ]);
  const tongues = ['en', 'zh-Hans'].map(
    (tongue) => new Intl.DisplayNames(tongue, { type: 'region', fallback: 'none' }),
  );
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  for (const code of letters.flatMap((first) => letters.map((second) => first + second))) {
    // EU, EZ, UN, XA, XB and ZZ have names and are no countries.
    if (/^(?:E[UZ]|UN|X[AB]|ZZ|UK)$/.test(code)) continue;
    for (const tongue of tongues) {
      const name = tongue.of(code);
      if (name === undefined) continue;
      names.set(code.toLowerCase(), code);
      names.set(name.toLowerCase(), code);
    }
  }
  cache = names;
  return names;
}
