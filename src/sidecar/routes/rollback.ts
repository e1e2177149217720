import { z } from '@hono/zod-openapi';
import type { RestorePlan } from '../../rollback/conflicts.ts';
import { ProblemError } from '../problem.ts';
import { route } from '../route.ts';
import { FLAG, ID } from '../schemas/common.ts';

const ORDER = z
  .strictObject({
    dry_run: FLAG.openapi({ description: 'Says what would happen, and changes nothing.' }),
    force: FLAG.openapi({
      description: 'Puts back also what somebody changed since; their changes are lost.',
    }),
  })
  .openapi('RollbackOrder');
const TASK_ORDER = ORDER.extend({ on_failure: z.enum(['stop', 'continue']).default('continue') }).openapi(
  'TaskRollbackOrder',
);

const RESULT = z
  .object({
    action_id: z.string(),
    rolled_back: z.boolean().openapi({ description: '`false` where it was rolled back before.' }),
    dry_run: z.boolean(),
    plan: z
      .unknown()
      .openapi({ description: 'With `dry_run`: what would change, and what somebody changed since.' }),
  })
  .openapi('RollbackResult');

const REPORT = z
  .object({
    task_id: z.string(),
    total_actions: z.number().int(),
    rolled_back: z.array(z.string()),
    failed: z.array(z.string()),
    skipped: z.array(z.string()),
    reasons: z.record(z.string(), z.string()),
    success: z.boolean(),
    dry_run: z.boolean(),
  })
  .openapi('RollbackReport');

/** `POST /api/actions/{id}/rollback` */
export const ROLLBACK_ROUTE = route({
  method: 'post',
  path: '/api/actions/{id}/rollback',
  summary: 'Undoes an action',
  permission: 'rollback',
  params: ID,
  body: ORDER,
  answer: { description: 'It is as it was before the action.', schema: RESULT },
  problems: { 404: 'There is no action of this id.', 409: 'It cannot be undone; the detail says why.' },
  handle: async ({ desk: { parts }, actor, params: { id }, body: { dry_run: dryRun, force } }) => {
    if ((await parts.log.trail(id)) === undefined) {
      throw new ProblemError(404, `There is no action ${JSON.stringify(id)} in the journal.`);
    }
    const coordinator = parts.coordinator();
    const plan = dryRun ? await coordinator.plan(id) : null;
    const done = await coordinator.rollback(id, { dryRun, force, by: actor.name });
    return {
      ...{ action_id: id, rolled_back: dryRun ? false : done, dry_run: dryRun },
      plan: plan === null ? null : planJson(plan),
    };
  },
});

/** `POST /api/tasks/{id}/rollback` */
export const TASK_ROLLBACK_ROUTE = route({
  method: 'post',
  path: '/api/tasks/{id}/rollback',
  summary: 'Undoes the actions of a task, the one that ran last first',
  permission: 'rollback',
  params: ID,
  body: TASK_ORDER,
  answer: { description: 'What became of each action.', schema: REPORT },
  handle: async ({ desk: { parts }, actor, params: { id }, body }) => {
    const { dry_run: dryRun, force, on_failure: onFailure } = body;
    const report = await parts.coordinator().rollbackTask(id, { dryRun, force, onFailure, by: actor.name });
    return {
      ...{ task_id: report.taskId, total_actions: report.totalActions, rolled_back: report.rolledBack },
      ...{ failed: report.failed, skipped: report.skipped, reasons: report.reasons },
      ...{ success: report.success, dry_run: dryRun },
    };
  },
});

function planJson({ changes, conflicts, isAfterKnown }: RestorePlan): object {
  return { changes, conflicts, is_after_known: isAfterKnown };
}
