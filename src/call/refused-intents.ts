/** How much is remembered. */
export interface Bounds {
  /** Most agents in sessions. */
  readonly sessions: number;
  /** Most intents of each. */
  readonly intents: number;
}

/**
 * A server has hundreds of sessions at a time, an agent that is stuck has a handful of intents that it tries again; all
 * that fits takes some 15 MB at most, as names are digests.
 */
const BOUNDS: Bounds = Object.freeze({ sessions: 1_000, intents: 100 });

/**
 * How often intents were refused, by session: in this process's memory, and bounded. What was refused longest ago is
 * forgotten first. Names are digests, so nothing secret is kept.
 */
export class RefusedIntents {
  readonly #bounds: Bounds;
  /** Least recently refused first, on both levels. */
  readonly #sessions = new Map<string, Map<string, number>>();

  constructor(bounds: Bounds = BOUNDS) {
    this.#bounds = bounds;
  }

  /** True where nothing was refused yet: then nobody needs to work out names. */
  get isEmpty(): boolean {
    return this.#sessions.size === 0;
  }

  has(session: string): boolean {
    return this.#sessions.has(session);
  }

  count(session: string, intent: string): number {
    return this.#sessions.get(session)?.get(intent) ?? 0;
  }

  /** Counts one more refusal, and says which one it is. */
  add(session: string, intent: string): number {
    const intents = this.#sessions.get(session) ?? new Map<string, number>();
    const count = (intents.get(intent) ?? 0) + 1;
    setLast(intents, intent, count, this.#bounds.intents);
    setLast(this.#sessions, session, intents, this.#bounds.sessions);
    return count;
  }

  forget(session: string, intent: string): void {
    const intents = this.#sessions.get(session);
    if (intents?.delete(intent) === true && intents.size === 0) this.#sessions.delete(session);
  }
}

/** Sets an entry behind all others, and drops the first one where there are too many then. */
function setLast<T>(map: Map<string, T>, key: string, value: T, max: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= max) return;
  const [first] = map.keys();
  if (first !== undefined) map.delete(first);
}
