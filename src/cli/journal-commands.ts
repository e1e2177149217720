import type { Command } from 'commander';

/** Sets the exit code of a command when it has one. */
export type End = (code: number | Promise<number>) => Promise<void>;

const DB = [
  '--db <path>',
  "the journal's file (default: storage.path, PLYRA_SNAPSHOT_PATH, ~/.plyra/snapshots.db)",
] as const;
const CONFIG = ['--config <files...>', 'configuration files, for storage.path'] as const;
const JSON_FLAG = ['--json', 'print JSON'] as const;
const TIME = 'ISO 8601, or how long ago: 90s, 30m, 2h, 7d';

/** Adds the commands about the journal. They are loaded when they run: `--help` needs none of them. */
export function addJournalCommands(program: Command, end: End): void {
  addLog(program, end);
  const audit = program
    .command('audit')
    .description('verify or export the journal, or make a checkpoint of it');
  addVerify(audit, end);
  addExport(audit, end);
  addCheckpoint(audit, end);
  addFreeze(program, end);
}

/** The options by which entries are chosen. */
function withFilter(command: Command): Command {
  return command
    .option('--outcome <outcome>', 'allow, warn, block, escalate, defer or error')
    .option('--tool <name>')
    .option('--agent <id>')
    .option('--task <id>')
    .option('--session <id>')
    .option('--search <words>', 'words of the intent or the reason, or their beginnings')
    .option('--since <time>', TIME)
    .option('--until <time>', TIME);
}

function addLog(program: Command, end: End): void {
  const command = program.command('log').description('show what agents did, newest last');
  withFilter(command)
    .option('--limit <n>', 'how many of the newest, at most 10000 (default: 50)')
    .option('--follow', 'go on with what happens, in any process, until Ctrl-C')
    .option(...DB)
    .option(...CONFIG)
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      '\nWith --follow a call is shown when it has ended, was refused or interrupted, and before that when it waits for a\nperson; one that runs is shown when it ends. INTERRUPTED: its process died while the tool may have been running,\nor while the call waited for a person.',
    )
    .action(async (options) => end((await import('./commands/log.ts')).log(options)));
}

function addVerify(audit: Command, end: End): void {
  audit
    .command('verify')
    .description('check that no record was edited, removed, inserted or moved')
    .option(
      '--checkpoint <file>',
      'a checkpoint made before: shows whether the end was cut off or all was replaced',
    )
    .option(...DB)
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (options) => end((await import('./commands/audit-verify.ts')).auditVerify(options)));
}

function addExport(audit: Command, end: End): void {
  const command = audit.command('export').description('write the entries out, oldest first');
  withFilter(command)
    .option('--format <format>', 'jsonl or csv (default: jsonl)')
    .option('--records', 'write the sealed records in place of the entries, so that others can verify them')
    .option('--output <file>', 'a new file, readable for you only, in place of standard output')
    .option('--force', 'overwrite the file if it is there')
    .option(...DB)
    .option(...CONFIG)
    .option('--json', 'the same as --format jsonl')
    .action(async (options) => end((await import('./commands/audit-export.ts')).auditExport(options)));
}

function addCheckpoint(audit: Command, end: End): void {
  audit
    .command('checkpoint')
    .description('verify the journal and print what it ends with, to keep elsewhere')
    .option('--output <file>', 'a new file, readable for you only, in place of standard output')
    .option('--force', 'overwrite the file if it is there')
    .option(...DB)
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (options) =>
      end((await import('./commands/audit-checkpoint.ts')).auditCheckpoint(options)),
    );
}

function addFreeze(program: Command, end: End): void {
  program
    .command('freeze')
    .description('refuse every call of every guard on the journal, at once')
    .argument('<reason>', 'shown in every refusal')
    .option(...DB)
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (reason: string, options) =>
      end((await import('./commands/freeze.ts')).freeze(reason, options)),
    );
  program
    .command('unfreeze')
    .description('let guards judge again after a freeze')
    .option(...DB)
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (options) => end((await import('./commands/freeze.ts')).unfreeze(options)));
}
