import type { Approval, ApprovalVote, Grant } from '../core/approval.ts';
import { printable, printableJson } from '../explain/printable.ts';
import { cell, columnsOf, padded } from './columns.ts';
import { localTime } from './log-line.ts';

/** A terminal of fewer columns has narrower ones for the agent, the tool and the rule. */
const ROOMY = 120;
const LEAST_INTENT = 8;
const UNCUT_INTENT = 24;
const SHORT_ID = 12;
const AGE = 8;
const STATE = 9;

const WIDTHS = Object.freeze({
  roomy: { agent: 12, tool: 16, rule: 28 },
  narrow: { agent: 8, tool: 12, rule: 16 },
});

/** What is said in place of a call that is not shown any more. */
const ERASED = '(not kept in clear once it is decided)';

/** The end of an id, which is chance; its beginning is the time, and much alike among ids of one hour. */
export function shortId(id: string): string {
  return printable(id.slice(-SHORT_ID));
}

/** Who decided, printable; in quotes where the name could be taken for more of the line that it stands in. */
export function personText(by: string): string {
  return printable(/[,:;]\s|\s\s|"/.test(by) ? JSON.stringify(by) : by);
}

/** A length of time in its greatest unit: `40s`, `5m`, `3h`, `2d`. */
export function lengthOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (!(seconds >= 60)) return `${seconds || 0}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

/** How a line is written. */
export interface LineOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Of the terminal, to which the line is cut; `undefined`: nothing is cut. */
  readonly columns: number | undefined;
}

/**
 * A request as one line: short id, age, time left (or its state when it is not pending), agent, tool, intent, rule or
 * reason. Nothing in it acts on a terminal.
 */
export function approvalLine(approval: Approval, { now, columns }: LineOptions): string {
  const { id, state, requestedAt, expiresAt, agentId, toolName, shown, ruleName, reason } = approval;
  const widths = columns === undefined || columns >= ROOMY ? WIDTHS.roomy : WIDTHS.narrow;
  const column = (text: string, width: number): string => cell(text, width, columns !== undefined);
  const age = `${lengthOf(now - requestedAt.getTime())} ago`.padStart(AGE);
  const left = state === 'pending' ? `${lengthOf(expiresAt.getTime() - now)} left` : state;
  const head = `${shortId(id)} ${age} ${left.padEnd(STATE)}`;
  const who = `${column(agentId, widths.agent)} ${column(toolName, widths.tool)}`;
  const why = column(ruleName ?? reason, widths.rule);
  const taken = columnsOf(head) + columnsOf(who) + columnsOf(why) + ' '.repeat(3).length;
  const width = columns === undefined ? UNCUT_INTENT : Math.max(LEAST_INTENT, columns - taken);
  return `${head} ${who} ${column(shown?.intent ?? ERASED, width)} ${why}`.trimEnd();
}

/** A grant as one line: short id, scope, time left or how it ended, agent, tool, who granted it and for which request. */
export function grantLine(grant: Grant, now: number): string {
  const { id, scope, agentId, toolName, grantedBy, approvalId, sessionId } = grant;
  const session = sessionId === null ? '' : ` in session ${printable(sessionId)}`;
  const call = `${printable(agentId)} ${printable(toolName)}${session}`;
  const by = `granted by ${personText(grantedBy)} for the call of request ${shortId(approvalId)}`;
  return `${shortId(id)} ${scope.padEnd('session'.length)} ${padded(grantState(grant, now), STATE)} ${call}, ${by}`;
}

function grantState({ revokedAt, revokedBy, expiresAt }: Grant, now: number): string {
  if (revokedAt !== null) return `revoked by ${personText(revokedBy ?? '?')}`;
  return now < expiresAt.getTime() ? `${lengthOf(expiresAt.getTime() - now)} left` : 'expired';
}

/** What `show` knows beside the request. */
export interface Circumstances {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Whether a call waits for the answer. */
  readonly isWaitedFor: boolean;
  /** Distinct people who must say yes. */
  readonly needed: number;
  /** What is to be said of a vote's signature; '' for nothing. */
  readonly signatureOf: (vote: ApprovalVote) => string;
  /** Of a pending request, to decide on exactly what is shown here; else `null`. */
  readonly fingerprint: string | null;
  /** What keeps it from being approved; '' for nothing. */
  readonly problem: string;
}

/** A request in full, for a person who is to decide on it. */
export function approvalDetails(approval: Approval, circumstances: Circumstances): string[] {
  const { shown, toolName, actionType, agentId, taskId, sessionId, ruleName, escalateTo } = approval;
  const { fingerprint, problem } = circumstances;
  const parameters = shown === null ? [] : jsonLines(shown.parameters);
  return [
    field('request', `${approval.id} (${approval.verdict})`),
    field('state', stateText(approval, circumstances.now)),
    ...(problem === '' ? [] : [field('CHANGED', problem)]),
    field('call', shown?.intent ?? ERASED),
    ...(shown === null ? [] : [field('parameters', ''), ...parameters.map((line) => `  ${line}`)]),
    field('tool', `${toolName} (action type ${actionType})`),
    field('agent', agentId),
    field('task', taskId ?? '-'),
    field('session', sessionId ?? '-'),
    field('rule', ruleName ?? '-'),
    field('reason', approval.reason),
    field('escalate to', escalateTo ?? 'anybody'),
    field('risk', `${approval.riskScore}`),
    ...voteLines(approval, circumstances),
    ...(fingerprint === null ? [] : [field('fingerprint', fingerprint)]),
    ...reachLines(approval, circumstances),
  ];
}

/** Nothing in the value can break the line or act on a terminal. */
function field(label: string, value: string): string {
  return `${`${label}:`.padEnd(13)}${printable(value)}`.trimEnd();
}

function jsonLines(value: unknown): string[] {
  return printableJson(JSON.stringify(value, null, 2)).split('\n');
}

function stateText(
  { state, expiresAt, decidedBy, decidedAt, note, consumedBy }: Approval,
  now: number,
): string {
  const until = `until ${localTime(expiresAt)}`;
  if (state === 'pending') return `pending, ${lengthOf(expiresAt.getTime() - now)} left (${until})`;
  const by = decidedBy === null ? '' : ` by ${personText(decidedBy)}`;
  const at = decidedAt === null ? '' : ` at ${localTime(decidedAt)}`;
  const said = note === null ? '' : `: ${note}`;
  if (state === 'consumed')
    return `consumed: approved${by}${at}${said}; action ${consumedBy ?? '?'} ran by it`;
  return `${state}${by}${at}${said}${state === 'approved' ? `; not used yet, valid ${until}` : ''}`;
}

function voteLines({ votes }: Approval, { needed, signatureOf }: Circumstances): string[] {
  const people = needed === 1 ? '1 person must say yes' : `${needed} people must say yes`;
  const cast = votes.map((vote) => {
    const { by, approved, at, scope, minutes, note } = vote;
    const reach = approved && scope !== 'once' ? `, for the ${scope}, ${minutes} minutes` : '';
    const said = note === null ? '' : `: ${note}`;
    const signature = signatureOf(vote);
    return printable(
      `${personText(by)}: ${approved ? 'yes' : 'no'}, ${localTime(at)}${reach}${signature === '' ? '' : `, ${signature}`}${said}`,
    );
  });
  return [
    field('quorum', `${people}, ${votes.length === 0 ? 'nobody has voted' : `${votes.length} voted`}`),
  ].concat(cast.map((line) => `  ${line}`));
}

/** What a yes lets happen. */
function reachLines(approval: Approval, { isWaitedFor }: Circumstances): string[] {
  if (approval.state !== 'pending') return [];
  const next = isWaitedFor
    ? 'It waits, and goes on at once.'
    : `The agent has to make it again before ${localTime(approval.expiresAt)}.`;
  const session =
    approval.sessionId === null
      ? []
      : [`  --scope session  it again and again in this session, 480 minutes or as --minutes says`];
  return [
    'approving lets run:',
    `  --scope once     exactly this call, once (the default). ${next}`,
    ...session,
    '  --scope call     it again and again, 60 minutes or as --minutes says',
    '  It is judged again first: what a rule blocks by then does not run.',
  ];
}
