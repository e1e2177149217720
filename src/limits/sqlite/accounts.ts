import { nodeCrypto } from '../../node-crypto.ts';
import type { SqlDatabase, SqlStatement, SqlValue } from '../../stores/database.ts';
import type { LimitCall } from '../limiter.ts';
import { MOST, type RunUse, type TaskUse } from '../usage.ts';

/** Whose money and actions a call counts as. */
export type Account = Pick<LimitCall, 'agentId' | 'sessionId' | 'taskId'>;

/** An open reservation, of any writer. */
export interface OpenReservation {
  readonly writerId: string;
  readonly seq: number;
  readonly actionId: string;
  readonly account: Account;
  /** Micro-USD. */
  readonly cost: number;
  /** Of the newest record in the journal when it was made: whatever became of the action is journaled behind it. */
  readonly afterPosition: number;
}

/** What is to be added to what an account has used. */
export interface Change {
  /** Micro-USD. */
  readonly money: number;
  readonly actions: number;
}

/** A reservation that is to be removed, or an account that has none, and what is to be added. */
export interface Closing {
  readonly open: OpenReservation | null;
  readonly account: Account;
  readonly change: Change;
}

/** As {@link addMoney} adds: never less than 0, and what has reached the most stays there. */
const SPENT = `CASE WHEN spent >= ${MOST} THEN spent ELSE max(0, min(spent + ?, ${MOST})) END`;

/** Agents of a task that are counted; more of them make no difference. */
const MOST_AGENTS = 100;

/** What sessions and tasks have used, and which calls are reserved. What writes is to be called in a transaction. */
export class Accounts {
  readonly #writerId: string;
  /** Begins anywhere, so that a writer id that is used a second time meets no reservation left from the first. */
  #seq = nodeCrypto().randomInt(2 ** 47);
  readonly #read: SqlStatement;
  readonly #addToRun: SqlStatement;
  readonly #addToTask: SqlStatement;
  readonly #addToTaskAgent: SqlStatement;
  readonly #insert: SqlStatement;
  readonly #delete: SqlStatement;
  readonly #readOthers: SqlStatement;

  constructor(database: SqlDatabase, writerId: string) {
    this.#writerId = writerId;
    const prepare = (sql: string): SqlStatement => database.prepare(sql);
    // One statement, so that all of it is as of one moment; nothing equals NULL, where there is no session or task.
    this.#read = prepare(
      `SELECT run.actions AS actions, run.spent AS run_spent,
        (SELECT spent FROM limit_tasks WHERE task_id = ?) AS task_spent,
        (SELECT count(*) FROM (SELECT 1 FROM limit_task_agents
          WHERE task_id = ? AND agent_id <> ? AND spent > 0 LIMIT ${MOST_AGENTS})) AS others
        FROM (SELECT 1) LEFT JOIN limit_runs AS run ON run.session_id = ? AND run.agent_id = ?`,
    );
    this.#addToRun = prepare(
      `INSERT INTO limit_runs (session_id, agent_id, actions, spent) VALUES (?, ?, max(0, ?), max(0, ?))
        ON CONFLICT DO UPDATE SET actions = max(0, actions + ?), spent = ${SPENT}`,
    );
    this.#addToTask = prepare(
      `INSERT INTO limit_tasks (task_id, spent) VALUES (?, max(0, ?)) ON CONFLICT DO UPDATE SET spent = ${SPENT}`,
    );
    this.#addToTaskAgent = prepare(
      `INSERT INTO limit_task_agents (task_id, agent_id, spent) VALUES (?, ?, max(0, ?))
        ON CONFLICT DO UPDATE SET spent = ${SPENT}`,
    );
    this.#insert = prepare(
      `INSERT INTO limit_reservations (writer_id, seq, action_id, agent_id, session_id, task_id, cost, after_position)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#delete = prepare('DELETE FROM limit_reservations WHERE writer_id = ? AND seq = ?');
    this.#readOthers = prepare(
      `SELECT writer_id, seq, action_id, agent_id, session_id, task_id, cost, after_position FROM limit_reservations
        WHERE writer_id <> ?`,
    );
  }

  /** What an account's session and task have used; nothing where it has none. The agent is one of the task's. */
  uses({ agentId, sessionId, taskId }: Account): { readonly run: RunUse; readonly task: TaskUse } {
    const row = this.#read.get(taskId, taskId, agentId, sessionId, agentId);
    const amount = (name: string): number => Number(row?.[name] ?? 0);
    return {
      run: { actions: amount('actions'), spent: amount('run_spent') },
      task: { spent: amount('task_spent'), agents: 1 + amount('others') },
    };
  }

  /** Counts a call that has been checked, and keeps its reservation. */
  open(call: LimitCall, cost: number, afterPosition: number): OpenReservation {
    const { actionId, agentId, sessionId, taskId } = call;
    const account = { agentId, sessionId, taskId };
    this.add(account, { money: cost, actions: 1 });
    const seq = this.#seq++;
    this.#insert.run(this.#writerId, seq, actionId, agentId, sessionId, taskId, cost, afterPosition);
    return { writerId: this.#writerId, seq, actionId, account, cost, afterPosition };
  }

  /** Removes a reservation and adds to its account; does neither where somebody has removed it before. */
  close({ writerId, seq, account }: OpenReservation, change: Change): void {
    if (Number(this.#delete.run(writerId, seq).changes) > 0) this.add(account, change);
  }

  /** Adds to what an account has used. */
  add({ agentId, sessionId, taskId }: Account, { money, actions }: Change): void {
    if (sessionId !== null && (money !== 0 || actions !== 0)) {
      this.#addToRun.run(sessionId, agentId, actions, money, actions, money);
    }
    if (taskId === null || money === 0) return;
    this.#addToTask.run(taskId, money, money);
    this.#addToTaskAgent.run(taskId, agentId, money, money);
  }

  /** The open reservations of all other writers. */
  ofOthers(): OpenReservation[] {
    return this.#readOthers.all(this.#writerId).map((row) => ({
      writerId: String(row.writer_id),
      seq: Number(row.seq),
      actionId: String(row.action_id),
      account: {
        agentId: String(row.agent_id),
        sessionId: textOrNull(row.session_id),
        taskId: textOrNull(row.task_id),
      },
      cost: Number(row.cost),
      afterPosition: Number(row.after_position),
    }));
  }
}

function textOrNull(value: SqlValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
