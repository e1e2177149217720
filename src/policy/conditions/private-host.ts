import ipaddr from 'ipaddr.js';
import { embeddedIpv4, readHost } from '../spellings/host.ts';

/** Names that only resolve inside a machine or a network, as a whole or as the last labels. */
const PRIVATE_SUFFIXES = Object.freeze([
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'lan',
  'home.arpa',
]);
/** Addresses of cloud platforms' own services that lie in public ranges. */
const PLATFORM_ADDRESSES: ReadonlySet<string> = new Set(['168.63.129.16']);

/** Longer values are no host or URL that anything would connect to. */
const MAX_LENGTH = 65_536;
/** The longest host name of DNS, with a trailing dot. */
const MAX_HOST = 254;

/**
 * Whether a host or URL names this machine or a private network: loopback, RFC 1918, link-local (169.254.169.254),
 * carrier-grade NAT, unique local, and every other address that is not public unicast; `localhost`, `*.local`,
 * `*.internal` and single-label names; `file:` URLs. Hosts are read as a browser reads them, so decimal, octal, hex
 * and short IPv4, user-info, a trailing dot and mapped IPv6 hide nothing. `null` when no host can be read.
 */
export function isPrivateHost(value: string): boolean | null {
  if (value.length > MAX_LENGTH) return null;
  const text = value.trim();
  if (/^file:/i.test(text)) return true;
  const host = readHost(text);
  if (host === null || host === '') return null;
  if (host.startsWith('[')) return isPrivateAddress(host.slice(1, -1));
  if (host.length > MAX_HOST) return null;
  const name = host.replace(/\.+$/, '').toLowerCase();
  if (ipaddr.IPv4.isValidFourPartDecimal(name)) return isPrivateAddress(name);
  if (name === '') return null;
  if (!name.includes('.')) return true;
  return PRIVATE_SUFFIXES.some((suffix) => name.endsWith(`.${suffix}`));
}

function isPrivateAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return true;
  const address = ipaddr.process(text);
  if (PLATFORM_ADDRESSES.has(address.toString())) return true;
  if (address.range() !== 'unicast') return true;
  // ::127.0.0.1, the deprecated form of an embedded IPv4 address, counts as unicast.
  return embeddedIpv4(`[${text}]`) !== null;
}
