// A guarded tool runs SQL; what it did to rows is undone. Run: node examples/rollback-database.ts
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { ActionGuard, Policy, sqliteRollback } from 'plyra-guard';

const db = new DatabaseSync(':memory:');
db.exec(`PRAGMA foreign_keys = ON;
  CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customers ON DELETE CASCADE);
  INSERT INTO customers VALUES (1, 'Ann'), (2, 'Bob');
  INSERT INTO orders VALUES (10, 1), (11, 1), (12, 2);`);

const policy = new Policy({ rules: [], defaultAction: 'allow' });
// #region register
const guard = new ActionGuard({ policy, snapshotPath: null });
guard.registerRollbackHandler('db.*', sqliteRollback({ connection: db, transaction: true }));

const execute = guard.protect('db.execute')(
  ({ sql, params = [] }: { sql: string; params?: SQLInputValue[] }) => db.prepare(sql).run(...params),
);
// #endregion

// #region undo
await guard.withContext({ taskId: 'clean-up' }, async () => {
  execute({ sql: 'UPDATE customers SET name = ? WHERE id = ?', params: ['Bobby', 2] });
  execute({ sql: 'DELETE FROM customers WHERE id = ?', params: [1] });
});
const { rolledBack } = await guard.rollbackTask('clean-up');
// #endregion
console.log(`${rolledBack.length} statements rolled back`);
console.log(
  db
    .prepare('SELECT * FROM customers')
    .all()
    .map(({ name }) => name)
    .join(', '),
);
console.log(`${db.prepare('SELECT * FROM orders').all().length} orders`);

execute({ sql: 'DROP TABLE orders' });
console.log(guard.getAuditLog({ limit: 1 })[0]?.labels.join());
await guard.close();
