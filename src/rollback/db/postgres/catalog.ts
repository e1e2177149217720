import { IrreversibleError } from '../../../core/errors.ts';
import { ask, type ResultRow, type Steps } from '../steps.ts';
import type { Act, Column, ForeignKey, KeyAction, Table, Trigger } from '../table.ts';

const ACTIONS: ReadonlyMap<string, KeyAction> = new Map([
  ['c', 'cascade'],
  ['n', 'set null'],
  ['d', 'set default'],
]);
/** Bits of a trigger's type. */
const BITS: readonly (readonly [number, Act])[] = Object.freeze([
  [4, 'insert'],
  [8, 'delete'],
  [16, 'update'],
]);
/** Numbers, texts, enumerations, booleans and user-defined types, among them uuid: no setting changes their text. */
const PLAIN_CATEGORIES: ReadonlySet<string> = new Set(['N', 'S', 'E', 'B', 'U']);

const CLASS = `SELECT c.oid::text AS oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
    c.relpersistence::text AS persistence, c.reltuples::bigint::text AS estimate,
    (c.relispartition OR EXISTS (SELECT 1 FROM pg_catalog.pg_inherits AS h WHERE h.inhparent = c.oid OR h.inhrelid = c.oid))::text AS inherits,
    EXISTS (SELECT 1 FROM pg_catalog.pg_rewrite AS w WHERE w.ev_class = c.oid)::text AS rules,
    pg_catalog.row_security_active(c.oid)::text AS guarded,
    pg_catalog.current_setting('standard_conforming_strings') AS strings,
    pg_catalog.current_setting('server_encoding') AS encoding
  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.oid = pg_catalog.to_regclass($1::text)`;

const COLUMNS = `SELECT a.attname::text AS name, a.attgenerated::text AS generated, t.typcategory::text AS category,
    CASE WHEN n.nspname = 'pg_catalog' THEN pg_catalog.format_type(a.atttypid, a.atttypmod)
      ELSE pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(t.typname) END AS type,
    pg_catalog.pg_get_serial_sequence($2::text, a.attname::text) AS sequence,
    (SELECT k.place::text FROM pg_catalog.pg_index AS i, unnest(i.indkey) WITH ORDINALITY AS k(num, place)
      WHERE i.indrelid = a.attrelid AND i.indisprimary AND k.num = a.attnum AND k.place <= i.indnkeyatts) AS place
  FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
  WHERE a.attrelid = ($1::text)::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;

const NAMES_OF = (numbers: string, table: string): string =>
  `(SELECT json_agg(a.attname ORDER BY x.place)::text FROM unnest(${numbers}) WITH ORDINALITY AS x(num, place)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = ${table} AND a.attnum = x.num)`;

const FOREIGN_KEYS = `SELECT n.nspname::text AS schema, c.relname::text AS name, k.confdeltype::text AS ondelete,
    k.confupdtype::text AS onupdate, ${NAMES_OF('k.conkey', 'k.conrelid')} AS own, ${NAMES_OF('k.confkey', 'k.confrelid')} AS other
  FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE k.contype = 'f' AND k.confrelid = ($1::text)::oid ORDER BY k.oid`;

const TRIGGERS = `SELECT tgname::text AS name, tgtype::text AS type FROM pg_catalog.pg_trigger
  WHERE tgrelid = ($1::text)::oid AND NOT tgisinternal AND tgenabled <> 'D' ORDER BY tgname`;

/** Describes a table of PostgreSQL. Throws IrreversibleError for what rows cannot be put back to. */
export function* describePostgres(path: readonly string[], quote: (name: string) => string): Steps<Table> {
  const [found] = yield* ask(CLASS, [path.map(quote).join('.')]);
  if (found === undefined) throw new IrreversibleError(`There is no table ${path.join('.')}`);
  const why = refusalOf(found);
  if (why !== null) throw new IrreversibleError(why);
  const [oid, schema, name] = [String(found.oid), String(found.schema), String(found.name)];
  const fields = yield* ask(COLUMNS, [oid, [schema, name].map(quote).join('.')]);
  const key = fields
    .filter(({ place }) => place !== null)
    .toSorted((a, b) => Number(a.place) - Number(b.place))
    .map((field) => String(field.name));
  if (key.length === 0) throw new IrreversibleError(`${name} has no primary key`);
  return {
    path: [schema, name],
    isPlainSchema: schema === 'public',
    columns: fields.filter(({ generated }) => generated === '').map(columnOf),
    computed: fields.filter(({ generated }) => generated !== '').map((field) => String(field.name)),
    key,
    rowId: null,
    referredBy: (yield* ask(FOREIGN_KEYS, [oid])).map(foreignKeyOf),
    triggers: (yield* ask(TRIGGERS, [oid])).map(triggerOf),
    estimate: Number(found.estimate) < 0 ? null : Number(found.estimate),
  };
}

function refusalOf(found: ResultRow): string | null {
  const { name } = found;
  if (found.schema === 'pg_catalog' || found.schema === 'information_schema')
    return `${name} is PostgreSQL's own`;
  if (found.kind !== 'r' || found.inherits === 'true') {
    return `${name} is no plain table: views, partitions, foreign and inherited tables are not captured`;
  }
  if (found.persistence === 't') return `${name} is temporary: nobody else can see it`;
  if (found.rules === 'true') return `${name} has rules that rewrite what is done to it`;
  if (found.guarded === 'true') return `${name} has row-level security, which may hide rows`;
  if (found.strings !== 'on') return 'standard_conforming_strings is off: strings may end elsewhere';
  return found.encoding === 'SQL_ASCII' ? 'The database has no encoding: texts cannot be read exactly' : null;
}

function columnOf(field: ResultRow): Column {
  return {
    name: String(field.name),
    type: String(field.type),
    sequence: field.sequence === null ? null : String(field.sequence),
    isPlain: PLAIN_CATEGORIES.has(String(field.category)),
    isHidden: false,
  };
}

function foreignKeyOf(row: ResultRow): ForeignKey {
  return {
    from: [String(row.schema), String(row.name)],
    columns: JSON.parse(String(row.own)) as string[],
    references: JSON.parse(String(row.other)) as string[],
    onDelete: ACTIONS.get(String(row.ondelete)) ?? 'none',
    onUpdate: ACTIONS.get(String(row.onupdate)) ?? 'none',
  };
}

function triggerOf(row: ResultRow): Trigger {
  const type = Number(row.type);
  return { name: String(row.name), acts: BITS.flatMap(([bit, act]) => ((type & bit) === 0 ? [] : [act])) };
}
