import { printable } from '../../explain/printable.ts';
import type { RollbackPreview } from '../../rollback/report.ts';
import { canAsk, confirm } from '../confirm.ts';
import { messageOf } from '../error-json.ts';
import { EXIT } from '../exit-codes.ts';
import type { JournalPlace } from '../journal-file.ts';
import { count, print, printJson, say } from '../output.ts';
import { leavesSomething, previewJson, previewText, type Undone, undoneText } from '../rollback-text.ts';
import { UsageError } from '../usage-error.ts';
import { atRollbackDesk, findAction, type RollbackDesk } from './rollback-desk.ts';

/** Which actions are undone, and how. */
export interface RollbackCommandOptions extends JournalPlace {
  readonly task?: string | undefined;
  /** How many; `true` without a number: one. */
  readonly last?: string | true | undefined;
  readonly agent?: string | undefined;
  readonly recover?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly force?: boolean | undefined;
  /** Nobody is asked. */
  readonly yes?: boolean | undefined;
  /** Default `continue`. */
  readonly onFailure?: 'stop' | 'continue' | undefined;
  readonly json?: boolean | undefined;
}

const MOST = 10_000;

/** Shows what undoing actions would change, asks, and undoes them. */
export async function rollback(
  actionId: string | undefined,
  options: RollbackCommandOptions,
): Promise<number> {
  checkOptions(actionId, options);
  return atRollbackDesk(options, async (desk) => {
    if (options.recover === true) return recover(desk, options);
    const ids = await chosen(desk, actionId, options);
    const previews = await desk.coordinator.preview(ids, { force: options.force });
    if (options.json !== true) print(...shown(previews, options));
    tellBrokenOff(desk);
    if (options.dryRun === true) return tried(previews, options);
    const works = previews.filter(({ outcome }) => outcome === 'works').length;
    if (works > 0 && options.yes !== true && !(await confirm(question(works, previews, options)))) {
      say('Nothing was changed.');
      return EXIT.failure;
    }
    for (const problem of await desk.coordinator.recover()) say(printable(problem));
    return undo(desk, previews, options);
  });
}

function checkOptions(actionId: string | undefined, options: RollbackCommandOptions): void {
  const { task, last, agent, recover: recovers, dryRun, yes, json } = options;
  const ways = [actionId, task, last, recovers].filter((given) => given !== undefined).length;
  if (ways !== 1) {
    throw new UsageError('Say what to undo: one of <action_id>, --task <id>, --last [n] or --recover.');
  }
  if (agent !== undefined && last === undefined) throw new UsageError('--agent goes with --last.');
  if (recovers === true || dryRun === true || yes === true) return;
  if (json === true) throw new UsageError('With --json nobody is asked: add --yes, or --dry-run.');
  if (!canAsk()) {
    throw new UsageError('There is no terminal to ask on: look with --dry-run, then add --yes.');
  }
}

async function chosen(
  desk: RollbackDesk,
  actionId: string | undefined,
  { task, last, agent }: RollbackCommandOptions,
): Promise<string[]> {
  if (actionId !== undefined) return [findAction(desk, actionId)];
  if (task !== undefined) {
    const ran = await desk.coordinator.ranInTask(task);
    if (ran.length === 0) throw new UsageError(`No action of a task ${printable(task)} ran in this journal.`);
    return ran.map((entry) => entry.actionId);
  }
  const n = last === true || last === undefined ? 1 : readNumber(last);
  return (await desk.coordinator.last(n, agent)).map((snapshot) => snapshot.actionId);
}

function readNumber(text: string): number {
  const n = /^\d+$/.test(text) ? Number(text) : 0;
  if (n >= 1 && n <= MOST) return n;
  throw new UsageError(`--last takes a whole number from 1 to ${MOST}, not \`${text}\`.`);
}

function shown(previews: readonly RollbackPreview[], { last }: RollbackCommandOptions): string[] {
  if (previews.length === 0 && last !== undefined) return ['There is no action that can be undone.'];
  return previewText(previews);
}

function question(
  works: number,
  previews: readonly RollbackPreview[],
  { force }: RollbackCommandOptions,
): string {
  const conflicts = previews.filter(({ plan, outcome }) => outcome === 'works' && plan?.conflicts.length);
  const overwritten = force === true && conflicts.length > 0 ? ', and overwrite what was changed since' : '';
  const rest = previews.length - works;
  return `Undo ${count(works, 'action')}${overwritten}${rest > 0 ? ` (not the other ${rest})` : ''}?`;
}

function tried(previews: readonly RollbackPreview[], { json }: RollbackCommandOptions): number {
  const all = previews.map((preview) => ({ preview, problem: problemOf(preview), isNew: false }));
  if (json === true) printJson({ dry_run: true, actions: previews.map(previewJson) });
  else print('Nothing was changed: this is a dry run.');
  return all.some(leavesSomething) ? EXIT.failure : EXIT.ok;
}

function problemOf({ outcome, why }: RollbackPreview): string | null {
  return outcome === 'impossible' || outcome === 'fails' ? why : null;
}

/** Exactly the actions that were shown, each checked again by the coordinator. */
async function undo(
  { coordinator }: RollbackDesk,
  previews: readonly RollbackPreview[],
  { force, onFailure, json }: RollbackCommandOptions,
): Promise<number> {
  const all: Undone[] = [];
  let hasFailed = false;
  for (const preview of previews) {
    if (preview.outcome === 'impossible' || preview.outcome === 'done') {
      all.push({ preview, problem: problemOf(preview), isNew: false });
    } else if (hasFailed && onFailure === 'stop') {
      all.push({ preview, problem: 'An action that ran later could not be undone.', isNew: false });
    } else {
      try {
        all.push({ preview, problem: null, isNew: await coordinator.rollback(preview.actionId, { force }) });
      } catch (error) {
        hasFailed = true;
        all.push({ preview, problem: messageOf(error), isNew: false });
      }
    }
  }
  const isDone = !all.some(leavesSomething);
  if (json !== true) print(...undoneText(all));
  else {
    const actions = all.map(({ preview, problem, isNew }) => ({
      ...previewJson(preview),
      ...{ rolled_back: problem === null, rolled_back_before: problem === null && !isNew, problem },
    }));
    printJson({ dry_run: false, success: isDone, actions });
  }
  return isDone ? EXIT.ok : EXIT.failure;
}

function tellBrokenOff({ coordinator }: RollbackDesk): void {
  const broken = coordinator.brokenOff().length;
  if (broken === 0) return;
  say(
    `${count(broken, 'rollback')} of processes that are gone ${broken === 1 ? 'was' : 'were'} broken off: finished before anything else is undone, or by \`plyra-guard rollback --recover\`.`,
  );
}

async function recover(desk: RollbackDesk, { json }: RollbackCommandOptions): Promise<number> {
  const broken = desk.coordinator.brokenOff();
  const foreign = broken.filter(({ handler }) => desk.registry.named(handler) === undefined);
  const problems = [
    ...(await desk.coordinator.recover()),
    ...foreign.map(
      ({ actionId, handler }) =>
        `The action ${actionId} is undone by the handler ${handler}, which only the program has that registered it: \`await guard.ready()\` there finishes it.`,
    ),
  ];
  const finished = broken.length - problems.length;
  if (json === true) printJson({ broken_off: broken.length, finished, problems });
  else {
    print(
      broken.length === 0
        ? 'No rollback was broken off.'
        : `Finished ${finished} of ${count(broken.length, 'rollback')}.`,
    );
    for (const problem of problems) say(printable(problem));
  }
  return problems.length === 0 ? EXIT.ok : EXIT.failure;
}
