import { type ChainTip, openRecord, type RecordDraft, type Sha256, sealRecord } from '../core/chain.ts';
import { type AuditEntry, foldEntry } from '../core/entry.ts';
import type { JournalRecord } from '../core/record.ts';
import { matchesFilter } from './filter.ts';
import { MemoryApprovals } from './memory/approvals.ts';
import { MemorySnapshots } from './memory/snapshots.ts';
import { MemoryTokens } from './memory/tokens.ts';
import type { AuditFilter, Freeze, Store } from './store.ts';

interface Slot {
  draft: RecordDraft | undefined;
  sealed: JournalRecord | undefined;
}

interface Action {
  readonly id: string;
  readonly slots: Slot[];
}

/** `decided` and `done` or `failed`; a call that waited for a person has one more. */
const RECORDS_PER_ACTION = 2;

/**
 * Keeps the newest actions of this process in a ring; older ones are dropped. Records are chained when they are
 * first read, not when they are appended: a chain that lives and dies with the process proves nothing while nobody
 * looks at it, and appending stays cheap.
 */
export class MemoryStore implements Store {
  readonly name = 'memory';
  readonly remote = false;
  readonly approvals: MemoryApprovals;
  readonly snapshots: MemorySnapshots;
  readonly tokens: MemoryTokens;
  readonly #maxActions: number;
  readonly #sha256: Sha256;
  readonly #ring: (Action | undefined)[] = [];
  readonly #byId = new Map<string, Action>();
  readonly #tips = new Map<string, ChainTip>();
  /** The newest records, oldest first; those before `#sealed` are chained. */
  #log: Slot[] = [];
  #sealed = 0;
  #newestHash = '';
  #position = 0;
  #next = 0;
  #freeze: Freeze | null = null;

  /** `now`: epoch milliseconds; default: the machine's. */
  constructor(options: { maxActions: number; sha256: Sha256; now?: (() => number) | undefined }) {
    this.#maxActions = Math.max(1, options.maxActions);
    this.#sha256 = options.sha256;
    const append = (draft: RecordDraft): void => this.append([draft]);
    this.approvals = new MemoryApprovals(this.#maxActions, append);
    this.tokens = new MemoryTokens(append);
    this.snapshots = new MemorySnapshots((drafts) => this.append(drafts), options.now ?? Date.now);
  }

  append(drafts: readonly RecordDraft[]): void {
    for (const draft of this.approvals.useUp(drafts)) {
      const slot: Slot = { draft, sealed: undefined };
      // The outcome of an action that left the ring meanwhile is kept as a record, and pushes nothing else out.
      if (draft.kind !== 'done' && draft.kind !== 'failed') this.#actionOf(draft.actionId).slots.push(slot);
      else this.#byId.get(draft.actionId)?.slots.push(slot);
      this.#log.push(slot);
    }
    if (this.#log.length > 2 * RECORDS_PER_ACTION * this.#maxActions) this.#dropOldest();
  }

  entries(filter: AuditFilter): AuditEntry[] {
    this.#seal();
    const found: AuditEntry[] = [];
    const limit = filter.limit ?? 100;
    const matches = matchesFilter(filter);
    for (let i = 1; i <= this.#ring.length && found.length < limit; i++) {
      const action = this.#ring[(this.#next - i + this.#ring.length) % this.#ring.length];
      const entry = action && fold(action);
      if (entry !== undefined && matches(entry)) found.push(entry);
    }
    return found;
  }

  entry(actionId: string): AuditEntry | undefined {
    this.#seal();
    const action = this.#byId.get(actionId);
    return action && fold(action);
  }

  records(): readonly JournalRecord[] {
    this.#seal();
    return this.#log.flatMap((slot) => slot.sealed ?? []);
  }

  frozen(): Freeze | null {
    return this.#freeze;
  }

  setFrozen(freeze: Freeze | null, draft: RecordDraft): void {
    this.append([draft]);
    this.#freeze = freeze;
  }

  /** What is in memory is judged by the policies in memory: nobody can ask for them later. */
  keepPolicy(): void {}

  close(): void {
    this.snapshots.close();
  }

  #actionOf(id: string): Action {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    const action: Action = { id, slots: [] };
    const evicted = this.#ring[this.#next];
    if (evicted !== undefined) this.#byId.delete(evicted.id);
    this.#ring[this.#next] = action;
    this.#next = (this.#next + 1) % this.#maxActions;
    this.#byId.set(id, action);
    return action;
  }

  #seal(): void {
    for (; this.#sealed < this.#log.length; this.#sealed++) {
      const slot = this.#log[this.#sealed];
      if (slot?.draft === undefined) continue;
      const writer = slot.draft.writer.id;
      const tip = this.#tips.get(writer) ?? { seq: 0, hash: this.#newestHash };
      slot.sealed = openRecord(sealRecord(slot.draft, tip, ++this.#position, this.#sha256));
      slot.draft = undefined;
      this.#newestHash = slot.sealed.hash;
      this.#tips.set(writer, { seq: slot.sealed.seq, hash: slot.sealed.hash });
    }
  }

  /** Drops the older half of the log. What nobody read is not chained then: the chain begins behind it. */
  #dropOldest(): void {
    const dropped = this.#log.length - RECORDS_PER_ACTION * this.#maxActions;
    const inUse = (slot: Slot): boolean => slot.draft !== undefined && this.#byId.has(slot.draft.actionId);
    if (this.#log.slice(0, dropped).some(inUse)) this.#seal();
    this.#log = this.#log.slice(dropped);
    this.#sealed = Math.max(0, this.#sealed - dropped);
  }
}

function fold(action: Action): AuditEntry | undefined {
  return foldEntry(action.slots.flatMap((slot) => slot.sealed ?? []));
}
