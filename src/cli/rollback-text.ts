import colors from 'picocolors';
import { printable } from '../explain/printable.ts';
import type { ItemHistory } from '../rollback/conflicts.ts';
import { isReading } from '../rollback/registry.ts';
import type { RollbackPreview } from '../rollback/report.ts';
import { shortId } from './approval-text.ts';
import { cell } from './columns.ts';
import { localTime } from './log-line.ts';
import { count, dim } from './output.ts';

/** Most items of one action that are shown; with `--json` all of them are. */
const MOST_ITEMS = 20;
/** Longer texts are cut, in columns. */
const MOST_COLUMNS = 1_000;
const INDENT = '  ';
const REFUSED = 'is not undone, for that would overwrite what was changed since; --force overwrites it';

/** What undoing actions would do, for a person. Nothing in it acts on a terminal. */
export function previewText(previews: readonly RollbackPreview[]): string[] {
  return previews.flatMap((preview) => [...lines(preview), '']);
}

function lines(preview: RollbackPreview): string[] {
  const { plan, why, outcome } = preview;
  const head = indented(actionText(preview), 0);
  if (outcome !== 'fails' && why !== null) return [head, `${INDENT}${printable(why)}`];
  const conflicting = new Set(plan?.conflicts.map(({ item }) => item));
  const changes = plan?.changes ?? [];
  const shown = changes
    .slice(0, MOST_ITEMS)
    .flatMap((change) => [
      indented(change.item, 1),
      ...(conflicting.has(change.item)
        ? conflictLines(change, plan?.isAfterKnown !== false)
        : diffLines(change)
      ).map(({ sign, text }) => paint(sign, indented(`${sign} ${text}`, 2))),
    ]);
  const more = changes.length - MOST_ITEMS;
  return [
    head,
    ...shown,
    ...(more > 0 ? [`${INDENT}and ${count(more, 'more item')}`] : []),
    ...(conflicting.size > 0 && outcome === 'fails' ? [`${INDENT}${REFUSED}`] : []),
    ...(changes.length === 0 ? [`${INDENT}${withoutItems(preview)}`] : []),
  ];
}

interface Line {
  readonly sign: '+' | '-' | '!';
  readonly text: string;
}

/** What goes, and what comes back. */
function diffLines({ before, now }: ItemHistory): Line[] {
  return [
    { sign: '-', text: `now     ${now ?? '(not there)'}` },
    { sign: '+', text: `before  ${before ?? '(not there: it is removed)'}` },
  ];
}

function conflictLines({ before, after, now }: ItemHistory, isAfterKnown: boolean): Line[] {
  const left = isAfterKnown ? (after ?? '(not there)') : '(never noted)';
  return [
    { sign: '!', text: 'CONFLICT: changed since the action' },
    { sign: '-', text: `now     ${now ?? '(not there)'}` },
    { sign: '!', text: `after   ${left}` },
    { sign: '+', text: `before  ${before ?? '(not there)'}` },
  ];
}

function withoutItems({ snapshot, why, outcome }: RollbackPreview): string {
  if (outcome === 'fails') return printable(why ?? '');
  if (snapshot?.handler === 'http')
    return 'sends the request that its developer described; what it changes is not shown';
  return snapshot?.before === null
    ? `is undone by the handler ${printable(snapshot.handler)}, which does not show what it changes`
    : 'is as it was before the action already';
}

/** Tool, intent, agent, time and id of an action in one line. */
export function actionText({ actionId, entry }: RollbackPreview): string {
  if (entry === undefined) return `action ${actionId}`;
  const { toolName, intent, agentId, timestamp } = entry;
  return `${shortId(actionId)} ${localTime(timestamp)} ${toolName} of agent ${agentId}: ${intent}`;
}

/** Not cut to the terminal: of two texts that differ only far behind both ends are needed. */
function indented(text: string, depth: number): string {
  return `${INDENT.repeat(depth)}${cell(text, MOST_COLUMNS, true).trimEnd()}`;
}

function paint(sign: Line['sign'], text: string): string {
  if (sign === '+') return colors.green(text);
  return sign === '-' ? colors.red(text) : colors.yellow(text);
}

/** What came of undoing one action. */
export interface Undone {
  readonly preview: RollbackPreview;
  /** Why it was not undone; `null` where it was, now or before. */
  readonly problem: string | null;
  /** Whether it was undone by this command. */
  readonly isNew: boolean;
}

/** What came of undoing actions, a line each. */
export function undoneText(all: readonly Undone[]): string[] {
  return all.map(({ preview, problem, isNew }) => {
    const what =
      problem !== null ? colors.red('NOT UNDONE ') : isNew ? colors.green('undone     ') : dim('was undone ');
    return `${what}${printable(actionText(preview))}${problem === null ? '' : `\n${INDENT}${printable(problem)}`}`;
  });
}

/** Whether something stays as the action left it: what only read has left nothing. */
export function leavesSomething({ preview: { entry, outcome }, problem }: Undone): boolean {
  if (problem === null) return false;
  return outcome !== 'impossible' || entry === undefined || !isReading(entry.actionType);
}

/** A preview as JSON, with all of its items. */
export function previewJson({ actionId, entry, snapshot, plan, outcome, why }: RollbackPreview): object {
  return {
    ...{ action_id: actionId, tool_name: entry?.toolName ?? null, action_type: entry?.actionType ?? null },
    ...{
      agent_id: entry?.agentId ?? null,
      task_id: entry?.taskId ?? null,
      timestamp: entry?.timestamp ?? null,
    },
    ...{ intent: entry?.intent ?? null, handler: snapshot?.handler ?? null, outcome, why },
    changes: plan?.changes ?? null,
    conflicts: plan?.conflicts ?? null,
    is_after_known: plan?.isAfterKnown ?? null,
  };
}
