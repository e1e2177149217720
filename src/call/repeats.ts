import { canonicalJson } from '../core/canonical.ts';
import { endSentence } from '../core/refuse.ts';
import type { EvaluationResult } from '../core/result.ts';
import { canonicalIntent } from '../policy/spellings/canonical-intent.ts';
import { type Answer, type Escalated, notAskedAgain, type Refused } from './escalated.ts';
import type { ReadCall } from './intent-of-call.ts';
import type { CallServices } from './services.ts';

/**
 * Counts a refusal that is about the intent, and from the limit on says in it that trying again, in whatever spelling,
 * will not help. Without a limit (`repeat_limit: 0`) nothing is counted.
 */
export function steered(
  read: ReadCall,
  { decision, counts }: Refused,
  services: CallServices,
): EvaluationResult {
  const { repeatLimit } = services.approvalSettings();
  if (!counts || repeatLimit === 0) return decision;
  const intent = intentName(read, services);
  if (intent === null) return decision;
  const tries = services.refused.add(sessionName(read, services), intent);
  return tries > repeatLimit ? saysSo(decision, tries) : decision;
}

/**
 * What a call is told that was refused too often to bring it before a person once more; `null` where it may be. Whoever
 * calls has looked first whether a person has approved it meanwhile.
 */
export function refusedTooOften({ read, decision }: Escalated, services: CallServices): Answer | null {
  const { refused } = services;
  const { repeatLimit } = services.approvalSettings();
  const session = repeatLimit === 0 ? null : knownSession(read, services);
  const intent = session === null ? null : intentName(read, services);
  if (session === null || intent === null || refused.count(session, intent) < repeatLimit) return null;
  // Counted here, at once, so that every one of several tries at the same time has its own number.
  const tries = refused.add(session, intent);
  return { approved: false, decision: saysSo(notAskedAgain(decision), tries), counts: false };
}

/** Forgets what was refused: a person has let it run by now. */
export function forgetRefusals(read: ReadCall, services: CallServices): void {
  const session = knownSession(read, services);
  const intent = session === null ? null : intentName(read, services);
  if (session !== null && intent !== null) services.refused.forget(session, intent);
}

function saysSo(decision: EvaluationResult, tries: number): EvaluationResult {
  const before = tries - 1;
  const often = before === 1 ? 'once' : `${before} times`;
  const said = `It was refused ${often} already in this session, and another spelling of it will not change that.`;
  const reason = decision.reason.trim() === '' ? said : `${endSentence(decision.reason)} ${said}`;
  return { ...decision, reason, metadata: { ...decision.metadata, repeats: tries } };
}

/** The agent's session where something was refused in it, else `null`: then nothing more needs to be worked out. */
function knownSession(read: ReadCall, services: CallServices): string | null {
  if (services.refused.isEmpty) return null;
  const session = sessionName(read, services);
  return services.refused.has(session) ? session : null;
}

/** The agent in the session that was declared, else in the task, else in this process. As a digest, which has one length. */
function sessionName({ intent: { agentId, sessionId, taskId } }: ReadCall, { digest }: CallServices): string {
  return digest(canonicalJson(['session', agentId, sessionId, sessionId === null ? taskId : null]));
}

/**
 * A digest of tool and intent in canonical spellings; `null` where it cannot be worked out. Then nothing is counted, and
 * the call is refused or brought before a person as it would be without.
 */
function intentName({ intent, source }: ReadCall, { digest, files, parseSql }: CallServices): string | null {
  try {
    const spelled = canonicalIntent(intent.parameters, source.arguments.list, { files, parseSql });
    return digest(`${canonicalJson(['intent', intent.toolName])}${spelled}`);
  } catch {
    return null;
  }
}
