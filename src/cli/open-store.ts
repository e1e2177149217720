import { homedir, hostname, userInfo } from 'node:os';
import { newActionId } from '../call/action-id.ts';
import { systemClock } from '../call/system-clock.ts';
import type { RecordDraft } from '../core/chain.ts';
import type { RecordKind, WriterId } from '../core/record.ts';
import { makeRedactor } from '../core/redact.ts';
import { compileRedactionPatterns } from '../policy/redaction-patterns.ts';
import { snapshotFolder } from '../stores/sqlite/location.ts';
import { SqliteStore } from '../stores/sqlite.ts';
import type { JournalFile } from './journal-file.ts';

/** A journal that a command writes to, under a writer of its own. */
export interface OpenStore {
  readonly store: SqliteStore;
  /** A record of this command about no tool's action; `actionId` is completed with a new id. */
  readonly draft: (kind: RecordKind, body: Readonly<Record<string, unknown>>) => RecordDraft;
  /** A text as it is stored: without secrets, as the configuration has it. */
  readonly redacted: (text: string) => string;
}

/** Opens a journal for writing. Throws ConfigError where that cannot be done. Close the store in the end. */
export function openStore({ path, config }: JournalFile): OpenStore {
  const writer: WriterId = { id: newActionId(), host: hostname(), pid: process.pid };
  const { keys = [], patterns = [] } = config?.settings.redaction ?? {};
  const redaction = makeRedactor({ keys, patterns: compileRedactionPatterns(patterns) }).forAction({});
  const store = new SqliteStore({
    ...{ path, writer, clock: systemClock },
    durability: config?.settings.storage.durability ?? 'process',
    // Pruning is the guards' business: a person who freezes must not wait for it.
    retentionDays: null,
    snapshotDir: snapshotFolder(config?.settings.rollback.snapshotDir ?? null, homedir()),
  });
  return {
    store,
    draft: (kind, body) => ({
      ...{ v: 1, writer, kind, actionId: `${kind}:${newActionId()}`, at: new Date(systemClock.now()) },
      ...{ policyRevision: '', namespace: 'default', body: () => body },
    }),
    redacted: (text) => redaction.text(text),
  };
}

/** Who runs this command: `cli:<user>@<host>`. */
export function whoAmI(): string {
  return `cli:${userName()}@${hostname()}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user may have a number and no name.
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
