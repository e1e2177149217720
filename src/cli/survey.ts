import { hash } from 'node:crypto';
import type { SealedRecord } from '../core/chain.ts';
import { readPruned } from '../core/pruned.ts';
import { bodyFromText } from '../core/wire.ts';
import type { Checkpoint } from '../journal/checkpoint.ts';
import { MAX_PROBLEMS } from '../journal/problems.ts';
import { type JournalCheck, verifyJournal } from '../journal/verify.ts';
import type { JournalReader, WholeJournal, WriterStatus } from '../stores/sqlite/reader.ts';

/** A writer and how many of its records are there. */
export interface SurveyedWriter {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly records: number;
  /** `unknown` for one that the store does not know. */
  readonly state: WriterStatus['state'] | 'unknown';
}

/** An action that was cleared to run and whose end nobody wrote: its writer is gone. */
export interface InterruptedAction {
  readonly actionId: string;
  readonly toolName: string;
  /** ISO 8601. */
  readonly at: string;
  readonly position: number;
  readonly writer: string;
}

/** What a `pruned` record tells of. */
export interface PrunedRange {
  /** Of that record. */
  readonly position: number;
  readonly at: string;
  readonly fromPosition: number;
  readonly throughPosition: number;
}

/** A journal's check, and what was seen on the way. */
export interface Survey {
  /** Of the records, and of the projection that is made of them. */
  readonly check: JournalCheck;
  /** Whether nothing is wrong but the projection, which can be made anew. */
  readonly recordsAreWhole: boolean;
  readonly writers: readonly SurveyedWriter[];
  readonly interrupted: readonly InterruptedAction[];
  readonly pruned: readonly PrunedRange[];
  /** The last record of each writer, oldest first. */
  readonly lastRecords: readonly SealedRecord[];
}

/** How often a check begins again because records were pruned under it. */
const ATTEMPTS = 5;

/**
 * Checks a whole journal, reading it once. The memory needed grows with the writers and the actions under way, not with
 * the records. Throws what the store says, and where it is pruned faster than it is read.
 */
export function surveyJournal(reader: JournalReader, checkpoint: Checkpoint | undefined): Survey {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const journal = reader.whole();
    const survey = new Walk(journal).survey(checkpoint);
    // What was pruned while it was read would seem to have been removed by somebody.
    if (survey.check.ok || !journal.wasPrunedSince()) return withProjection(survey, reader);
  }
  throw new Error(
    'Guards are pruning old records from this journal right now. Verify it again when they are done.',
  );
}

/** The same, with what is wrong with the tables that the log and the export are read by. */
function withProjection(survey: Survey, reader: JournalReader): Survey {
  const { check } = survey;
  const problems = [...check.problems];
  let found = check.more + problems.length;
  for (const { position, actionId, problem } of reader.projectionDifferences()) {
    found++;
    if (problems.length >= 2 * MAX_PROBLEMS) continue;
    problems.push({ kind: 'projection', position, writer: null, seq: null, actionId, problem });
  }
  const last = Number.POSITIVE_INFINITY;
  problems.sort((a, b) => (a.position ?? last) - (b.position ?? last));
  const told = problems.slice(0, MAX_PROBLEMS);
  return {
    ...survey,
    check: { ok: found === 0, records: check.records, problems: told, more: found - told.length },
  };
}

class Walk {
  readonly #journal: WholeJournal;
  readonly #counts = new Map<string, number>();
  readonly #last = new Map<string, SealedRecord>();
  readonly #open = new Map<string, SealedRecord>();
  readonly #pruned: PrunedRange[] = [];

  constructor(journal: WholeJournal) {
    this.#journal = journal;
  }

  survey(checkpoint: Checkpoint | undefined): Survey {
    const { writers } = this.#journal;
    const sha256 = (text: string): string => hash('sha256', text);
    const check = verifyJournal(this.#watched(), { sha256, writers, checkpoint });
    const states = new Map(writers.map(({ id, state }) => [id, state]));
    const lastRecords = [...this.#last.values()].sort((a, b) => a.position - b.position);
    return {
      check,
      recordsAreWhole: check.ok,
      writers: this.#writers(states),
      interrupted: [...this.#open.values()].flatMap((record) => {
        const state = states.get(record.writer.id);
        return state === 'closed' || state === 'dead' ? interruptedAction(record) : [];
      }),
      pruned: this.#pruned,
      lastRecords,
    };
  }

  *#watched(): Generator<SealedRecord> {
    for (const record of this.#journal.records) {
      const { id } = record.writer;
      this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1);
      this.#last.set(id, record);
      this.#follow(record);
      yield record;
    }
  }

  #follow(record: SealedRecord): void {
    switch (record.kind) {
      case 'decided':
        // A first look at the text: most records need not be read twice.
        if (record.body.includes('"state":"running"')) this.#open.set(record.actionId, record);
        break;
      case 'done':
      case 'failed':
        this.#open.delete(record.actionId);
        break;
      case 'pruned': {
        const range = prunedRange(record);
        if (range !== undefined) this.#pruned.push(range);
        break;
      }
    }
  }

  /** Those that have records or may yet write some, in the order in which they began. */
  #writers(states: ReadonlyMap<string, WriterStatus['state']>): SurveyedWriter[] {
    const known = this.#journal.writers.filter(({ id, state }) => state === 'live' || this.#counts.has(id));
    const unknown = [...this.#last.values()].flatMap(({ writer }) => (states.has(writer.id) ? [] : writer));
    return [...known, ...unknown].map(({ id, host, pid }) => ({
      ...{ id, host, pid },
      records: this.#counts.get(id) ?? 0,
      state: states.get(id) ?? 'unknown',
    }));
  }
}

function interruptedAction({
  kind,
  actionId,
  body,
  position,
  at,
  writer,
}: SealedRecord): InterruptedAction | [] {
  const { state, toolName } = bodyOf(kind, body);
  return state === 'running' ? { actionId, toolName: String(toolName), at, position, writer: writer.id } : [];
}

function prunedRange({ kind, body, position, at }: SealedRecord): PrunedRange | undefined {
  const range = readPruned(bodyOf(kind, body));
  return range && { position, at, fromPosition: range.fromPosition, throughPosition: range.throughPosition };
}

/** The check tells which bodies cannot be read; here they are empty. */
function bodyOf(kind: SealedRecord['kind'], body: string): Readonly<Record<string, unknown>> {
  try {
    return bodyFromText(kind, body);
  } catch {
    return {};
  }
}
