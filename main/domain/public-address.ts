/** Whether an address lies on the public network. A label's address comes from outside and must not open doors inside. */

/**
 * True for an IP address (without brackets) that is not on the public network: this host, this link, private networks,
 * and what is reserved. Sources: IANA special-purpose address registries for IPv4 (RFC 6890) and IPv6.
 */
export function isPrivateAddress(address: string): boolean {
  const mapped = /^(?:::ffff:|64:ff9b::)(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const parts = (mapped ?? address).split('.').map(Number);
  if (parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255)) {
    const [a = 0, b = 0, c = 0] = parts;
    return (
      [0, 10, 127].includes(a) ||
      a >= 224 ||
      (a === 100 && b >= 64 && b <= 127) ||
      (a === 169 && b === 254) ||
      (a === 172 && b >= 16 && b <= 31) ||
      (a === 192 && (b === 168 || (b === 0 && (c === 0 || c === 2)))) ||
      (a === 198 && (b === 18 || b === 19 || (b === 51 && c === 100))) ||
      (a === 203 && b === 0 && c === 113)
    );
  }
  // Of IPv6 only 2000::/3 is handed out; what translates to IPv4 or is for documents is not taken.
  const first = Number.parseInt(address.split(':')[0] ?? '', 16);
  return !(first >= 0x2000 && first <= 0x3fff) || /^2001:(?:0?db8|0{0,4}):|^2002:/i.test(address);
}

/** True for a host name that stands for this machine or this network whatever it resolves to. */
export function isLocalName(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return !name.includes('.') || /(?:^|\.)(?:localhost|local|internal|lan|home|corp|intranet|home\.arpa)$/.test(name);
}
