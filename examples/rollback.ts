// An agent wrecks a project folder and a database in one task. One call brings everything back.
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
// #region guard
import { ActionGuard, Policy, sqliteRollback } from 'plyra-guard';

const folder = mkdtempSync(join(tmpdir(), 'plyra-'));
const database = new DatabaseSync(join(folder, 'shop.db'));

const guard = new ActionGuard({
  policy: new Policy({ rules: [], defaultAction: 'allow' }),
  snapshotPath: join(folder, 'journal.db'),
});
// Files are undone as they are; a database by the connection that the tools use.
guard.registerRollbackHandler('db.*', sqliteRollback({ connection: database }));
// #endregion

const project = join(folder, 'project');
mkdirSync(join(project, 'src'), { recursive: true });
writeFileSync(join(project, 'README.md'), '# Shop\n');
writeFileSync(join(project, 'src', 'prices.txt'), 'apple 1\npear 2\n');
database.exec(`
  CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, price REAL);
  INSERT INTO products (name, price) VALUES ('apple', 1), ('pear', 2), ('plum', 3);
`);

// #region tools
const writeFile = guard.protect('file.write')(function writeFile(file: { path: string; text: string }) {
  writeFileSync(file.path, file.text);
});
const appendFile = guard.protect('file.append')(function appendFile(file: { path: string; text: string }) {
  appendFileSync(file.path, file.text);
});
const deletePath = guard.protect('file.delete')(function deletePath({ path }: { path: string }) {
  rmSync(path, { recursive: true });
});
const runSql = guard.protect('db.execute')(function runSql({ sql }: { sql: string }) {
  database.exec(sql);
});
// #endregion

/** Everything that the agent could change, as text. */
function everything(): string {
  const files = readdirSync(project, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
    .sort()
    .map((path) => `  ${path.slice(project.length + 1)}: ${JSON.stringify(readFileSync(path, 'utf8'))}`);
  const rows = database
    .prepare('SELECT name, price FROM products ORDER BY id')
    .all()
    .map(({ name, price }) => `${name} ${price}`);
  return [...files, `  products: ${rows.join(', ')}`].join('\n');
}

const before = everything();
console.log(`Before:\n${before}`);

// #region task
guard.withContext({ taskId: 'tidy up', agentId: 'helper' }, () => {
  writeFile({ path: join(project, 'README.md'), text: 'TODO' });
  appendFile({ path: join(project, 'src', 'prices.txt'), text: 'garbage\n' });
  deletePath({ path: join(project, 'src') });
  writeFile({ path: join(project, 'src.bak'), text: 'sorry' });
  runSql({ sql: "UPDATE products SET price = 0 WHERE name <> 'plum'" });
  runSql({ sql: "INSERT INTO products (name, price) VALUES ('junk', -1)" });
  runSql({ sql: 'DELETE FROM products WHERE price >= 0' });
});
console.log(`\nThe agent was here:\n${everything()}`);

const report = await guard.rollbackTask('tidy up');
console.log(`\nRolled back ${report.rolledBack.length} of ${report.totalActions} actions:\n${everything()}`);
// #endregion

console.log(everything() === before ? '\nAll is as it was.' : `\nNOT as it was: ${JSON.stringify(report)}`);
await guard.close();
database.close();
rmSync(folder, { recursive: true });
