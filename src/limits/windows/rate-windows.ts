import type { RateFact } from '../../core/facts.ts';
import type { Rate } from '../../core/rate.ts';
import type { CompiledLimits } from '../compiled-limits.ts';
import type { LimitCall } from '../limiter.ts';
import { BoundedCounters } from './bounded-counters.ts';
import { SlidingWindow } from './sliding-window.ts';

type Scope = 'default' | 'tool' | 'agent';

type Windows = BoundedCounters<SlidingWindow>;

const NO_RATES: readonly RateFact[] = Object.freeze([]);
const NO_WINDOWS: readonly SlidingWindow[] = Object.freeze([]);

/** The sliding windows of every tool and agent that a rate covers. */
export class RateWindows {
  readonly #maxNames: number;
  #rates: CompiledLimits['rates'] = null;
  /** By scope and length, so that the windows of one group fall idle in the order of their last call. */
  #groups = noGroups();

  constructor(maxNames: number) {
    this.#maxNames = maxNames;
  }

  /** Windows in memory. For tests of flat memory. */
  get size(): number {
    let size = 0;
    for (const groups of Object.values(this.#groups)) {
      for (const group of groups.values()) size += group.size;
    }
    return size;
  }

  /** Puts other rates in force. Windows whose scope and length are still in use are kept, with their counts. */
  configure(rates: CompiledLimits['rates']): void {
    const before = this.#groups;
    this.#rates = rates;
    this.#groups = noGroups();
    if (rates === null) return;
    const lengths: Record<Scope, Iterable<number>> = {
      default: rates.default === null ? [] : [rates.default.windowMs],
      tool: rates.perTool.lengths(),
      agent: rates.perAgent.lengths(),
    };
    for (const scope of ['default', 'tool', 'agent'] as const) {
      for (const windowMs of lengths[scope]) {
        this.#groups[scope].set(windowMs, before[scope].get(windowMs) ?? this.#newGroup(windowMs));
      }
    }
  }

  /** Every window that covers a call, as it stands. */
  facts(call: LimitCall, now: number): readonly RateFact[] {
    if (this.#rates === null) return NO_RATES;
    const found: RateFact[] = [];
    this.#eachCovering(call, (scope, name, rate) => {
      found.push(this.#fact(scope, name, rate, now));
    });
    return found;
  }

  /** The first window that covers a call and has no room for it. */
  full(call: LimitCall, now: number): RateFact | undefined {
    if (this.#rates === null) return undefined;
    let full: RateFact | undefined;
    this.#eachCovering(call, (scope, name, rate) => {
      const count = this.#group(scope, rate).peek(name, now)?.count(now) ?? 0;
      if (count >= rate.max) full ??= this.#fact(scope, name, rate, now);
    });
    return full;
  }

  /** Counts a call in every window that covers it, and returns these. */
  add(call: LimitCall, now: number): readonly SlidingWindow[] {
    if (this.#rates === null) return NO_WINDOWS;
    const counted: SlidingWindow[] = [];
    this.#eachCovering(call, (scope, name, rate) => {
      const window = this.#group(scope, rate).open(name, now);
      window.add(now);
      counted.push(window);
    });
    return counted;
  }

  #eachCovering(
    { toolName, agentId }: LimitCall,
    visit: (scope: Scope, name: string, rate: Rate) => void,
  ): void {
    if (this.#rates === null) return;
    const tool = this.#rates.perTool.of(toolName);
    const agent = this.#rates.perAgent.of(agentId);
    if (tool !== undefined) visit('tool', toolName, tool);
    if (agent !== undefined) visit('agent', agentId, agent);
    const { default: otherwise } = this.#rates;
    if (tool === undefined && agent === undefined && otherwise !== null) visit('default', agentId, otherwise);
  }

  #fact(scope: Scope, name: string, { text, max, windowMs }: Rate, now: number): RateFact {
    const window = this.#groups[scope].get(windowMs)?.peek(name, now);
    const count = window?.count(now) ?? 0;
    const freeAt = count >= max ? window?.freeAt(now) : undefined;
    return {
      scope: scope === 'default' ? scope : `${scope}:${name}`,
      limit: text,
      max,
      windowMs,
      count,
      retryAfterMs: freeAt === undefined ? 0 : freeAt - now,
    };
  }

  #group(scope: Scope, { windowMs }: Rate): Windows {
    const groups = this.#groups[scope];
    let group = groups.get(windowMs);
    if (group === undefined) {
      group = this.#newGroup(windowMs);
      groups.set(windowMs, group);
    }
    return group;
  }

  #newGroup(windowMs: number): Windows {
    return new BoundedCounters({
      max: this.#maxNames,
      make: () => new SlidingWindow(windowMs),
      idle: (window, now) => window.count(now) === 0,
      eager: true,
    });
  }
}

function noGroups(): Record<Scope, Map<number, Windows>> {
  return { default: new Map(), tool: new Map(), agent: new Map() };
}
