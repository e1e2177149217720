import { z } from '@hono/zod-openapi';
import type { LogFilter } from '../../stores/action-log.ts';
import { OUTCOME, TIME, word } from './common.ts';

/** What entries can be chosen by, in a query. */
export const FILTER_FIELDS = {
  outcome: OUTCOME.optional(),
  tool_name: word().optional(),
  agent_id: word().optional(),
  task_id: word().optional(),
  session_id: word().optional(),
  rule: word().optional(),
  tag: z
    .union([word(), z.array(word()).max(20)])
    .optional()
    .openapi({ description: 'May be given several times: all must hold.' }),
  q: word().optional().openapi({ description: 'Words of the intent or the reason, or their beginnings.' }),
  from: TIME.optional(),
  to: TIME.optional(),
};

const FILTER = z.object(FILTER_FIELDS);

/** The same in the words of the log. */
export function logFilter(query: z.infer<typeof FILTER>): LogFilter {
  return {
    outcome: query.outcome,
    toolName: query.tool_name,
    agentId: query.agent_id,
    taskId: query.task_id,
    sessionId: query.session_id,
    ruleName: query.rule,
    tags: query.tag === undefined ? undefined : [query.tag].flat(),
    search: query.q,
    fromTime: query.from,
    toTime: query.to,
  };
}
