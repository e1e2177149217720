import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '../core/access-token.ts';

/** How long a link to log in is good for, and a session after it, in milliseconds. */
const LINK_MS = 5 * 60_000;
const SESSION_MS = 12 * 60 * 60_000;
/** Most links, and most sessions, at a time; the oldest goes first. */
const MAX_KEPT = 100;

/** Who is at a browser. */
export interface Login {
  /** How the journal names them. */
  readonly name: string;
  readonly role: Role;
}

interface Kept extends Login {
  /** Milliseconds by a monotonic clock. */
  readonly until: number;
}

/** Links that log a browser in once, and the sessions that they begin. In memory: a restart ends them. */
export class Logins {
  readonly #now: () => number;
  readonly #links = new Map<string, Kept>();
  readonly #sessions = new Map<string, Kept>();

  /** `now`: milliseconds by a monotonic clock. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A new key, for one login within five minutes. */
  newKey(login: Login): string {
    return this.#keep(this.#links, login, LINK_MS);
  }

  /** Begins a session with a key, which is then used up; its secret, or `undefined` for a key that is not good. */
  begin(key: string): { readonly secret: string; readonly login: Login } | undefined {
    const login = this.#find(this.#links, key);
    if (login === undefined) return undefined;
    this.#links.delete(hashOf(key));
    return { secret: this.#keep(this.#sessions, login, SESSION_MS), login };
  }

  /** Who has this session's secret. */
  of(secret: string): Login | undefined {
    return this.#find(this.#sessions, secret);
  }

  /** Ends a session. */
  end(secret: string): void {
    this.#sessions.delete(hashOf(secret));
  }

  #keep(where: Map<string, Kept>, { name, role }: Login, millis: number): string {
    const secret = randomBytes(32).toString('base64url');
    where.set(hashOf(secret), { name, role, until: this.#now() + millis });
    const [oldest] = where.keys();
    if (where.size > MAX_KEPT && oldest !== undefined) where.delete(oldest);
    return secret;
  }

  /** Looked up by its hash: how long it takes tells nothing of the secrets that there are. */
  #find(where: Map<string, Kept>, secret: string): Kept | undefined {
    const hash = hashOf(secret);
    const kept = where.get(hash);
    if (kept === undefined || this.#now() < kept.until) return kept;
    where.delete(hash);
    return undefined;
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret.slice(0, 200)).digest('hex');
}
