import { fieldsOf, listOf, type TreeFields } from './tree-node.ts';

/** Objects that are tables, or may be read and written like one. */
const TABLES: ReadonlySet<unknown> = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_FOREIGN_TABLE',
]);
/** Objects of a table: the last part of their name is their own. */
const OF_TABLES: ReadonlySet<unknown> = new Set([
  'OBJECT_COLUMN',
  'OBJECT_TRIGGER',
  'OBJECT_RULE',
  'OBJECT_POLICY',
  'OBJECT_TABCONSTRAINT',
]);

/** `schema.table` of a node that names a relation, or `null`. */
export function nameOfRelation({ catalogname, schemaname, relname }: TreeFields): string | null {
  if (typeof relname !== 'string') return null;
  return [catalogname, schemaname, relname].filter((part) => typeof part === 'string').join('.');
}

/** The tables of DROP, COMMENT, SECURITY LABEL and RENAME, which stand there as plain names. */
export function namedTables(type: string, fields: TreeFields): readonly string[] {
  switch (type) {
    case 'DropStmt':
      return listOf(fields.objects).flatMap((one) => tableOf(fields.removeType, one));
    case 'CommentStmt':
    case 'SecLabelStmt':
      return tableOf(fields.objtype, fields.object);
    case 'RenameStmt':
      return TABLES.has(fields.renameType) && typeof fields.newname === 'string' ? [fields.newname] : [];
    default:
      return [];
  }
}

function tableOf(objectType: unknown, object: unknown): readonly string[] {
  const parts = listOf(fieldsOf(fieldsOf(object).List).items).map(
    (item) => fieldsOf(fieldsOf(item).String).sval,
  );
  const name = TABLES.has(objectType) ? parts : OF_TABLES.has(objectType) ? parts.slice(0, -1) : [];
  return name.length === 0 ? [] : [name.filter((part) => typeof part === 'string').join('.')];
}
