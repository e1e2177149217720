import { join } from 'node:path';
import type { Approval } from '../../src/core/approval.ts';
import { ActionGuard } from '../../src/guard.ts';
import { Policy } from '../../src/policy/policy.ts';
import { attempt } from './guarded-tools.ts';
import { workspace } from './run-cli.ts';

/** A payment of an agent. */
export interface Payment {
  readonly text: string;
  readonly amount: number;
}

const RULES = [
  {
    pattern: '^pay ',
    action: 'escalate',
    name: 'money',
    reason: 'Money needs a person',
    escalateTo: 'finance',
  },
] as const;

/** A folder with journals of agents whose payments wait for a person, and the command line in it. */
export function approvalsScene(files: Readonly<Record<string, string>> = {}) {
  const place = workspace(files);
  /** An agent's guard on a journal of the folder. */
  const agent = (file: string) => {
    const guard = new ActionGuard({
      snapshotPath: join(place.folder, file),
      policy: new Policy({ name: 'mine', defaultAction: 'allow', rules: RULES }),
    });
    const pay = guard.wrap(function pay({ text, amount }: Payment) {
      return `${text}: paid ${amount}`;
    });
    const wait = guard.wrap(async function wait({ text, amount }: Payment) {
      return `${text}: paid ${amount}`;
    });
    return { guard, pay, wait };
  };
  /** The id of the request for a payment that is refused for now. */
  const ask = (
    file: string,
    payment: Payment,
    context: { agentId?: string; sessionId?: string } = {},
  ): string => {
    const { guard, pay } = agent(file);
    guard.withContext(context, () => attempt(() => pay(payment)));
    const [request] = guard.approvals.list({ state: 'pending' }) as readonly Approval[];
    void guard.close();
    if (request === undefined) throw new Error('nothing was asked');
    return request.id;
  };
  return { ...place, agent, ask };
}
