// An agent is put off, ends, and does its work as a new process after a person approved it on the command line.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ActionDeferredError, ActionGuard, Policy } from 'plyra-guard';

/** One run of the agent. It ends when it is put off: the request is in the journal, not in the process. */
async function agent(journal: string): Promise<void> {
  const guard = new ActionGuard({
    snapshotPath: journal,
    policy: new Policy({
      defaultAction: 'allow',
      rules: [
        { pattern: '^drop ', action: 'defer', reason: 'Tables are dropped with consent', deferSeconds: 60 },
      ],
    }),
  });
  const database = guard.wrap(function database({ statement }: { statement: string }) {
    return `done: ${statement}`;
  });
  try {
    console.log(database({ statement: 'drop table old_orders' }));
  } catch (error) {
    if (!(error instanceof ActionDeferredError)) throw error;
    console.log(`put off, to be tried again in ${error.deferSeconds} s`);
  }
  await guard.close();
}

const [role, journalOfAgent = ''] = process.argv.slice(2);
if (role === 'agent') await agent(journalOfAgent);
else story();

/** Plays the agent's runs, each a process of its own, and the person between them. */
function story(): void {
  const folder = mkdtempSync(join(tmpdir(), 'plyra-'));
  const journal = join(folder, 'journal.db');
  const plyraGuard = join(
    dirname(fileURLToPath(import.meta.resolve('plyra-guard/package.json'))),
    'dist/cli/main.js',
  );
  const node = (...words: string[]) => execFileSync(process.execPath, words, { encoding: 'utf8' }).trimEnd();
  const approvals = (...words: string[]) => node(plyraGuard, 'approvals', ...words, '--db', journal);
  const run = () => node(fileURLToPath(import.meta.url), 'agent', journal);

  console.log(`The agent: ${run()}`);
  console.log(`The agent, again: ${run()}`);
  // What a person does: plyra-guard approvals list, show <id>, approve <id>
  const { id, shown } = JSON.parse(approvals('list', '--json'));
  console.log(`A person sees one request: ${JSON.stringify(shown.parameters)}`);
  const { state, decided_by } = JSON.parse(approvals('approve', id, '--by', 'ann', '--json'));
  console.log(`The request is ${state} by ${decided_by}.`);
  console.log(`The agent, again: ${run()}`);
  console.log(`The agent, once more: ${run()}`);
  const states = approvals('list', '--state', 'all', '--json').split('\n');
  console.log(`The requests: ${states.map((line) => JSON.parse(line).state).join(', ')}`);
  rmSync(folder, { recursive: true });
}
