import { isIP } from 'node:net';
import { ProblemError } from './problem.ts';

/** Which names and pages may reach the sidecar. */
export interface HostOptions {
  /** Names beside those of the loopback interface, without ports. */
  readonly hosts: readonly string[];
  /** Whether it may be called by any address in numbers, as where it listens on all interfaces. */
  readonly anyAddress: boolean;
  /** Origins of other pages that may call, as the browser writes them: `https://guard.example`. */
  readonly origins: readonly string[];
}

/**
 * Who may call by which name. A page elsewhere can make its own name lead here (DNS rebinding): a name that is not known is
 * refused, whatever is asked. An address in numbers is no such name.
 */
export class Hosts {
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  readonly #anyAddress: boolean;

  constructor({ hosts, anyAddress, origins }: HostOptions) {
    this.#anyAddress = anyAddress;
    this.#origins = new Set(origins.map((origin) => origin.toLowerCase().replace(/\/$/, '')));
    const ofOrigins = [...this.#origins].flatMap((origin) => hostnameOf(origin) ?? []);
    this.#hosts = new Set([...hosts.map(bare), ...ofOrigins]);
  }

  /** Throws ProblemError for a host that is not known, or a page of another origin. Answers whether it is a loopback name. */
  check(
    request: Request,
    host: string | null,
  ): { readonly isLoopback: boolean; readonly origin: string | null } {
    const name = host === null ? undefined : nameOf(host);
    if (name === undefined || !this.#isKnown(name)) {
      throw new ProblemError(
        403,
        'The sidecar is not known by this host name. Call it by localhost, or add the name to `sidecar.origins`.',
      );
    }
    return { isLoopback: isLoopbackName(name), origin: this.#originOf(request, host ?? '') };
  }

  /** The other page's origin that may call; `null` for a call of no page, or of one of the sidecar's own. */
  #originOf({ headers }: Request, host: string): string | null {
    const origin = headers.get('origin')?.toLowerCase() ?? null;
    if (origin === null) return null;
    if (this.#origins.has(origin)) return origin;
    if (origin === `http://${host.toLowerCase()}` || origin === `https://${host.toLowerCase()}`) return null;
    throw new ProblemError(
      403,
      'Pages of other origins may not call the sidecar. List the origin under `sidecar.origins` if it should.',
    );
  }

  #isKnown(name: string): boolean {
    return isLoopbackName(name) || this.#hosts.has(name) || (this.#anyAddress && isIP(name) !== 0);
  }
}

/** Whether a name or an address is the machine's own, for itself alone. */
export function isLoopbackName(name: string): boolean {
  return name === 'localhost' || isLoopbackAddress(name);
}

/** Whether an address is of the loopback interface. */
export function isLoopbackAddress(address: string): boolean {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

/** The name in a Host header, in lower case, without port, brackets and final dot; `undefined` for what is none. */
function nameOf(host: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(host);
  const name = match?.[1] ?? match?.[2];
  return name === undefined ? undefined : bare(name);
}

function bare(name: string): string {
  return name
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

function hostnameOf(origin: string): string | undefined {
  return URL.canParse(origin) ? bare(new URL(origin).hostname) : undefined;
}
