import { DEFAULTS } from './config/defaults.ts';
import type { LoadedConfig } from './config/load.ts';
import type { SidecarSettings } from './config/settings.ts';
import type { ArgumentKinds } from './core/argument-kind.ts';
import type { Evaluator } from './core/evaluator.ts';
import { makeRedactor, type Redactor } from './core/redact.ts';
import { cascade } from './evaluators/cascade.ts';
import { costEstimator } from './evaluators/cost-estimator.ts';
import { humanGate } from './evaluators/human-gate.ts';
import { policyEngine } from './evaluators/policy-engine.ts';
import { rateLimiter } from './evaluators/rate-limiter.ts';
import { riskScorer } from './evaluators/risk-scorer.ts';
import { schemaValidator } from './evaluators/schema-validator.ts';
import { trust } from './evaluators/trust.ts';
import { compileLayer, type Layer, layerOfPolicy } from './policy/layers.ts';
import type { Policy } from './policy/policy.ts';
import { compileRedactionPatterns } from './policy/redaction-patterns.ts';
import { PolicyRevision } from './revision.ts';
import { irreversibleGate } from './rollback/irreversible.ts';
import type { HandlerRegistry } from './rollback/registry.ts';

/** The sidecar's settings, where they are stated: the command line has other defaults than `guard.serve`. */
export interface StatedSidecar extends Pick<SidecarSettings, 'origins' | 'requireToken'> {
  readonly host: string | undefined;
  readonly port: number | undefined;
}

/** What is in force at a moment: a reload makes a new one and swaps it in whole. */
export interface InForce {
  readonly layers: readonly Layer[];
  readonly evaluators: readonly Evaluator[];
  /** Names the rules that decided, in every record. */
  readonly revision: PolicyRevision;
  /** Takes out of what is stored what the configuration wants hidden, and what is hidden anyway. */
  readonly redactor: Redactor;
  readonly mode: 'enforce' | 'monitor';
  readonly approvals: LoadedConfig['settings']['approvals'];
  readonly approvers: LoadedConfig['settings']['approvers'];
  readonly rollback: LoadedConfig['settings']['rollback'];
  readonly executionTimeoutMs: number | null;
  /** Whether calls go on although the journal cannot be written. */
  readonly onStoreFailure: 'block' | 'allow';
  /** What the configuration states about the sidecar. */
  readonly sidecar: StatedSidecar;
  readonly kindsOf: (toolName: string) => ArgumentKinds | undefined;
}

/**
 * Compiles policies and configuration. Limits, budgets and the risk threshold hold only where settings were given.
 * Throws PolicyParseError, PolicyConditionError and ConfigError; what was in force before then stays.
 */
export function compileInForce(
  policies: readonly Policy[],
  loaded: LoadedConfig | null,
  handlers: HandlerRegistry,
): InForce {
  const layers = [...policies.map(layerOfPolicy), ...(loaded?.layers ?? []).map(compileLayer)];
  const settings = loaded?.hasSettings === true ? loaded.settings : null;
  const seconds = settings?.global.executionTimeoutSeconds ?? null;
  const tools = loaded?.settings.tools ?? {};
  return {
    layers,
    evaluators: [
      ...builtInEvaluators(layers, settings, loaded?.settings.spellings.unreadable),
      ...irreversibleGates(loaded?.settings.rollback, handlers),
    ],
    revision: new PolicyRevision(policies, loaded),
    redactor: redactorOf(loaded),
    mode: loaded?.settings.mode ?? 'enforce',
    approvals: loaded?.settings.approvals ?? DEFAULTS.approvals,
    approvers: loaded?.settings.approvers ?? [],
    rollback: loaded?.settings.rollback ?? DEFAULTS.rollback,
    executionTimeoutMs: seconds === null ? null : seconds * 1000,
    onStoreFailure: loaded?.settings.storage.onStoreFailure ?? 'block',
    sidecar: statedSidecar(loaded),
    kindsOf: (toolName) => (Object.hasOwn(tools, toolName) ? tools[toolName] : undefined),
  };
}

function statedSidecar(loaded: LoadedConfig | null): StatedSidecar {
  const has = (key: string): boolean => loaded?.statedKeys.includes(`sidecar.${key}`) === true;
  const { host, port, origins = [], requireToken = false } = loaded?.settings.sidecar ?? {};
  return {
    origins,
    requireToken,
    host: has('host') ? host : undefined,
    port: has('port') ? port : undefined,
  };
}

function redactorOf(loaded: LoadedConfig | null): Redactor {
  const { keys = [], patterns = [] } = loaded?.settings.redaction ?? {};
  return makeRedactor({ keys, patterns: compileRedactionPatterns(patterns) });
}

/** The built-in evaluators in pipeline order, less those that the configuration turns off. */
function builtInEvaluators(
  layers: readonly Layer[],
  settings: LoadedConfig['settings'] | null,
  unreadable: LoadedConfig['settings']['spellings']['unreadable'] | undefined,
): Evaluator[] {
  const enabled = settings?.evaluators;
  const list: Evaluator[] = [];
  if (enabled?.schemaValidator.enabled !== false) list.push(schemaValidator());
  if (enabled?.policyEngine.enabled !== false) list.push(policyEngine(() => layers, unreadable));
  list.push(trust());
  const { maxDelegationDepth, maxConcurrentDelegations } = settings?.global ?? UNLIMITED;
  list.push(cascade({ maxDepth: maxDelegationDepth, maxConcurrent: maxConcurrentDelegations }));
  if (enabled?.rateLimiter.enabled !== false) list.push(rateLimiter());
  if (enabled?.costEstimator.enabled !== false) {
    list.push(costEstimator({ escalateAbove: settings?.budget.escalateAbove ?? null }));
  }
  if (enabled?.riskScorer.enabled !== false) {
    list.push(riskScorer({ maxRiskScore: settings?.global.maxRiskScore ?? null }));
  }
  const gate = enabled?.humanGate;
  if (gate?.enabled === true) list.push(humanGate(gate));
  return list;
}

/** Who objects to what cannot be undone, where somebody is to. */
function irreversibleGates(
  rollback: LoadedConfig['settings']['rollback'] | undefined,
  handlers: HandlerRegistry,
): Evaluator[] {
  if (rollback === undefined || !rollback.enabled || rollback.irreversible === 'allow') return [];
  return [irreversibleGate(handlers, rollback.irreversible)];
}

const UNLIMITED = {
  maxDelegationDepth: Number.POSITIVE_INFINITY,
  maxConcurrentDelegations: Number.POSITIVE_INFINITY,
};
