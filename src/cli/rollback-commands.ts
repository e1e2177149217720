import { type Command, Option } from 'commander';
import type { End } from './journal-commands.ts';

const AFTERWORD = `
First it shows what would change: each item as it is now (-) and as it was before the action (+), and where somebody
changed it since (!). Then it asks. Actions whose handlers only your program has (databases, your own) are undone
there: guard.rollback(id). Exit codes: 0 done, 1 failed or not everything undone, 2 usage.`;

/** Adds the command that undoes actions. It is loaded when it runs: `--help` does not need it. */
export function addRollbackCommand(program: Command, end: End): void {
  program
    .command('rollback')
    .description('undo actions: put back what was there before they ran')
    .argument('[action_id]', 'the id, or at least 8 characters of its beginning or its end')
    .option('--task <id>', 'all actions of a task, the last one first')
    .option('--last [n]', 'the last n actions that can be undone (default: 1)')
    .option('--agent <id>', 'with --last: only actions of this agent')
    .option('--recover', 'finish what processes that are gone had begun to undo')
    .option('--dry-run', 'only show what would change')
    .option('--force', 'also overwrite what was changed since the action')
    .option('--yes', 'do not ask')
    .addOption(
      new Option(
        '--on-failure <what>',
        'whether earlier actions are undone when a later one cannot be (default: continue)',
      ).choices(['stop', 'continue']),
    )
    .option(
      '--db <path>',
      "the journal's file (default: storage.path, PLYRA_SNAPSHOT_PATH, ~/.plyra/snapshots.db)",
    )
    .option(
      '--config <files...>',
      'configuration of the guards: storage.path, rollback.snapshot_dir, redaction',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', AFTERWORD)
    .action(async (id: string | undefined, options) =>
      end((await import('./commands/rollback.ts')).rollback(id, options)),
    );
}
