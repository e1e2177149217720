/**
 * The tables, as the steps that lead to them: step N takes a database of version N (`PRAGMA user_version`) to N + 1.
 * A step is never changed once it was released; a new one is added behind it.
 *
 * `journal` is the log itself: append-only, no secondary index. `position` has no gaps but the one before the first
 * record, of which a `pruned` record tells; `pruning` has the position of the newest of these. Everything from `entries`
 * to `rollups`, `totals` and `sessions` are the projection, made of the journal and thrown away at will. `ingested` names
 * the entries of other machines that were taken in, each with a position that its record is not before. `approvals`, `grants`, `tokens` and
 * `snapshots` are changed together with the records that tell of it. `blobs` has the contents that snapshots refer to: in
 * `content` as they are (`raw`) or deflated, or as a file beside the database (`file`).
 * Times are epoch milliseconds, but for `journal.at`, whose text is what the record's hash covers.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE journal (
    position INTEGER PRIMARY KEY,
    writer_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    action_id TEXT NOT NULL,
    at TEXT NOT NULL,
    policy_revision TEXT NOT NULL,
    namespace TEXT NOT NULL,
    body TEXT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;

  CREATE TABLE writers (
    id TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    incarnation TEXT,
    started_at INTEGER NOT NULL,
    closed_at INTEGER,
    last_seq INTEGER,
    last_hash TEXT,
    last_position INTEGER
  ) STRICT;

  CREATE TABLE policies (
    revision TEXT PRIMARY KEY,
    rules TEXT NOT NULL,
    sources TEXT NOT NULL,
    recorded_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE freezes (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    frozen_by TEXT NOT NULL
  ) STRICT;

  CREATE TABLE pruning (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    position INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE projection (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    position INTEGER NOT NULL,
    text_position INTEGER NOT NULL
  ) STRICT;
  INSERT INTO projection VALUES (1, 0, 0);

  CREATE TABLE entries (
    position INTEGER PRIMARY KEY,
    action_id TEXT NOT NULL UNIQUE,
    last_position INTEGER NOT NULL,
    positions TEXT NOT NULL,
    writer_id TEXT NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT NOT NULL,
    verdict TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    task_id TEXT,
    session_id TEXT,
    action_type TEXT NOT NULL,
    tool_name TEXT NOT NULL,
    rule_name TEXT,
    at INTEGER NOT NULL,
    latency_ms REAL NOT NULL
  ) STRICT;
  CREATE INDEX entries_outcome ON entries (outcome);
  CREATE INDEX entries_verdict ON entries (verdict);
  CREATE INDEX entries_agent ON entries (agent_id);
  CREATE INDEX entries_task ON entries (task_id) WHERE task_id IS NOT NULL;
  CREATE INDEX entries_session ON entries (session_id) WHERE session_id IS NOT NULL;
  CREATE INDEX entries_type ON entries (action_type);
  CREATE INDEX entries_tool ON entries (tool_name);
  CREATE INDEX entries_rule ON entries (rule_name) WHERE rule_name IS NOT NULL;
  CREATE INDEX entries_open ON entries (state) WHERE state IN ('running', 'waiting');

  CREATE TABLE entry_tags (
    tag TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (tag, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX entry_tags_position ON entry_tags (position);

  CREATE TABLE entry_minutes (
    minute INTEGER PRIMARY KEY,
    first_position INTEGER NOT NULL,
    last_position INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE rollups (
    dimension TEXT NOT NULL,
    minute INTEGER NOT NULL,
    name TEXT NOT NULL,
    outcome TEXT NOT NULL,
    count INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (dimension, minute, name, outcome)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE approvals (
    id TEXT PRIMARY KEY,
    action_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    tool_name TEXT NOT NULL,
    action_type TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    task_id TEXT,
    session_id TEXT,
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    rule_name TEXT,
    escalate_to TEXT,
    risk_score REAL NOT NULL,
    policy_revision TEXT NOT NULL,
    objections TEXT NOT NULL,
    shown TEXT,
    quorum INTEGER NOT NULL,
    requested_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    expires_boot TEXT,
    expires_uptime REAL,
    waiter TEXT,
    state TEXT NOT NULL,
    votes TEXT NOT NULL,
    decided_by TEXT,
    decided_at INTEGER,
    note TEXT,
    consumed_by TEXT
  ) STRICT;
  CREATE INDEX approvals_digest ON approvals (digest);
  CREATE INDEX approvals_state ON approvals (state);

  CREATE TABLE grants (
    id TEXT PRIMARY KEY,
    approval_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    digest TEXT NOT NULL,
    session_id TEXT,
    agent_id TEXT NOT NULL,
    tool_name TEXT NOT NULL,
    objections TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    granted_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    revoked_by TEXT
  ) STRICT;
  CREATE INDEX grants_digest ON grants (digest);
  `,
  `
  CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    role TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    revoked_by TEXT
  ) STRICT;
  CREATE INDEX tokens_name ON tokens (name_key);
  `,
  'ALTER TABLE approvals ADD COLUMN shown_hash TEXT;',
  `
  CREATE TABLE snapshots (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    action_id TEXT NOT NULL UNIQUE,
    handler TEXT NOT NULL,
    action_type TEXT NOT NULL,
    tool_name TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    task_id TEXT,
    session_id TEXT,
    captured_at INTEGER NOT NULL,
    data TEXT NOT NULL,
    before_act TEXT,
    after_act TEXT,
    blobs TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    state TEXT NOT NULL,
    restoring_by TEXT
  ) STRICT;
  CREATE INDEX snapshots_task ON snapshots (task_id) WHERE task_id IS NOT NULL;
  CREATE INDEX snapshots_restoring ON snapshots (state) WHERE state = 'restoring';
  CREATE INDEX snapshots_size ON snapshots (position, bytes, captured_at, state, id);

  CREATE TABLE blobs (
    hash TEXT PRIMARY KEY,
    bytes INTEGER NOT NULL,
    encoding TEXT NOT NULL,
    content BLOB,
    kept_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE snapshot_blobs (
    hash TEXT NOT NULL,
    snapshot_id TEXT NOT NULL,
    PRIMARY KEY (hash, snapshot_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX snapshot_blobs_snapshot ON snapshot_blobs (snapshot_id);
  `,
  `
  CREATE TABLE totals (
    dimension TEXT NOT NULL,
    name TEXT NOT NULL,
    outcome TEXT NOT NULL,
    count INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    millis REAL NOT NULL,
    PRIMARY KEY (dimension, name, outcome)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO totals SELECT dimension, name, outcome, sum(count), max(last_at), 0 FROM rollups GROUP BY 1, 2, 3;
  INSERT INTO totals SELECT 'session', session_id, outcome, count(*), max(at), sum(latency_ms) FROM entries
    WHERE session_id IS NOT NULL GROUP BY session_id, outcome;

  CREATE TABLE sessions (
    session_id TEXT PRIMARY KEY,
    count INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX sessions_newest ON sessions (last_at, session_id);
  INSERT INTO sessions SELECT session_id, count(*), min(at), max(at) FROM entries
    WHERE session_id IS NOT NULL GROUP BY session_id;

  CREATE TABLE ingested (
    writer_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (writer_id, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX ingested_position ON ingested (position);
  `,
];

/**
 * The full-text index of the projection, made by a projection that can: Node before 22.16 has an SQLite without FTS5,
 * where preparing any statement on this table fails ("no such module"). `pragma_module_list` tells whether it is there.
 */
export const TEXT_INDEX = `
  CREATE VIRTUAL TABLE IF NOT EXISTS entries_text USING fts5 (
    intent, reason, content = '', contentless_delete = 1
  )`;
