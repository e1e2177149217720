import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigValidationError } from '../core/errors.ts';
import type { AgentCall } from '../core/intent.ts';
import { type TrustLevel, trustScore } from '../core/levels.ts';

/** What an agent is registered with, beside its trust. */
export interface AgentOptions {
  /** Agents that it may delegate to; names may end in `*` (a prefix), `*` alone is any. Default: none. */
  readonly canDelegateTo?: readonly string[] | undefined;
  /** A whole number; `null` and the default: no cap. */
  readonly maxActionsPerRun?: number | null | undefined;
}

const OPTION_NAMES: readonly string[] = Object.freeze([
  'canDelegateTo',
  'maxActionsPerRun',
] satisfies (keyof AgentOptions)[]);

/** An agent that was registered. */
export interface AgentRecord {
  readonly id: string;
  /** Its own trust, 0–1. What counts for a call is `effectiveTrust`. */
  readonly trustLevel: number;
  readonly canDelegateTo: readonly string[];
  readonly maxActionsPerRun: number | null;
}

const NOBODY: readonly string[] = Object.freeze([]);

/** Who registered an agent: the program, or its configuration files. */
export type AgentSource = 'code' | 'files';

/** Who is trusted how far, and who may delegate to whom. */
export class AgentLedger {
  readonly #registered = new Map<string, Agent>();

  /** True once any agent was registered: from then on an unknown one counts 0, though all were taken back. */
  #closed = false;

  /**
   * Registers an agent. Registering it again from the same source replaces its trust and options; registered by code
   * and by files, the lower trust and the tighter options hold.
   * @throws ConfigValidationError for a trust that is neither a level nor a number from 0 to 1, and for wrong options.
   */
  register(
    agentId: string,
    trust: number | TrustLevel,
    options: AgentOptions = {},
    source: AgentSource = 'code',
  ): void {
    const terms = readTerms(agentId, trust, options);
    const agent = this.#registered.get(agentId) ?? new Agent(agentId);
    agent.register(terms, source);
    this.#registered.set(agentId, agent);
    this.#closed = true;
  }

  /** Takes back what a source said of an agent; when no other source speaks for it, it counts as unknown. */
  unregister(agentId: string, source: AgentSource): void {
    const agent = this.#registered.get(agentId);
    agent?.unregister(source);
    if (agent?.registered === false) this.#registered.delete(agentId);
  }

  /** True while no agent was ever registered: then trust is what the chain declares. */
  get isOpen(): boolean {
    return !this.#closed;
  }

  /** Registered agents. */
  get size(): number {
    return this.#registered.size;
  }

  /** True for a registered agent. */
  has(agentId: string): boolean {
    return this.#registered.has(agentId);
  }

  /** A registered agent; `undefined` for others. */
  get(agentId: string): AgentRecord | undefined {
    return this.#registered.get(agentId);
  }

  /** The registered agents, in the order of their registration. */
  agents(): AgentRecord[] {
    return [...this.#registered.values()];
  }

  /**
   * The trust that counts for a call: the lowest of its chain and its caller. A registered agent's is the ledger's,
   * never what a hop declares. While nobody was registered a hop counts as it declares (anything but a number from
   * 0 to 1 counts 0) and a call without a chain 1; afterwards an agent that is not registered counts 0.
   */
  effectiveTrust(agentId: string, chain: readonly AgentCall[]): number {
    if (!this.#closed) return declaredTrust(chain);
    let lowest = this.#registered.get(agentId)?.trustLevel ?? 0;
    for (let i = 0; i < chain.length && lowest > 0; i++) {
      lowest = Math.min(lowest, this.#hopTrust(chain[i]));
    }
    return lowest;
  }

  /** True unless the delegating agent is registered and the other is not in its `canDelegateTo`. */
  mayDelegate(from: string, to: string): boolean {
    return this.#registered.get(from)?.mayDelegateTo(to) ?? true;
  }

  #hopTrust(hop: AgentCall | undefined): number {
    return this.#registered.get(hop?.agentId ?? '')?.trustLevel ?? 0;
  }
}

interface Terms {
  readonly trustLevel: number;
  readonly canDelegateTo: readonly string[];
  readonly maxActionsPerRun: number | null;
}

class Agent implements AgentRecord {
  readonly id: string;
  readonly #terms = new Map<AgentSource, Terms>();

  constructor(id: string) {
    this.id = id;
  }

  get registered(): boolean {
    return this.#terms.size > 0;
  }

  get trustLevel(): number {
    return this.registered ? Math.min(...this.#all().map((terms) => terms.trustLevel)) : 0;
  }

  get canDelegateTo(): readonly string[] {
    const [first] = this.#all();
    return first === undefined ? NOBODY : first.canDelegateTo.filter((name) => this.mayDelegateTo(name));
  }

  get maxActionsPerRun(): number | null {
    const caps = this.#all().flatMap((terms) => terms.maxActionsPerRun ?? []);
    return caps.length === 0 ? null : Math.min(...caps);
  }

  register(terms: Terms, source: AgentSource): void {
    this.#terms.set(source, terms);
  }

  unregister(source: AgentSource): void {
    this.#terms.delete(source);
  }

  mayDelegateTo(agentId: string): boolean {
    return this.#all().every(({ canDelegateTo }) =>
      canDelegateTo.some((name) =>
        name.endsWith('*') ? agentId.startsWith(name.slice(0, -1)) : name === agentId,
      ),
    );
  }

  #all(): Terms[] {
    return [...this.#terms.values()];
  }
}

function declaredTrust(chain: readonly AgentCall[]): number {
  let lowest = 1;
  for (const hop of chain) {
    // A caller may hand in anything; what is no hop, and a NaN, counts 0.
    const trustLevel = (hop as AgentCall | null | undefined)?.trustLevel ?? 0;
    lowest = trustLevel >= 0 && trustLevel <= 1 ? Math.min(lowest, trustLevel) : 0;
    if (lowest === 0) return 0;
  }
  return lowest;
}

function readTerms(agentId: string, trust: unknown, options: AgentOptions): Terms {
  if (typeof agentId !== 'string' || agentId === '' || agentId.length > 1000) {
    throw invalid(agentId, 'id', 'a string of 1 to 1000 characters');
  }
  const known = typeof trust === 'number' || typeof trust === 'string';
  const trustLevel = known ? trustScore(trust as number | TrustLevel) : undefined;
  if (trustLevel === undefined) {
    throw invalid(
      agentId,
      'trust',
      'a number from 0 to 1, or HUMAN, ORCHESTRATOR, PEER, SUB_AGENT or UNKNOWN',
    );
  }
  const { canDelegateTo, maxActionsPerRun } = checkedOptions(agentId, options);
  const names = canDelegateTo ?? NOBODY;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string' && name !== '')) {
    throw invalid(agentId, 'canDelegateTo', 'an array of agent ids');
  }
  const cap: unknown = maxActionsPerRun ?? null;
  if (cap !== null && !(Number.isSafeInteger(cap) && (cap as number) >= 0)) {
    throw invalid(agentId, 'maxActionsPerRun', 'a whole number of zero or more, or null for no cap');
  }
  return { trustLevel, canDelegateTo: Object.freeze([...names]), maxActionsPerRun: cap as number | null };
}

/** A misspelt option would silently leave its default in force. */
function checkedOptions(agentId: string, options: AgentOptions): AgentOptions {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalid(agentId, 'options', `an object with ${OPTION_NAMES.join(' and ')}`);
  }
  const wrong = Object.keys(options).find((name) => !OPTION_NAMES.includes(name));
  if (wrong === undefined) return options;
  const hint = didYouMean(wrong, OPTION_NAMES) || ` There are: ${OPTION_NAMES.join(', ')}.`;
  const field = wrong.slice(0, 60);
  throw new ConfigValidationError(`An agent has no option \`${field}\`.${hint}`, {}, { field });
}

function invalid(agentId: unknown, field: string, expected: string): ConfigValidationError {
  const who =
    typeof agentId === 'string' && agentId !== '' ? `the agent ${agentId.slice(0, 60)}` : 'an agent';
  return new ConfigValidationError(`The ${field} of ${who} must be ${expected}`, {}, { field });
}
