import ipaddr from 'ipaddr.js';

/** Schemes whose hosts WHATWG reads with all their spellings. */
const WEB_SCHEME = /^(?:https?|wss?|ftp):/i;

/**
 * The host of a URL, or of a text that is a host with or without port and path, as a browser reads it: lower case,
 * percent-decoded, IDN as `xn--`, IPv4 from decimal, octal, hex and short spellings, IPv6 in brackets. `null` where
 * no host can be read.
 */
export function readHost(text: string): string | null {
  const url = asHttp(text);
  return URL.canParse(url) ? new URL(url).hostname : null;
}

/** The same host under `http:`, whose hosts alone are read with all their spellings. */
function asHttp(text: string): string {
  if (WEB_SCHEME.test(text) && !/^[a-z]+:\d+(?:[/?#]|$)/i.test(text)) return text;
  const scheme = /^[a-z][a-z0-9+.-]*:[\\/]{2}/i.exec(text);
  if (scheme !== null) return `http://${text.slice(scheme[0].length)}`;
  if (/^[\\/]{2}/.test(text)) return `http:${text}`;
  const zone = text.indexOf('%');
  const bare = zone < 0 ? text : text.slice(0, zone);
  if (bare.length <= 45 && /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(bare)) return `http://[${bare}]`;
  return `http://${text}`;
}

/** The IPv4 address inside an IPv6 host in brackets: mapped (`[::ffff:a00:1]`) or the old compatible (`[::a00:1]`). */
export function embeddedIpv4(host: string): string | null {
  const parts = ipv6Parts(host);
  if (parts === null || parts.slice(0, 5).some((part) => part !== 0)) return null;
  const [sixth = 0, high = 0, low = 0] = parts.slice(5);
  // [::] and [::1] are addresses of their own.
  if (sixth !== 0xffff && (sixth !== 0 || (high === 0 && low <= 1))) return null;
  return dotted(high, low);
}

/** The IPv4 address that a NAT64 gateway reaches for an IPv6 host in brackets (`[64:ff9b::a00:1]`, RFC 6052). */
export function translatedIpv4(host: string): string | null {
  const parts = ipv6Parts(host);
  if (parts === null || parts[0] !== 0x64 || parts[1] !== 0xff9b) return null;
  return dotted(parts[6] ?? 0, parts[7] ?? 0);
}

function ipv6Parts(host: string): readonly number[] | null {
  const text = host.startsWith('[') ? host.slice(1, -1) : '';
  return ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text).parts : null;
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}
