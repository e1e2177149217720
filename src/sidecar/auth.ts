import { checkToken } from '../access/check-token.ts';
import { may, type Permission, rolesThatMay } from '../access/roles.ts';
import { tokenPerson } from '../approvals/person.ts';
import type { Role } from '../core/access-token.ts';
import type { Clock } from '../core/clock.ts';
import type { TokenStore } from '../stores/token-store.ts';
import { Attempts } from './attempts.ts';
import type { Hosts } from './hosts.ts';
import type { Logins } from './logins.ts';
import { ProblemError } from './problem.ts';

/** Failed credentials of one caller in a minute, before it has to wait. */
const MAX_FAILURES = 30;
const WINDOW_MS = 60_000;

/** Who calls, as far as the connection tells. */
export interface Connection {
  /** Address at the other end; `null` where it is not known. */
  readonly address: string | null;
  /** Whether both ends are on this machine's loopback interface, and the sidecar listens on nothing else. */
  readonly isLocal: boolean;
}

/** Who calls. */
export interface Actor {
  /** `token:<name>`, `web:<user>@<host>`, or `local` where no credential was needed. */
  readonly name: string;
  /** `null`: a program on this machine, that may use nothing but the open routes. */
  readonly role: Role | null;
}

/** What a route asks of who calls it. */
export interface Demand {
  readonly permission: Permission | null;
  /** Whether programs on this machine need no token for it. */
  readonly open: boolean;
}

/** What access is decided by. */
export interface AuthOptions {
  readonly tokens: TokenStore | undefined;
  readonly clock: Clock;
  readonly hosts: Hosts;
  readonly logins: Logins;
  /** Whether local calls need a token too. */
  readonly requireToken: boolean;
  /** The cookie that has a session's secret. */
  readonly cookie: string;
}

/** A call that may go on. */
export interface Admission {
  readonly actor: Actor;
  /** The other page's origin that is answered; `null` where there is none. */
  readonly origin: string | null;
}

/** Headers that a proxy adds: whoever calls through one is not on this machine. */
const PROXY_HEADERS = Object.freeze(['forwarded', 'x-forwarded-for', 'x-real-ip', 'via']);
const BROWSER_HEADERS = Object.freeze(['origin', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest']);
const LOCAL: Actor = Object.freeze({ name: 'local', role: null });

/** Decides who may call what. */
export class Auth {
  readonly #options: AuthOptions;
  readonly #attempts: Attempts;

  constructor(options: AuthOptions) {
    this.#options = options;
    this.#attempts = new Attempts(() => options.clock.monotonic(), {
      most: MAX_FAILURES,
      windowMs: WINDOW_MS,
    });
  }

  /**
   * Who calls, where they may. Throws ProblemError otherwise: 403 for a foreign host or page, 401 for no credential or one
   * that is not good, 403 for a role that may not, 429 after too many failures.
   */
  async admit(request: Request, connection: Connection, demand: Demand): Promise<Admission> {
    const { headers } = request;
    const { isLoopback, origin } = this.#options.hosts.check(request, headers.get('host'));
    const actor = await this.#actorOf(request, connection);
    if (actor !== null) {
      this.#checkRole(actor, demand);
      return { actor, origin };
    }
    if (demand.permission === null) return { actor: LOCAL, origin };
    if (demand.open && isLoopback && this.#isLocalProgram(request, connection))
      return { actor: LOCAL, origin };
    throw unauthorized(
      'This needs an access token: `Authorization: Bearer <token>`. `plyra-guard token create` makes one.',
    );
  }

  /** The name of a Host header and an Origin alone, for what is no route. Throws as {@link admit} does. */
  checkHost(request: Request): string | null {
    return this.#options.hosts.check(request, request.headers.get('host')).origin;
  }

  /** Whether this caller has failed too often. Throws ProblemError (429) then. */
  checkAttempts({ address }: Connection): void {
    const seconds = this.#attempts.waitSeconds(address ?? '');
    if (seconds === 0) return;
    throw new ProblemError(429, `Too many wrong credentials came from here. Try again in ${seconds} s.`, {
      headers: { 'retry-after': String(seconds) },
    });
  }

  /** Notes that this caller showed a wrong credential. */
  noteFailure({ address }: Connection): void {
    this.#attempts.failed(address ?? '');
  }

  /** The secret in the request's session cookie. */
  sessionOf({ headers }: Request): string | undefined {
    const prefix = `${this.#options.cookie}=`;
    const pair = headers
      .get('cookie')
      ?.split(';')
      .map((one) => one.trim())
      .find((one) => one.startsWith(prefix));
    return pair?.slice(prefix.length);
  }

  #isLocalProgram({ headers }: Request, { isLocal }: Connection): boolean {
    if (this.#options.requireToken || !isLocal) return false;
    return ![...BROWSER_HEADERS, ...PROXY_HEADERS].some((name) => headers.has(name));
  }

  async #actorOf(request: Request, connection: Connection): Promise<Actor | null> {
    const given = request.headers.get('authorization');
    // Who shows a credential is judged by it, whatever they could do without.
    if (given !== null) return this.#holderOf(given, connection);
    const secret = this.sessionOf(request);
    const login = secret === undefined ? undefined : this.#options.logins.of(secret);
    if (login === undefined) return null;
    checkSamePage(request);
    return login;
  }

  async #holderOf(authorization: string, connection: Connection): Promise<Actor> {
    this.checkAttempts(connection);
    const { tokens, clock } = this.#options;
    const text = /^bearer +(\S+)$/i.exec(authorization)?.[1];
    const check =
      text === undefined || tokens === undefined
        ? undefined
        : await checkToken(text, { store: tokens, now: clock.now() });
    if (check?.ok === true) {
      const { name, role } = check.token;
      return { name: tokenPerson(name), role };
    }
    this.noteFailure(connection);
    throw unauthorized(check?.message ?? 'Send the token as `Authorization: Bearer <token>`.');
  }

  #checkRole({ role }: Actor, { permission }: Demand): void {
    if (permission === null || (role !== null && may(role, permission))) return;
    throw new ProblemError(
      403,
      `The role ${role ?? 'none'} may not do this. It takes the role ${rolesThatMay(permission).join(' or ')}.`,
    );
  }
}

/** A browser sends its cookies for a page on another port of this machine too: only the sidecar's own pages may use them. */
function checkSamePage({ method, headers }: Request): void {
  const site = headers.get('sec-fetch-site');
  const isOwn = site === null || site === 'same-origin' || (site === 'none' && method === 'GET');
  const tellsWhere = headers.has('origin') || site === 'same-origin';
  if (isOwn && (method === 'GET' || tellsWhere)) return;
  throw new ProblemError(403, "A session can be used by the sidecar's own pages only.");
}

function unauthorized(detail: string): ProblemError {
  return new ProblemError(401, detail, { headers: { 'www-authenticate': 'Bearer realm="plyra-guard"' } });
}
