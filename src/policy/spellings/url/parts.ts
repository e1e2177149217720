import { readHost } from '../host.ts';

/** A URL in the pieces that its forms are made of. Without host, all pieces but `href` and `scheme` are empty. */
export interface UrlParts {
  /** The WHATWG form, with user-info. */
  readonly href: string;
  /** In lower case, with its colon. */
  readonly scheme: string;
  /** `user:password`. */
  readonly userInfo: string;
  /** As a browser reads it, without a dot at its end. */
  readonly host: string;
  /** As it was written. */
  readonly givenHost: string;
  /** With its colon; empty for the scheme's own port. */
  readonly port: string;
  /** Path, query and fragment. */
  readonly rest: string;
}

/** The parts of a URL, or `null` when the text is none. Schemes beyond the web's get hosts read in the same way. */
export function urlParts(text: string): UrlParts | null {
  if (!URL.canParse(text)) return null;
  const href = new URL(text).href;
  const scheme = href.slice(0, href.indexOf(':') + 1);
  const authority = /^\/\/([^/?#]*)/.exec(href.slice(scheme.length))?.[1] ?? '';
  if (authority === '' || scheme === 'file:') {
    return { href, scheme, userInfo: '', host: '', givenHost: '', port: '', rest: '' };
  }
  const at = authority.lastIndexOf('@');
  const port = /:\d*$/.exec(authority)?.[0] ?? '';
  const name = authority.slice(at + 1, authority.length - port.length);
  return {
    href,
    scheme,
    userInfo: authority.slice(0, Math.max(at, 0)),
    host: (readHost(name) ?? name).replace(/\.{1,8}$/, ''),
    givenHost: givenHostOf(text),
    port,
    rest: href.slice(scheme.length + 2 + authority.length),
  };
}

function givenHostOf(text: string): string {
  const authority = /^\s*[a-z][a-z0-9+.-]*:[\\/]*([^\\/?#]*)/i.exec(text)?.[1] ?? '';
  return authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
}
