#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { ARGUMENT_KINDS } from '../core/argument-kind.ts';
import { ActionGuardError } from '../core/errors.ts';
import { GUARD_VERSION } from '../core/version.ts';
import { addApprovalCommands } from './approval-commands.ts';
import { asksForJson, errorJson, messageOf } from './error-json.ts';
import { EXIT } from './exit-codes.ts';
import { addJournalCommands } from './journal-commands.ts';
import { printableLines, printJson } from './output.ts';
import { addRollbackCommand } from './rollback-commands.ts';
import { addServeCommand } from './serve-command.ts';
import { addTokenCommands } from './token-commands.ts';
import { UsageError } from './usage-error.ts';

const program = new Command('plyra-guard')
  .description("Judges an AI agent's actions by policy, before they run.")
  .version(GUARD_VERSION)
  .showHelpAfterError('(add --help for more)')
  .addHelpText(
    'after',
    '\nExit codes: 0 ok or allowed, 1 failure, 2 usage, 3 blocked, 4 escalated or deferred.',
  )
  .exitOverride();

const JSON_FLAG = ['--json', 'print JSON'] as const;
const CONFIG_FLAG = [
  '--config <files...>',
  'policy files; several are layers (default: the built-in policy)',
] as const;
const INTENT = 'an intent string, an action as a JSON object, or - to read either from standard input';

// Commands are loaded when they run: `--help` needs none of them.
program
  .command('init')
  .description('write a commented policy to start from')
  .argument('[file]', 'where to', 'policy.yaml')
  .option('--force', 'overwrite the file if it is there')
  .option(...JSON_FLAG)
  .action(async (file: string, options) => end((await import('./commands/init.ts')).init(file, options)));

program
  .command('check')
  .description('load policy files and say what is wrong or odd about them')
  .argument('<files...>', 'policy files, each checked on its own')
  .option(...JSON_FLAG)
  .action(async (files: string[], options) =>
    end((await import('./commands/check.ts')).check(files, options)),
  );

program
  .command('evaluate')
  .description('judge an intent; the exit code tells the verdict')
  .argument('<intent>', INTENT)
  .option(...CONFIG_FLAG)
  .addOption(asOption())
  .option(...JSON_FLAG)
  .action(async (intent: string, options) =>
    end((await import('./commands/evaluate.ts')).evaluate(intent, options)),
  );

program
  .command('explain')
  .description('tell how an intent is judged, by which rule, and why')
  .argument('<intent>', INTENT)
  .option(...CONFIG_FLAG)
  .addOption(asOption())
  .option(...JSON_FLAG)
  .action(async (intent: string, options) =>
    end((await import('./commands/explain.ts')).explain(intent, options)),
  );

program
  .command('test')
  .description('run YAML cases (intent, expected verdict and rule) and show which rules none of them reached')
  .argument('<files...>', 'files of cases')
  .option(...JSON_FLAG)
  .action(async (files: string[], options) => end((await import('./commands/test.ts')).test(files, options)));

addServeCommand(program, end);
addJournalCommands(program, end);
addRollbackCommand(program, end);
addApprovalCommands(program, end);
addTokenCommands(program, end);

async function end(code: number | Promise<number>): Promise<void> {
  process.exitCode = await code;
}

/**
 * What was thrown as a message on stderr, with `--json` as an object on stdout, and an exit code. Commander has
 * printed its own messages already.
 */
function fail(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
  const hint = argumentFirst(error);
  if (asksForJson(process.argv.slice(2))) printJson(errorJson(error, hint));
  else if (error instanceof CommanderError) process.stderr.write(hint === '' ? '' : `${hint}\n`);
  else process.stderr.write(`error: ${printableLines(messageOf(error))}\n`);
  if (error instanceof CommanderError || error instanceof UsageError) return EXIT.usage;
  if (!(error instanceof ActionGuardError) && process.env.PLYRA_DEBUG && error instanceof Error) {
    process.stderr.write(`${error.stack}\n`);
  }
  return EXIT.failure;
}

/** `--as shell`: what an intent that is text is. */
function asOption(): Option {
  const about = 'what an intent that is text is; by default it goes by how it begins, else it is text';
  return new Option('--as <kind>', about).choices(ARGUMENT_KINDS);
}

/** `evaluate --config a.yaml x`: the intent counts as one of the files. */
function argumentFirst(error: unknown): string {
  if (!(error instanceof CommanderError) || error.code !== 'commander.missingArgument') return '';
  if (!process.argv.some((word) => word === '--config' || word.startsWith('--config='))) return '';
  const missing = /'(\w+)'/.exec(error.message)?.[1] ?? 'argument';
  const command = process.argv[2] ?? '';
  return `--config takes every word up to the next option. Put the ${missing} first: plyra-guard ${printableLines(command)} <${missing}> --config <files...>`;
}

// A reader that has seen enough (`| head`) closes the pipe; that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = fail(error);
}
