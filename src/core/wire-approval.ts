import type { Approval, ApprovalAsk, ApprovalVote, Grant } from './approval.ts';
import { snakeCase } from './wire-names.ts';

/** A request, a vote or a grant on a wire: names in snake case; what lies within keeps its keys. */
export function approvalJson(
  data: Approval | ApprovalAsk | ApprovalVote | Grant,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [snakeCase(name), value]));
}
