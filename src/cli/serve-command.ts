import type { Command } from 'commander';
import type { End } from './journal-commands.ts';

/** Adds `serve`. It is loaded when it runs. */
export function addServeCommand(program: Command, end: End): void {
  program
    .command('serve')
    .description('serve the journal of this machine over HTTP: REST API, live stream, metrics')
    .option('--host <address>', 'where to listen; all but loopback needs tokens (default: 127.0.0.1)')
    .option('--port <n>', '0 for any free one (default: sidecar.port, else 8765)')
    .option(
      '--db <path>',
      "the journal's file (default: storage.path, PLYRA_SNAPSHOT_PATH, ~/.plyra/snapshots.db)",
    )
    .option(
      '--config <files...>',
      'policy files to judge by; they are watched (default: the built-in policy)',
    )
    .option('--open', 'open a browser that is logged in')
    .option('--reload', 'for development: start again when the code changes')
    .option('--require-token', 'ask programs on this machine for a token too')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nPrograms on this machine may list actions, evaluate intents and ask for statistics and health without a token.\n' +
        'Everything else needs one: `plyra-guard token create`. A browser logs in by the link that is printed.',
    )
    .action(async (options) => end((await import('./commands/serve.ts')).serve(options)));
}
