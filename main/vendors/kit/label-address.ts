/** Which addresses a label is fetched from, when a vendor answers with an address instead of the label. */
import { isLocalName, isPrivateAddress } from '../../domain/public-address.ts';

/** Redirects followed for one label, all on one host. */
export const mostRedirects = 3;

export type LabelAddress =
  /** `ownHost`: the vendor's own; only there our credentials go along, and its address may be anywhere. */
  | { readonly kind: 'allowed'; readonly url: string; readonly ownHost: boolean }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Judges an address out of a vendor's answer. The vendor's own scheme, host and port are taken as they are configured
 * (in training that is plain HTTP on loopback). Any other host must be public and speak HTTPS.
 */
export function judgeLabelAddress(text: string, base: string): LabelAddress {
  const refused = (reason: string): LabelAddress => ({ kind: 'refused', reason });
  if (text.length > 4_096 || !URL.canParse(text)) return refused('the label’s address is no address');
  const url = new URL(text);
  const ownHost = url.origin === new URL(base).origin;
  if (url.username !== '' || url.password !== '') return refused('the label’s address holds a user name');
  url.hash = '';
  if (ownHost) return { kind: 'allowed', url: url.href, ownHost };
  if (url.protocol !== 'https:') return refused(`the label is at ${url.protocol}//${url.host}, which is not https`);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const isAddress = /^[\d.]+$/.test(host) || host.includes(':');
  if (isAddress ? isPrivateAddress(host) : isLocalName(host)) {
    return refused(`the label is at ${url.host}, inside this network and not the vendor’s host`);
  }
  return { kind: 'allowed', url: url.href, ownHost };
}

/** Where a redirect leads, if it may be followed: on the same scheme, host and port only. */
export function judgeRedirect(location: string | undefined, from: string): LabelAddress {
  if (location === undefined || !URL.canParse(location, from)) {
    return { kind: 'refused', reason: 'the label’s address leads nowhere' };
  }
  const next = new URL(location, from);
  if (next.origin !== new URL(from).origin) {
    return { kind: 'refused', reason: `the label’s address leads to another host, ${next.host}` };
  }
  return judgeLabelAddress(next.href, from);
}
