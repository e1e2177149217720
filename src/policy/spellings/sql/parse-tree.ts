import { holdsForEveryRow } from './tree-conditions.ts';
import { fieldsOf, listOf, NodeBudget, nodeOf, type TreeFields } from './tree-node.ts';
import { namedTables, nameOfRelation } from './tree-tables.ts';

/** What the parse tree of one statement says. */
export interface TreeFacts {
  /** The kind of a statement that reads or changes data; `null` for every other, whose words say it. */
  readonly kind: string | null;
  /** Verbs within it, however deep they stand. */
  readonly kinds: readonly string[];
  /** Tables, views and sequences, `schema.table`, in order, distinct. Names of a WITH are none. */
  readonly tables: readonly string[];
  /** As in a statement that was read without a parser. */
  readonly hasWhere: boolean;
  /** The code of the routines in it, where that is a string. */
  readonly bodies: readonly string[];
  /** Why it cannot be told what it does, or `null`. */
  readonly opaque: string | null;
}

const DATA_KINDS: ReadonlyMap<string, string> = new Map([
  ['SelectStmt', 'select'],
  ['InsertStmt', 'insert'],
  ['UpdateStmt', 'update'],
  ['DeleteStmt', 'delete'],
  ['MergeStmt', 'merge'],
]);
/** What may stand in EXPLAIN and CREATE RULE beside those. */
const INNER_KINDS: ReadonlyMap<string, string> = new Map([
  ...DATA_KINDS,
  ['CreateTableAsStmt', 'create table'],
  ['RefreshMatViewStmt', 'refresh'],
  ['DeclareCursorStmt', 'declare'],
  ['ExecuteStmt', 'exec'],
  ['NotifyStmt', 'notify'],
]);
const MERGE_KINDS: ReadonlyMap<unknown, string> = new Map([
  ['CMD_INSERT', 'insert'],
  ['CMD_UPDATE', 'update'],
  ['CMD_DELETE', 'delete'],
]);
/** Languages whose code the tokenizer reads. */
const READ_LANGUAGES: ReadonlySet<unknown> = new Set(['sql', 'plpgsql']);

/** Reads the tree of one statement, `{ DeleteStmt: { … } }`; `null` for what is none. Throws where a hostile one does. */
export function factsOfTree(statement: unknown): TreeFacts | null {
  const node = nodeOf(statement);
  return node === null ? null : new TreeWalk(node.type, node.fields).read();
}

/** The names that WITHs define around a node, nearest first. */
interface WithNames {
  readonly name: unknown;
  readonly outer: WithNames | null;
}

/** A value of the tree that is still to be visited. */
interface Visit {
  /** The type of the node, or the field in which it stands. */
  readonly key: string;
  readonly value: unknown;
  readonly names: WithNames | null;
}

class TreeWalk {
  readonly #type: string;
  readonly #top: TreeFields;
  readonly #kinds: string[] = [];
  readonly #tables: { readonly name: string; readonly at: number }[] = [];
  readonly #open: Visit[] = [];
  readonly #budget = new NodeBudget();
  #changes = 0;
  #unconditional = 0;
  readonly #bodies: string[] = [];
  #opaque: string | null = null;

  constructor(type: string, top: TreeFields) {
    this.#type = type;
    this.#top = top;
  }

  read(): TreeFacts {
    this.#open.push({ key: this.#type, value: this.#top, names: null });
    for (let visit = this.#open.pop(); visit !== undefined; visit = this.#open.pop()) {
      this.#budget.spend();
      this.#visit(visit);
    }
    return {
      kind: this.#kind(),
      kinds: this.#kinds,
      tables: [...new Set(this.#tables.sort((a, b) => a.at - b.at).map(({ name }) => name))],
      hasWhere: this.#changes === 0 ? hasMainWhere(this.#top, this.#budget) : this.#unconditional === 0,
      bodies: this.#bodies,
      opaque: this.#opaque,
    };
  }

  #kind(): string | null {
    if (this.#type !== 'SelectStmt') return DATA_KINDS.get(this.#type) ?? null;
    if (isValues(this.#top)) return 'values';
    return this.#kinds.includes('select into') ? 'select into' : 'select';
  }

  #visit({ key, value, names }: Visit): void {
    if (Array.isArray(value)) {
      for (const one of listOf(value).toReversed()) this.#later(key, one, names);
      return;
    }
    const fields = fieldsOf(value);
    this.#note(key, fields, names);
    const inside = this.#withNames(fields, names);
    for (const [field, inner] of Object.entries(fields).toReversed()) {
      if (field !== 'withClause') this.#later(field, inner, inside);
    }
  }

  #later(key: string, value: unknown, names: WithNames | null): void {
    if (typeof value === 'object' && value !== null) this.#open.push({ key, value, names });
  }

  /** Visits what a WITH defines. Each sees the names before it, with RECURSIVE all of them. */
  #withNames({ withClause }: TreeFields, outer: WithNames | null): WithNames | null {
    const clause = fieldsOf(withClause);
    const named = listOf(clause.ctes).map((one) => fieldsOf(fieldsOf(one).CommonTableExpr));
    let names = outer;
    const before = named.map(({ ctename }) => {
      const seen = names;
      names = { name: ctename, outer: names };
      return seen;
    });
    for (const [i, fields] of named.entries()) {
      this.#later('CommonTableExpr', fields, clause.recursive === true ? names : (before[i] ?? null));
    }
    return names;
  }

  #note(key: string, fields: TreeFields, names: WithNames | null): void {
    if (fields !== this.#top || DATA_KINDS.has(key)) this.#noteKind(key, fields);
    if (key === 'UpdateStmt' || key === 'DeleteStmt') {
      this.#changes++;
      const { whereClause } = fields;
      if (whereClause === undefined || holdsForEveryRow(whereClause, this.#budget)) this.#unconditional++;
    }
    if (key === 'CopyStmt' && fields.is_program === true) this.#opaque ??= 'COPY runs a program';
    if (key === 'DoStmt') this.#noteCode(fields.args);
    if (key === 'CreateFunctionStmt') this.#noteCode(fields.options);
    const name = nameOfRelation(fields);
    // What is changed is a table, whatever a WITH calls itself.
    const isNamedByWith = key === 'RangeVar' && fields.schemaname === undefined && holds(names, name);
    if (name !== null && !isNamedByWith) {
      this.#tables.push({ name, at: typeof fields.location === 'number' ? fields.location : -1 });
    }
    for (const one of namedTables(key, fields)) this.#tables.push({ name: one, at: Number.MAX_SAFE_INTEGER });
  }

  #noteKind(key: string, fields: TreeFields): void {
    const kind = key === 'MergeWhenClause' ? MERGE_KINDS.get(fields.commandType) : INNER_KINDS.get(key);
    if (key === 'intoClause') this.#kinds.push('select into');
    else if (kind === undefined || (key === 'SelectStmt' && (isValues(fields) || 'intoClause' in fields)))
      return;
    else this.#kinds.push(kind);
  }

  #noteCode(options: unknown): void {
    for (const option of listOf(options)) {
      const { defname, arg } = fieldsOf(fieldsOf(option).DefElem);
      if (defname === 'as') {
        // DO has one text, CREATE FUNCTION a list.
        for (const text of [arg, ...listOf(fieldsOf(fieldsOf(arg).List).items)]) {
          const { sval } = fieldsOf(fieldsOf(text).String);
          if (typeof sval === 'string') this.#bodies.push(sval);
        }
      }
      const language = defname === 'language' ? fieldsOf(fieldsOf(arg).String).sval : 'sql';
      if (!READ_LANGUAGES.has(language)) this.#opaque ??= 'it holds code in another language than SQL';
    }
  }
}

function holds(names: WithNames | null, name: string | null): boolean {
  for (let at = names; at !== null; at = at.outer) if (at.name === name) return true;
  return false;
}

function isValues({ valuesLists }: TreeFields): boolean {
  return listOf(valuesLists).length > 0;
}

/** Whether a WHERE stands outside of parentheses: in the statement, or in the query that it is made of. */
function hasMainWhere(top: TreeFields, budget: NodeBudget): boolean {
  const open: TreeFields[] = [top];
  for (let fields = open.pop(); fields !== undefined; fields = open.pop()) {
    budget.spend();
    const { whereClause, query, selectStmt, larg, rarg } = fields;
    if (whereClause !== undefined) return !holdsForEveryRow(whereClause, budget);
    for (const wrapped of [query, selectStmt]) {
      const node = nodeOf(wrapped);
      if (node !== null) open.push(node.fields);
    }
    for (const side of [rarg, larg]) if (side !== undefined) open.push(fieldsOf(side));
  }
  return false;
}
