// Two files as layers, watched: each judges, and the worst verdict wins.
import { fileURLToPath } from 'node:url';
import { ActionGuard } from 'plyra-guard';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

// #region layers
const guard = ActionGuard.fromConfig([file('policy.yaml'), file('settings.yaml')], { watch: true });
// #endregion

for (const intent of ['/tmp/notes.txt', 'rm -rf /var/log', 'hello']) {
  const { outcome, reason } = guard.evaluate(intent);
  console.log(`${outcome.padEnd(9)} ${intent}: ${reason}`);
}
await guard.close();
