import { addMoney, type TaskUse } from '../usage.ts';

/** Agents of a task that are told apart by name. */
const MAX_NAMED = 8;

/** What one agent has in a task, in micro-USD; or one reservation, where there was no room for the agent's name. */
interface Share {
  spent: number;
  readonly named: boolean;
}

/**
 * What a task has used, and by how many agents: exact for the first eight that come; of others every reservation
 * counts as an agent of its own, so that there are never taken to be fewer than there are.
 */
export class TaskTally {
  spent = 0;
  #named: Map<string, Share> | undefined;
  #nameless = 0;

  /** What an agent's next reservation is counted in. */
  share(agentId: string): Share {
    this.#named ??= new Map();
    const known = this.#named.get(agentId);
    if (known !== undefined) return known;
    const share = { spent: 0, named: this.#named.size < MAX_NAMED };
    if (share.named) this.#named.set(agentId, share);
    return share;
  }

  /** Adds micro-USD, which may be negative, to the task and to a share of it. */
  spend(share: Share, microUsd: number): void {
    this.spent = addMoney(this.spent, microUsd);
    const had = share.spent > 0;
    share.spent = addMoney(share.spent, microUsd);
    if (!share.named) this.#nameless += Number(share.spent > 0) - Number(had);
  }

  /** As an agent that asks sees it. */
  seenBy(agentId: string): TaskUse {
    let agents = 1 + this.#nameless;
    for (const [name, { spent }] of this.#named ?? []) if (spent > 0 && name !== agentId) agents++;
    return { spent: this.spent, agents };
  }
}
