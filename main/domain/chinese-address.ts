/**
 * One Chinese address text -> province, city, county and the rest. Carriers want the parts apart; a wrong part sends
 * the parcel to another city, so a doubt is said and never decided: `unsure` means that the packer must look.
 *
 * The names are those of GB/T 2260. People leave out suffixes (江苏南京), levels (江苏建邺区) and counties, and streets
 * are named after cities (南京路), so every reading of the beginning of the text is listed, and one is taken as sure
 * only if it is complete and no other reading is as good.
 */
import { chineseProvinces, type City, type County, type Province } from './chinese-regions.ts';
import type { Address } from './shipping.ts';

export interface ChinesePlace {
  /** Official names: `江苏省`, `南京市`, `建邺区`. Municipalities have the same province and city. */
  readonly province: string;
  readonly city: string;
  /** Empty for the few cities without counties (东莞市) and for counties directly under a province (济源市 is the city). */
  readonly county: string;
  /** Street, house, room: what follows. */
  readonly rest: string;
}

export interface AddressSplit extends ChinesePlace {
  readonly confidence: 'sure' | 'unsure';
  /** Why it is unsure, in one line that names the place; empty if sure. */
  readonly reason: string;
}

type Region = Province | City | County;
/** `short` is a name without its suffix (南京 for 南京市); it can also be the beginning of a street's name. */
interface Token {
  readonly region: Region;
  readonly form: 'full' | 'short';
  readonly end: number;
}
interface Reading {
  readonly tokens: readonly Token[];
  readonly end: number;
}

const separators = /[\s,，、;；:：.。/\\\-—·|]/;
const prefix =
  /^(?:(?:收货|收件|详细)?地址|中华人民共和国|中国(?![\u4e00-\u9fff]{0,3}(?:路|街|大厦|银行|移动|电信|联通|石)))/;
const groupingWords = /^(?:市辖区|(?:省|自治区)直辖县级行政(?:区划|单位)|直辖县级?|县(?=[\u4e00-\u9fff]{1,12}县))/;
/** A short name followed by one of these is not that place: another level, or a street, village or building. */
const notAfterShort = /^[省市区县旗州盟路街道巷弄里镇乡村屯庄桥门港]/;
/** A name's last character may begin another word: 昆山|市场路, 中原|区域中心. */
const otherWord = /^(?:市场|区域)/;
/** Longest text read; the longest documented address field is 4000 characters. */
const maxLength = 4_000;

/** Peoples in the names of autonomous places; these stand without 族 as well. */
const bare = '蒙古|哈萨克|柯尔克孜|维吾尔|塔吉克|锡伯';
const peoples =
  '回|藏|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|阿昌|普米|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各';
const autonomous = new RegExp(`(?:(?:${bare})族?|(?:${peoples})族)+自治(?:区|州|县|旗)$`);
const suffixes = /(?:特别行政区|自治区|自治州|自治县|自治旗|林区|矿区|新区|地区|省|市|区|县|旗|盟)$/;

/** Every name of a region and whether it is its whole one. `恩施土家族苗族自治州`: also `恩施州`, short `恩施`. */
function namesOf(region: Region): { text: string; form: Token['form'] }[] {
  const { name } = region;
  const names: { text: string; form: Token['form'] }[] = [{ text: name, form: 'full' }];
  let stem = name.replace(autonomous, '');
  // 内蒙古自治区 and 西藏自治区 are named after their people.
  if (stem === name || stem.length < 2) stem = name.replace(suffixes, '');
  if (stem.length < 2 || stem === name) return names;
  const common = /自治州$/.test(name) ? '州' : /自治县$/.test(name) ? '县' : /自治旗$/.test(name) ? '旗' : '';
  if (common !== '') names.push({ text: stem + common, form: 'full' });
  names.push({ text: stem, form: 'short' });
  return names;
}

const regions: readonly Region[] = chineseProvinces.flatMap((province): Region[] => [
  province,
  ...province.cities.flatMap((city): readonly Region[] =>
    city.name === province.name ? city.counties : [city, ...city.counties],
  ),
]);
const byStart = new Map<string, { text: string; form: Token['form']; region: Region }[]>();
for (const region of regions) {
  for (const name of namesOf(region)) {
    const start = name.text.slice(0, 2);
    byStart.set(start, [...(byStart.get(start) ?? []), { ...name, region }]);
  }
}

/** Splits one address text. Never throws; what cannot be told is empty, and `unsure`. */
export function splitChineseAddress(text: string): AddressSplit {
  let plain = skipSeparators(halfWidth(text.slice(0, maxLength)).trim(), 0);
  let found = split(plain.text.slice(plain.at).replace(prefix, ''));
  // Upstreams put the chosen region in front of a text that names it again.
  for (let turn = 0; turn < 3 && found.confidence === 'sure'; turn += 1) {
    plain = skipSeparators(found.rest, 0);
    if (!namesWholeCity(plain.text.slice(plain.at))) break;
    const again = split(plain.text.slice(plain.at));
    const same = again.province === found.province && again.city === found.city;
    if (again.city === '' || (same && again.county === '' && found.county !== '')) break;
    if (!same || again.county !== found.county) {
      return doubt(found, `two places are named: ${shown(found)} and ${shown(again)}`);
    }
    found = { ...found, rest: again.rest };
  }
  if (found.confidence === 'sure' && found.rest === '') return doubt(found, `no street is named after ${shown(found)}`);
  return found;
}

/**
 * The address with the parts a person has corrected: `placeOfAddress` then gives exactly these, and `sure`, also if the
 * names are newer than our table.
 */
export function withChinesePlace(address: Address, place: ChinesePlace): Address {
  const tidy = (part: string): string => halfWidth(part).replace(/\s+/g, ' ').trim();
  return {
    ...address,
    state: tidy(place.province),
    city: tidy(place.city),
    county: tidy(place.county),
    line1: tidy(place.rest),
    line2: '',
  };
}

/**
 * The parts of an order's address. Parts that came apart (`state`, `city` and `county` all given) are taken as they
 * are; otherwise the text is split, and `state` and `city` help where it does not name them itself.
 */
export function placeOfAddress(address: Address): AddressSplit {
  const text = `${address.line1} ${address.line2}`.trim();
  const whole = splitChineseAddress(text);
  const { state, city, county } = address;
  if (state !== '' && city !== '' && county !== undefined) {
    const repeated = whole.province === state && whole.city === city && whole.county === county;
    const rest = repeated && whole.confidence === 'sure' ? whole.rest : halfWidth(text);
    const place = { province: state, city, county, rest };
    return rest === ''
      ? doubt(place, `no street is named after ${shown(place)}`)
      : { ...place, confidence: 'sure', reason: '' };
  }
  if (whole.confidence === 'sure' || state + city === '') return whole;
  const helped = splitChineseAddress(`${state}${city === state ? '' : city}${county ?? ''}${text}`);
  return helped.confidence === 'sure' ? helped : whole;
}

function split(text: string): AddressSplit {
  const readings = readingsFrom(text, 0, null);
  if (readings.length === 0) {
    const start = [...text].slice(0, 12).join('');
    return doubt({ province: '', city: '', county: '', rest: text.trim() }, `no province or city begins "${start}"`);
  }
  const resolved = readings.filter((reading) => isResolved(reading) && weakness(reading, text) === null);
  const best = bestOf(resolved.length > 0 ? resolved : readings);
  const [first] = best;
  if (first === undefined) return doubt({ province: '', city: '', county: '', rest: text }, 'no place is named');
  const place = placeOf(first, text);
  const leaves = new Map(best.map((reading) => [keyOf(reading), reading]));
  if (leaves.size > 1) {
    const names = [...leaves.values()].map((reading) => shown(placeOf(reading, text)));
    return doubt(
      { province: '', city: '', county: '', rest: text.trim() },
      `"${text.slice(0, first.end)}" can be ${names.slice(0, 5).join(' or ')}`,
    );
  }
  if (!isResolved(first)) return doubt(place, missing(first, text));
  const weak = weakness(first, text);
  return weak === null ? { ...place, confidence: 'sure', reason: '' } : doubt(place, weak);
}

/** All readings from `at`, within `parent`; a reading that can go on is not listed without its continuation. */
function readingsFrom(text: string, at: number, parent: Region | null): Reading[] {
  let { at: from } = skipSeparators(text, at);
  const grouped = parent === null ? null : groupingWords.exec(text.slice(from));
  if (grouped !== null) from = skipSeparators(text, from + grouped[0].length).at;
  const readings: Reading[] = [];
  for (const candidate of byStart.get(text.slice(from, from + 2)) ?? []) {
    if (!text.startsWith(candidate.text, from) || !isBelow(candidate.region, parent)) continue;
    const end = from + candidate.text.length;
    if (otherWord.test(text.slice(end - 1))) continue;
    if (candidate.form === 'short' && notAfterShort.test(text.slice(end)) && !goesOn(text, end, candidate.region))
      continue;
    const token: Token = { region: candidate.region, form: candidate.form, end };
    // 上海上海徐汇区: a municipality named twice, as province and as city.
    const twice = candidate.region.level === 'province' ? skipName(text, end, candidate.region) : end;
    const further = candidate.region.level === 'county' ? [] : readingsFrom(text, twice, candidate.region);
    if (further.length === 0) readings.push({ tokens: [token], end: twice });
    else readings.push(...further.map((reading) => ({ tokens: [token, ...reading.tokens], end: reading.end })));
  }
  return readings;
}

/** True if a place inside `region` is named right behind its short name: 青岛|市南区. */
function goesOn(text: string, at: number, region: Region): boolean {
  if (region.level === 'county') return false;
  return (byStart.get(text.slice(at, at + 2)) ?? []).some(
    ({ text: name, region: below }) => isBelow(below, region) && text.startsWith(name, at),
  );
}

function skipName(text: string, at: number, province: Province): number {
  if (province.cities[0]?.name !== province.name) return at;
  const { at: from } = skipSeparators(text, at);
  const names = namesOf(province).sort((a, b) => b.text.length - a.text.length);
  const again = names.find((name) => text.startsWith(name.text, from));
  return again === undefined ? at : from + again.text.length;
}

function isBelow(region: Region, parent: Region | null): boolean {
  if (parent === null) return true;
  if (parent.level === 'province') return region.level !== 'province' && region.province === parent.name;
  return region.level === 'county' && region.province === parent.province && region.city === parent.name;
}

/** Named down to a county, or to a city that has none. */
function isResolved(reading: Reading): boolean {
  const last = reading.tokens.at(-1)?.region;
  return last?.level === 'county' || (last?.level === 'city' && last.counties.length === 0);
}

/** More names in full, then more levels, then more text. */
function bestOf(readings: readonly Reading[]): Reading[] {
  const rank = (reading: Reading): number =>
    reading.tokens.filter((token) => token.form === 'full').length * 1_000_000 +
    reading.tokens.length * 10_000 +
    reading.end;
  const top = Math.max(...readings.map(rank));
  return readings.filter((reading) => rank(reading) === top);
}

/** Why a complete reading may still be wrong; null if nothing speaks against it. */
function weakness(reading: Reading, text: string): string | null {
  const [first] = reading.tokens;
  const last = reading.tokens.at(-1);
  if (first === undefined || last === undefined) return 'no place is named';
  const apart = last.end >= text.length || separators.test(text.charAt(last.end));
  const place = shown(placeOf(reading, text));
  if (last.region.level === 'county' && last.form === 'short' && !apart) {
    return `"${text.slice(0, last.end)}" looks like ${place}, but can be part of a street's name`;
  }
  if (reading.tokens.length > 1) return null;
  // One name alone. Cities and counties by their full names are unlike each other; districts are often not.
  if (first.form === 'short' && !apart) return `"${text.slice(0, first.end)}" looks like ${place}, but stands alone`;
  if (first.region.level === 'county' && (first.form === 'short' || first.region.name.endsWith('区'))) {
    return `"${text.slice(0, first.end)}" names no province or city; only ${place} is called so today`;
  }
  return null;
}

/** What an incomplete reading lacks. */
function missing(reading: Reading, text: string): string {
  const last = reading.tokens.at(-1)?.region;
  const next = [...text.slice(reading.end).trim()].slice(0, 12).join('');
  const ofCity = last?.level === 'city' || (last?.level === 'province' && last.cities[0]?.name === last.name);
  return `no ${ofCity ? 'district or county' : 'city'} of ${last?.name ?? 'China'} begins "${next}"`;
}

function placeOf(reading: Reading, text: string): ChinesePlace {
  const last = reading.tokens.at(-1)?.region;
  const rest = text.slice(skipSeparators(text, reading.end).at).trim();
  switch (last?.level) {
    case 'county':
      return { province: last.province, city: last.city, county: last.name, rest };
    case 'city':
      return { province: last.province, city: last.name, county: '', rest };
    case 'province': {
      const only = last.cities[0]?.name === last.name ? last.name : '';
      return { province: last.name, city: only, county: '', rest };
    }
    case undefined:
      return { province: '', city: '', county: '', rest };
  }
}

function keyOf(reading: Reading): string {
  const region = reading.tokens.at(-1)?.region;
  if (region === undefined) return '';
  return region.level === 'county'
    ? `${region.province}/${region.city}/${region.name}`
    : `${region.level}/${region.name}`;
}

/** True if the text begins with the full name of a province or city. */
function namesWholeCity(text: string): boolean {
  return (byStart.get(text.slice(0, 2)) ?? []).some(
    ({ text: name, form, region }) => form === 'full' && region.level !== 'county' && text.startsWith(name),
  );
}

function shown(place: Pick<ChinesePlace, 'province' | 'city' | 'county'>): string {
  return `${place.province}${place.city === place.province ? '' : place.city}${place.county}`;
}

function doubt(place: ChinesePlace, reason: string): AddressSplit {
  const { province, city, county, rest } = place;
  return { province, city, county, rest, confidence: 'unsure', reason };
}

function skipSeparators(text: string, from: number): { text: string; at: number } {
  let at = from;
  while (at < text.length && separators.test(text.charAt(at))) at += 1;
  return { text, at };
}

/** Full-width letters, digits and blanks as ASCII: ６６号 is 66号. */
function halfWidth(text: string): string {
  return text
    .replace(/[０-９Ａ-Ｚａ-ｚ]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/\u3000/g, ' ');
}
