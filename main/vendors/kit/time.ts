/** China Standard Time, UTC+8 without summer time (none since 1991): what the Chinese vendors mean by a local time. */

const shanghaiOffsetMs = 8 * 3_600_000;

/** `yyyyMMddHHmmss` in Asia/Shanghai. */
export function compactShanghai(at: number): string {
  return shanghaiText(at).replace(/\D/g, '');
}

/** `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai. */
export function shanghaiText(at: number): string {
  return new Date(at + shanghaiOffsetMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** `yyyy-MM-dd HH:mm:ss`, with or without a fraction or seconds, in Asia/Shanghai, as an instant; null if it is none. */
export function parseShanghai(text: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2})?(?:\.(\d{1,9}))?$/.exec(text.trim());
  if (match === null) return null;
  const millis = (match[4] ?? '').padEnd(3, '0').slice(0, 3);
  const at = Date.parse(`${match[1]}T${match[2]}${match[3] ?? ':00'}.${millis}+08:00`);
  return Number.isNaN(at) || at < 0 ? null : at;
}
