import { type Command, Option } from 'commander';

/** Sets the exit code of a command when it has one. */
type End = (code: number | Promise<number>) => Promise<void>;

const STATES = ['pending', 'approved', 'denied', 'expired', 'consumed', 'cancelled', 'all'];
const SCOPES = ['once', 'session', 'call'];
const TOKEN_FILE = [
  '--token-file <file>',
  'a file with an access token of role approver or admin (default: the environment variable PLYRA_TOKEN, if set)',
] as const;
const ID = 'the id, or at least 8 characters of its beginning or its end';

/** Adds the commands about requests for approval. They are loaded when they run: `--help` needs none of them. */
export function addApprovalCommands(program: Command, end: End): void {
  const approvals = program
    .command('approvals')
    .description('decide on calls that wait for a person, and look after grants');
  addList(approvals, end);
  addDecisions(approvals, end);
  addGrants(approvals, end);
}

function withPlace(command: Command): Command {
  return command
    .option(
      '--db <path>',
      "the journal's file (default: storage.path, PLYRA_SNAPSHOT_PATH, ~/.plyra/snapshots.db)",
    )
    .option('--config <files...>', 'configuration of the guards: storage.path, approvals.quorum, approvers');
}

function addList(approvals: Command, end: End): void {
  withPlace(approvals.command('list').description('show requests, newest last'))
    .addOption(new Option('--state <state>', 'in this state (default: pending)').choices(STATES))
    .option('--limit <n>', 'how many of the newest, at most 10000 (default: 50)')
    .option('--watch', 'go on with what happens, in any process, until Ctrl-C')
    .option('--json', 'print one JSON object a line')
    .action(async (options) => end((await import('./commands/approvals-list.ts')).approvalsList(options)));
  withPlace(
    approvals.command('show').description('show the exact call, why it waits and what a yes lets happen'),
  )
    .argument('<id>', ID)
    .option('--json', 'print JSON')
    .action(async (id: string, options) =>
      end((await import('./commands/approvals-show.ts')).approvalsShow(id, options)),
    );
}

function withDecision(command: Command): Command {
  return withPlace(command)
    .argument('<id>', ID)
    .option(
      '--by <name>',
      "who decides (default: the token's holder or the user; with approvers, the id of one)",
    )
    .option(...TOKEN_FILE)
    .option('--key <file>', "the approver's Ed25519 private key in PEM, to sign with")
    .option('--fingerprint <hash>', 'as `show` prints it: decide only if the request is still the same')
    .option('--json', 'print JSON');
}

function addDecisions(approvals: Command, end: End): void {
  withDecision(approvals.command('approve').description('let exactly this call run'))
    .addOption(new Option('--scope <scope>', 'how far the yes goes (default: once)').choices(SCOPES))
    .option('--minutes <n>', 'how long a yes beyond one call lasts (default: 480 for session, 60 for call)')
    .option('--note <text>', 'kept in the journal')
    .action(async (id: string, options) =>
      end((await import('./commands/approvals-decide.ts')).approve(id, options)),
    );
  withDecision(approvals.command('deny').description('refuse the call; that is final'))
    .option('--note <text>', 'why: the model is shown this')
    .action(async (id: string, options) =>
      end((await import('./commands/approvals-decide.ts')).deny(id, options)),
    );
}

function addGrants(approvals: Command, end: End): void {
  withPlace(approvals.command('grants').description('show what runs without asking, newest last'))
    .option('--all', 'also what expired or was revoked')
    .option('--json', 'print one JSON object a line')
    .action(async (options) =>
      end((await import('./commands/approvals-grants.ts')).approvalsGrants(options)),
    );
  withPlace(
    approvals.command('revoke').description('end a grant, or take back a yes that no call has used yet'),
  )
    .argument('<id>', ID)
    .option(...TOKEN_FILE)
    .option('--json', 'print JSON')
    .action(async (id: string, options) =>
      end((await import('./commands/approvals-grants.ts')).approvalsRevoke(id, options)),
    );
}
