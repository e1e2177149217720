// Reads SQL with PostgreSQL's own parser in place of the tokenizer.
// #region parser
import { loadModule, parseSync } from 'libpg-query';
import { ActionGuard, Policy } from 'plyra-guard';

await loadModule();
const guard = new ActionGuard({
  sqlParser: parseSync,
  policy: new Policy({ rules: [{ pattern: '^(SELECT|UPDATE) ', action: 'allow' }] }),
});
// #endregion

// To PostgreSQL `#` is an operator; to MySQL it starts a comment, which would hide the WHERE.
for (const sql of ['UPDATE flags SET bits = bits # 4 WHERE id = 1', 'DROP TABLE flags', 'tidy up']) {
  const { outcome } = guard.evaluate(sql, { as: 'sql' });
  console.log(`${outcome.padEnd(9)} ${sql}`);
}
await guard.close();
