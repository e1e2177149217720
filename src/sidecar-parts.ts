import { newActionId } from './call/action-id.ts';
import { driveAsync } from './call/drive-async.ts';
import { judgeFresh } from './call/steps.ts';
import type { Awaitable } from './core/awaitable.ts';
import { readIntent } from './guard-reading.ts';
import type { LimitCall } from './limits/limiter.ts';
import { nodeCrypto } from './node-crypto.ts';
import type { Runtime } from './runtime.ts';
import type { AgentView, PolicyView, SidecarParts } from './sidecar/parts.ts';
import { StoreLog } from './sidecar/store-log.ts';

type Data = Readonly<Record<string, unknown>>;

/** A guard's parts as a sidecar serves them. */
export function sidecarParts(runtime: Runtime, warn: (message: string) => void): SidecarParts {
  const { store, clock, desk, journal, ledger, services } = runtime;
  return {
    ...{ store, clock, warn, newId: newActionId, queue: desk.queue },
    log: store.log ?? new StoreLog(store),
    coordinator: () => runtime.rollback.coordinator,
    evaluate: (intent, as) =>
      driveAsync(judgeFresh(readIntent(intent, services, { as }), null, services), clock),
    policy: () => policyView(runtime),
    exporters: () => runtime.exporters.counts,
    registeredAgents: () => ledger.agents().map(({ id }) => id),
    agent: (id) => agentView(id, runtime),
    draft: (kind, actionId, body) => journal.draft(kind, actionId, () => body),
    redact: (text) => runtime.inForce.redactor.forAction({}).text(text),
    sha256: (text) => nodeCrypto().hash('sha256', text),
  };
}

function policyView({ status, services, inForce }: Runtime): PolicyView {
  const { revision, loadedAt, error, reloads } = status;
  const described = inForce.revision.describe(inForce.redactor).rules as readonly Data[];
  const layers = inForce.layers.map(({ policy, conditions }, i) => ({
    ...described[i],
    // A rule that has no name of its own is counted under the one that its policy gave it.
    rules: named(described[i]?.rules, policy?.rules ?? []),
    policies: named(described[i]?.policies, conditions?.policies ?? []),
  }));
  return { revision, loadedAt, error, reloads, mode: services.mode(), layers };
}

function named(described: unknown, own: readonly { readonly name: string | undefined }[]): Data[] {
  const list = Array.isArray(described) ? (described as Data[]) : [];
  return list.map((one, i) => ({ ...one, name: own[i]?.name ?? one.name ?? '' }));
}

async function agentView(id: string, { ledger, services }: Runtime): Promise<AgentView> {
  const agent = ledger.get(id);
  const call: LimitCall = {
    ...{ actionId: '', toolName: '', agentId: id, taskId: null, sessionId: null, cost: 0 },
  };
  const facts = await factsOf(() => services.limiter.facts(call));
  const budget = facts?.budgets.find(({ scope }) => scope === 'agent');
  return {
    ...{ id, registered: agent !== undefined, trustLevel: agent?.trustLevel ?? null },
    ...{ canDelegateTo: agent?.canDelegateTo ?? [], maxActionsPerRun: agent?.maxActionsPerRun ?? null },
    ...{ spend: budget?.spent ?? null, errorRate: facts?.agent.errorRate ?? 0 },
    violations: facts?.agent.violations ?? 0,
  };
}

/** An id that an agent elsewhere made up may be none that can be counted. */
async function factsOf<T>(read: () => Awaitable<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
