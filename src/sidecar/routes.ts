import type { Route } from './route.ts';
import { ACTION_ROUTE, LIST_ROUTE } from './routes/actions.ts';
import { AGENTS_ROUTE } from './routes/agents.ts';
import { APPROVALS_ROUTE, APPROVE_ROUTE, DENY_ROUTE } from './routes/approvals.ts';
import { DOCUMENT_ROUTE } from './routes/document.ts';
import { EVALUATE_ROUTE } from './routes/evaluate.ts';
import { GRANTS_ROUTE, REVOKE_ROUTE } from './routes/grants.ts';
import { HEALTH_ROUTE } from './routes/health.ts';
import { INGEST_ROUTE } from './routes/ingest.ts';
import { HOME_ROUTE, LOGIN_ROUTE, LOGOUT_ROUTE } from './routes/login.ts';
import { METRICS_ROUTE } from './routes/metrics.ts';
import { POLICIES_ROUTE } from './routes/policies.ts';
import { ROLLBACK_ROUTE, TASK_ROLLBACK_ROUTE } from './routes/rollback.ts';
import { SESSION_ROUTE, SESSIONS_ROUTE } from './routes/sessions.ts';
import { STATS_ROUTE } from './routes/stats.ts';
import { STREAM_ROUTE } from './routes/stream.ts';

/** Everything that the sidecar answers. */
export const ROUTES: readonly Route[] = Object.freeze([
  HEALTH_ROUTE,
  LIST_ROUTE,
  ACTION_ROUTE,
  INGEST_ROUTE,
  STATS_ROUTE,
  EVALUATE_ROUTE,
  STREAM_ROUTE,
  SESSIONS_ROUTE,
  SESSION_ROUTE,
  POLICIES_ROUTE,
  AGENTS_ROUTE,
  APPROVALS_ROUTE,
  APPROVE_ROUTE,
  DENY_ROUTE,
  GRANTS_ROUTE,
  REVOKE_ROUTE,
  ROLLBACK_ROUTE,
  TASK_ROLLBACK_ROUTE,
  METRICS_ROUTE,
  DOCUMENT_ROUTE,
  LOGIN_ROUTE,
  LOGOUT_ROUTE,
  HOME_ROUTE,
]);
