import { type Command, Option } from 'commander';
import { ROLES } from '../core/access-token.ts';
import type { End } from './journal-commands.ts';

/** Adds the commands about access tokens. They are loaded when they run: `--help` needs none of them. */
export function addTokenCommands(program: Command, end: End): void {
  const token = program.command('token').description('make, show and revoke access tokens');
  addCreate(token, end);
  addList(token, end);
  addRevoke(token, end);
}

function withPlace(command: Command): Command {
  return command
    .option(
      '--db <path>',
      "the journal's file (default: storage.path, PLYRA_SNAPSHOT_PATH, ~/.plyra/snapshots.db)",
    )
    .option('--config <files...>', 'configuration files, for storage.path')
    .option(
      '--token-file <file>',
      'a file with an access token of role admin (default: the environment variable PLYRA_TOKEN, if set)',
    );
}

function addCreate(token: Command, end: End): void {
  withPlace(token.command('create').description('make a token; its text is shown this once'))
    .addOption(new Option('--role <role>', 'what its holder may do').choices(ROLES).makeOptionMandatory())
    .requiredOption('--name <name>', 'whose it is; no other live token has the name')
    .option('--expires <when>', 'when it ends: 30d, 12h, or ISO 8601 (default: when it is revoked)')
    .option('--out <file>', 'a new file for it, readable for you only, in place of standard output')
    .option('--json', 'print JSON')
    .action(async (options) => end((await import('./commands/token-create.ts')).tokenCreate(options)));
}

function addList(token: Command, end: End): void {
  withPlace(token.command('list').description('show which tokens there are, never their texts; newest last'))
    .option('--json', 'print one JSON object a line')
    .action(async (options) => end((await import('./commands/token-list.ts')).tokenList(options)));
}

function addRevoke(token: Command, end: End): void {
  withPlace(token.command('revoke').description('end a token at once'))
    .argument('<id|name>', 'its name, its id, or at least 8 characters of the beginning or the end of the id')
    .option('--json', 'print JSON')
    .action(async (written: string, options) =>
      end((await import('./commands/token-revoke.ts')).tokenRevoke(written, options)),
    );
}
