import type { Evaluator } from '../core/evaluator.ts';

/**
 * Blocks an action that needs more trust than the agent has (the tool's `minTrust`), and one that was delegated by
 * an agent to another outside its `can_delegate_to`. Metadata: `requiredTrust`, `actualTrust` (0–1).
 */
export function trust(): Evaluator {
  return {
    name: 'trust',
    evaluate(_intent, { minTrust, agent, delegation }) {
      const { forbidden } = delegation;
      const actualTrust = agent.trustLevel;
      if (forbidden !== null) {
        return {
          verdict: 'BLOCK',
          reason: `The agent ${forbidden.from} may not delegate to ${forbidden.to}`,
          suggestedAction: `add ${forbidden.to} to can_delegate_to of ${forbidden.from}, or delegate to an agent listed there`,
          // No trust of the caller's would do: the delegation itself is outside what was granted.
          metadata: { requiredTrust: minTrust ?? 1, actualTrust, from: forbidden.from, to: forbidden.to },
        };
      }
      // Written so that a NaN on either side blocks.
      if (minTrust === null || actualTrust >= minTrust) return undefined;
      return {
        verdict: 'BLOCK',
        reason: `This needs a trust of ${minTrust}, and the agent ${agent.id} has ${actualTrust}${chainHint(delegation.depth)}`,
        suggestedAction: agent.registered
          ? `have an agent with a trust of at least ${minTrust} make this call`
          : `register ${agent.id} with the trust that it deserves, or have a trusted agent make this call`,
        metadata: { requiredTrust: minTrust, actualTrust },
      };
    },
  };
}

function chainHint(depth: number): string {
  return depth === 0 ? '' : ' (the lowest trust of its delegation chain counts)';
}
