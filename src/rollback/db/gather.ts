import { IrreversibleError } from '../../core/errors.ts';
import type { Database, Found, Search } from './database.ts';
import type { Settings } from './options.ts';
import { itemOf, labelOf } from './rows.ts';
import type { RowChange } from './sql/change.ts';
import type { Steps } from './steps.ts';
import { type Act, type ForeignKey, type KeyAction, placeOf, type StoredRow, type Table } from './table.ts';

/** What a statement does to a row, or a foreign key after it. */
interface Effect {
  readonly isRemoved: boolean;
  /** Columns that change where it is not removed. */
  readonly columns: readonly string[];
}

/** A row with all that becomes of it. */
interface Reached {
  readonly row: StoredRow;
  isRemoved: boolean;
  readonly columns: Set<string>;
}

const REMOVED: Effect = Object.freeze({ isRemoved: true, columns: Object.freeze([]) });

/** Gathers the rows that a statement will change, and those that foreign keys will change after them. */
export class Gathering {
  readonly #db: Database;
  readonly #settings: Settings;
  readonly #lock: boolean;
  readonly #tables = new Map<string, Table>();
  readonly #reached = new Map<string, Reached>();
  #bytes = 0;

  constructor(db: Database, settings: Settings, lock: boolean) {
    this.#db = db;
    this.#settings = settings;
    this.#lock = lock;
  }

  /** What was gathered, in the order in which it was found. */
  get rows(): readonly StoredRow[] {
    return [...this.#reached.values()].map(({ row }) => row);
  }

  get search(): Search {
    return { limit: this.#settings.maxRows, lock: this.#lock };
  }

  /** Describes a table, once. Throws IrreversibleError for one that rows cannot be put back to. */
  *table(path: readonly string[]): Steps<Table> {
    const name = JSON.stringify(path);
    const table = this.#tables.get(name) ?? (yield* this.#db.table(path));
    this.#tables.set(name, table);
    return table;
  }

  /** Everything that an UPDATE or a DELETE will change. */
  *change(change: RowChange): Steps<Table> {
    const db = this.#db;
    const table = yield* this.table(change.target.name);
    this.checkTriggers(table, change.kind);
    const columns = this.columns(table, change.columns);
    this.checkKey(table, columns);
    if (change.where !== null) yield* db.checkStable(change.where);
    const found = yield* db.match(table, change.target, change.where, this.search);
    const token = yield* db.settle();
    const rows = yield* this.read(found, table);
    yield* this.reach(rows, change.kind === 'delete' ? REMOVED : { isRemoved: false, columns });
    yield* db.unsettle(token);
    return table;
  }

  /** Reads rows, unless they are too many. */
  *read(found: Found, table: Table): Steps<readonly StoredRow[]> {
    const { maxRows, maxBytes } = this.#settings;
    this.#bytes += found.bytes;
    if (found.count > maxRows) this.#tooMany();
    if (this.#bytes > maxBytes) {
      throw new IrreversibleError(
        `It changes more than ${maxBytes} bytes, the last of them in ${labelOf(this.#db, table)}; the option \`maxBytes\` of the handler allows more`,
      );
    }
    return found.count === 0 ? [] : yield* found.rows();
  }

  /** Notes rows and follows the foreign keys that refer to them. */
  *reach(rows: readonly StoredRow[], effect: Effect): Steps<void> {
    const work: [readonly StoredRow[], Effect][] = [[rows, effect]];
    for (let next = work.shift(); next !== undefined; next = work.shift()) {
      const [reached, what] = next;
      const fresh = this.#note(reached, what);
      const table = fresh[0]?.table;
      for (const key of table?.referredBy ?? []) {
        const action = actionOf(key, what, table);
        if (action === 'none') continue;
        const child = yield* this.table(key.from);
        const after = this.#effectOn(child, key, what.isRemoved && action === 'cascade');
        const found = yield* this.#db.referring(fresh, key, child, this.search);
        work.push([yield* this.read(found, child), after]);
      }
    }
  }

  /** The columns of a statement by the names that the table has for them. */
  columns(table: Table, names: readonly string[]): string[] {
    return names.map((name) => {
      const known = [...table.columns.map((column) => column.name), ...table.computed];
      const found = known.find((column) => this.#db.isSameName(column, name));
      if (found !== undefined) return found;
      throw new IrreversibleError(`${labelOf(this.#db, table)} has no column ${name}`);
    });
  }

  checkKey(table: Table, columns: readonly string[]): void {
    const changed = columns.find((name) => table.key.includes(name));
    if (changed === undefined) return;
    throw new IrreversibleError(
      `It changes ${changed}, by which the rows of ${labelOf(this.#db, table)} are told apart`,
    );
  }

  checkTriggers(table: Table, act: Act): void {
    if (this.#settings.acceptsTriggers) return;
    const trigger = table.triggers.find(({ acts }) => acts.includes(act));
    if (trigger === undefined) return;
    throw new IrreversibleError(
      `The trigger ${trigger.name} of ${labelOf(this.#db, table)} may write what is not captured; the option \`triggers: 'accept'\` of the handler leaves that as it is`,
    );
  }

  /** Notes what becomes of rows. Answers those of which that was not known yet. */
  #note(rows: readonly StoredRow[], { isRemoved, columns }: Effect): StoredRow[] {
    const fresh: StoredRow[] = [];
    for (const row of rows) {
      const item = itemOf(this.#db, row);
      const known = this.#reached.get(item) ?? { row, isRemoved: false, columns: new Set() };
      const isKnown =
        this.#reached.has(item) &&
        (isRemoved ? known.isRemoved : columns.every((name) => known.columns.has(name)));
      if (isKnown) continue;
      known.isRemoved ||= isRemoved;
      for (const name of columns) known.columns.add(name);
      this.#reached.set(item, known);
      fresh.push(known.row);
    }
    if (this.#reached.size > this.#settings.maxRows) this.#tooMany();
    return fresh;
  }

  #effectOn(child: Table, { columns }: ForeignKey, isRemoved: boolean): Effect {
    this.checkTriggers(child, isRemoved ? 'delete' : 'update');
    if (isRemoved) return REMOVED;
    this.checkKey(child, columns);
    return { isRemoved: false, columns };
  }

  #tooMany(): never {
    throw new IrreversibleError(
      `It changes more than ${this.#settings.maxRows} rows; the option \`maxRows\` of the handler allows more`,
    );
  }
}

/** What a foreign key does to the rows that refer to one of which something becomes. */
function actionOf(key: ForeignKey, { isRemoved, columns }: Effect, table: Table | undefined): KeyAction {
  const action = isRemoved ? key.onDelete : key.onUpdate;
  if (action === 'none' || table === undefined || isRemoved) return action;
  // A computed column changes with any other.
  const changes = key.references.some((name) => columns.includes(name) || placeOf(table, name) < 0);
  return changes ? action : 'none';
}
