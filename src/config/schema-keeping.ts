import { DEFAULTS } from './defaults.ts';
import type { Zod } from './lazy.ts';
import { exporterSchema } from './schema-exporters.ts';
import { about, type SchemaValues } from './schema-values.ts';
import { webhookSection } from './schema-webhook.ts';

const COUNT = 'a whole number, 0 or more';
const TEXTS = 'a list of texts, e.g. `[a, b]`';

/** `rollback`, `observability`, `storage`, `sidecar`. */
export function keepingSections(v: SchemaValues, zod: Zod) {
  return {
    rollback: rollbackSection(v),
    observability: observabilitySection(v, zod),
    storage: storageSection(v),
    sidecar: sidecarSection(v),
  };
}

function days(v: SchemaValues) {
  return v.number('a number of days above 0, or null', { above: 0 }).nullable();
}

function rollbackSection(v: SchemaValues) {
  const { rollback } = DEFAULTS;
  return v.object(
    {
      enabled: about(v.flag(), 'Whether actions can be undone.', rollback.enabled),
      snapshot_dir: about(v.text('a path, or null').nullable(), 'Where snapshots are kept.', null),
      max_snapshots: about(
        v.number(COUNT, { min: 0, whole: true }),
        'Most snapshots.',
        rollback.maxSnapshots,
      ),
      max_age_days: about(days(v), 'Snapshots older than this are removed.', null),
      max_bytes: about(v.size(), 'Most that all snapshots take; units are powers of 1024.', '1GB'),
      on_capture_failure: about(
        v.word(['block', 'allow']),
        'What happens to an action whose snapshot fails.',
        rollback.onCaptureFailure,
      ),
      irreversible: about(
        v.word(['allow', 'warn', 'escalate', 'block']),
        'What happens to an action that cannot be undone.',
        rollback.irreversible,
      ),
    },
    'a mapping',
  );
}

function observabilitySection(v: SchemaValues, zod: Zod) {
  const exporter = exporterSchema(v, zod);
  return v.object(
    {
      exporters: about(v.list(exporter, 'a list of exporters'), 'Where entries are sent.', []),
      audit_log_max_entries: about(
        v.number('a whole number from 1 to 10000000', { min: 1, max: 10_000_000, whole: true }),
        'Entries that are kept in memory.',
        DEFAULTS.observability.auditLogMaxEntries,
      ),
    },
    'a mapping',
  );
}

function storageSection(v: SchemaValues) {
  const { storage } = DEFAULTS;
  return v.object(
    {
      path: about(v.filled('a path'), 'The journal.', storage.path),
      durability: about(
        v.word(['process', 'power']),
        'What the journal survives: the end of the process, or of the power.',
        storage.durability,
      ),
      on_store_failure: about(
        v.word(['block', 'allow']),
        'What happens to calls that cannot be journaled.',
        storage.onStoreFailure,
      ),
      retention_days: about(days(v), 'Records older than this are pruned; null: none are.', null),
    },
    'a mapping',
  );
}

function sidecarSection(v: SchemaValues) {
  const { sidecar } = DEFAULTS;
  return v.object(
    {
      host: about(v.filled('a host'), 'Address to listen on.', sidecar.host),
      port: about(
        v.number('a port from 0 to 65535', { min: 0, max: 65_535, whole: true }),
        'Port to listen on.',
        sidecar.port,
      ),
      origins: about(v.list(v.text(), TEXTS), 'Origins of pages that may call.', []),
      require_token: about(v.flag(), 'Whether local calls need a token too.', sidecar.requireToken),
    },
    'a mapping',
  );
}

/** `approvals` and one entry of `approvers`. */
export function approvalSections(v: SchemaValues, zod: Zod) {
  const { approvals } = DEFAULTS;
  return {
    approvals: v.object(
      {
        wait: about(v.flag(), 'Whether a call waits for its answer.', approvals.wait),
        timeout_seconds: about(
          v.timer(),
          'Seconds until an unanswered request is refused.',
          approvals.timeoutSeconds,
        ),
        quorum: about(
          v.number('a whole number, 1 or more', { min: 1, whole: true }),
          'Approvals that are needed.',
          approvals.quorum,
        ),
        repeat_limit: about(
          v.number(COUNT, { min: 0, whole: true }),
          'How often one intent may be refused in a session until nobody is asked about it any more; 0: for ever.',
          approvals.repeatLimit,
        ),
        via: about(v.word(['auto', 'callback', 'queue']), 'How people are asked.', approvals.via),
        webhook: about(
          webhookSection(v, zod).nullable(),
          'Where requests and decisions are announced.',
          null,
        ),
      },
      'a mapping',
    ),
    approvers: v.list(
      v.object(
        {
          id: v.filled('the id of an approver, as text').meta({ description: 'Who decides.' }),
          public_key: v.filled('an Ed25519 public key, as text').meta({ description: 'Ed25519.' }),
          lists: about(v.list(v.text(), TEXTS), 'The lists that the approver is on.', []),
        },
        'a mapping with `id` and `public_key`',
      ),
      'a list of approvers',
    ),
  };
}
