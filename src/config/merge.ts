import { parseRate, RatesByName } from '../core/rate.ts';
import { AGENT_DEFAULTS, DEFAULTS, deepFreeze } from './defaults.ts';
import type { EvaluatorSettings, GuardSettings, RateLimitSettings } from './settings.ts';
import type { StatedAgent, StatedSettings } from './stated.ts';

/**
 * The settings of all layers together, defaults applied. Among what the layers state: of limits the lowest holds, of
 * an agent the lowest trust, of everything else the last. A layer has no opinion on what it does not state, so a
 * default never competes with a stated value.
 */
export function mergeSettings(layers: readonly StatedSettings[]): GuardSettings {
  return deepFreeze(withDefaults(layers.reduce(merge, {})));
}

function merge(a: StatedSettings, b: StatedSettings): StatedSettings {
  return {
    ...a,
    ...b,
    global: { ...a.global, ...b.global, ...lowest(a.global, b.global, GLOBAL_LIMITS) },
    budget: { ...a.budget, ...b.budget, ...lowest(a.budget, b.budget, BUDGET_LIMITS) },
    rateLimits: mergeRates(a.rateLimits, b.rateLimits),
    agents: mergeAgents(a.agents ?? [], b.agents ?? []),
    evaluators: mergeSections(a.evaluators, b.evaluators),
    tools: mergeSections(a.tools, b.tools),
    spellings: { ...a.spellings, ...b.spellings },
    rollback: { ...a.rollback, ...b.rollback },
    observability: { ...a.observability, ...b.observability },
    approvals: { ...a.approvals, ...b.approvals },
    storage: { ...a.storage, ...b.storage },
    redaction: mergeRedaction(a.redaction, b.redaction),
    sidecar: { ...a.sidecar, ...b.sidecar },
  };
}

const GLOBAL_LIMITS = [
  'maxRiskScore',
  'maxDelegationDepth',
  'maxConcurrentDelegations',
  'executionTimeoutSeconds',
] as const;
const BUDGET_LIMITS = ['perTask', 'perAgentPerRun', 'escalateAbove'] as const;

/** The lower of two limits, each where it is stated; `null` is no limit and so the highest. */
function lowest<K extends string>(
  a: { readonly [Key in K]?: number | null } | undefined,
  b: { readonly [Key in K]?: number | null } | undefined,
  keys: readonly K[],
): { [Key in K]?: number } {
  const found: { [Key in K]?: number } = {};
  for (const key of keys) {
    const stated = [a?.[key], b?.[key]].filter((limit) => typeof limit === 'number');
    if (stated.length > 0) found[key] = Math.min(...stated);
  }
  return found;
}

/** What one layer wants hidden, another cannot bring to light. */
function mergeRedaction(
  a: StatedSettings['redaction'],
  b: StatedSettings['redaction'],
): NonNullable<StatedSettings['redaction']> {
  return {
    keys: [...(a?.keys ?? []), ...(b?.keys ?? [])],
    patterns: [...(a?.patterns ?? []), ...(b?.patterns ?? [])],
  };
}

type StatedRates = Partial<RateLimitSettings>;

function mergeRates(a: StatedRates = {}, b: StatedRates = {}): StatedRates {
  const defaults = [a.default, b.default].filter((rate) => rate !== undefined);
  return {
    ...(defaults.length === 0 ? {} : { default: lowestRate(defaults) }),
    perTool: mergeNamedRates(a.perTool ?? {}, b.perTool ?? {}),
    perAgent: mergeNamedRates(a.perAgent ?? {}, b.perAgent ?? {}),
  };
}

/** The rate that lets fewer calls through in the long run; of equal ones the one with the smaller burst. */
function lowestRate(rates: readonly (string | null)[]): string | null {
  const read = rates.filter((text) => text !== null).map((text) => parseRate(text));
  read.sort((a, b) => a.max / a.windowMs - b.max / b.windowMs || a.max - b.max);
  return read[0]?.text ?? null;
}

type Rates = Readonly<Record<string, string>>;

/**
 * For every name the lowest of what the layers say of it. A name that one layer states is also compared with the
 * prefix that covers it in the other: `send_mail` must not escape an earlier layer's `send_*`.
 */
function mergeNamedRates(a: Rates, b: Rates): Rates {
  const [inA, inB] = [new RatesByName(a, 'rate'), new RatesByName(b, 'rate')];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries(
    [...names].map((name) => {
      const stated = [inA.of(name)?.text, inB.of(name)?.text].filter((text) => text !== undefined);
      return [name, lowestRate(stated) ?? ''];
    }),
  );
}

function mergeAgents(a: readonly StatedAgent[], b: readonly StatedAgent[]): StatedAgent[] {
  const byId = new Map(a.map((agent) => [agent.id, agent]));
  for (const agent of b) {
    const before = byId.get(agent.id);
    const limits = lowest(before, agent, ['trustLevel', 'maxActionsPerRun']);
    byId.set(agent.id, { ...before, ...agent, ...limits });
  }
  return [...byId.values()];
}

/** Sections of sections: of each key of the inner ones the last. */
function mergeSections<S extends Readonly<Record<string, object>>>(a: S | undefined, b: S | undefined): S {
  const merged = new Map<string, object>(Object.entries(a ?? {}));
  for (const [name, section] of Object.entries(b ?? {}))
    merged.set(name, { ...merged.get(name), ...section });
  return Object.fromEntries(merged) as S;
}

function withDefaults(stated: StatedSettings): GuardSettings {
  return {
    global: { ...DEFAULTS.global, ...stated.global },
    budget: { ...DEFAULTS.budget, ...stated.budget },
    rateLimits: { ...DEFAULTS.rateLimits, ...stated.rateLimits },
    agents: (stated.agents ?? []).map((agent) => ({ ...AGENT_DEFAULTS, ...agent })),
    evaluators: mergeSections<EvaluatorSettings & Record<string, object>>({ ...DEFAULTS.evaluators }, {
      ...stated.evaluators,
    } as EvaluatorSettings & Record<string, object>),
    tools: stated.tools ?? DEFAULTS.tools,
    spellings: { ...DEFAULTS.spellings, ...stated.spellings },
    rollback: { ...DEFAULTS.rollback, ...stated.rollback },
    observability: { ...DEFAULTS.observability, ...stated.observability },
    approvals: { ...DEFAULTS.approvals, ...stated.approvals },
    approvers: (stated.approvers ?? []).map((approver) => ({ lists: [], ...approver })),
    storage: { ...DEFAULTS.storage, ...stated.storage },
    redaction: { ...DEFAULTS.redaction, ...stated.redaction },
    mode: stated.mode ?? DEFAULTS.mode,
    sidecar: { ...DEFAULTS.sidecar, ...stated.sidecar },
  };
}
