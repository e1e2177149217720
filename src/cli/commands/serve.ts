import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SidecarStartupError } from '../../core/errors.ts';
import { ActionGuard } from '../../guard.ts';
import { serveGuard } from '../../serve-guard.ts';
import type { RunningSidecar } from '../../sidecar/listen.ts';
import { messageOf } from '../error-json.ts';
import { EXIT } from '../exit-codes.ts';
import { print, printableLines, printJson, say } from '../output.ts';
import { UsageError } from '../usage-error.ts';

/** Where the sidecar listens, what it shows and what it judges by. */
export interface ServeCommandOptions {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly db?: string | undefined;
  readonly config?: readonly string[] | undefined;
  /** Whether a browser is opened. */
  readonly open?: boolean | undefined;
  /** Whether it starts again when its code changes. */
  readonly reload?: boolean | undefined;
  readonly requireToken?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** The port of the command line, where nothing else is said. */
const DEFAULT_PORT = 8765;

/** Serves a journal until it is interrupted. */
export async function serve(options: ServeCommandOptions): Promise<number> {
  const port = readPort(options.port);
  if (options.reload === true) return serveReloading();
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort());
  const guard = guardOf(options);
  try {
    await guard.ready();
    const running = await serveGuard(guard, {
      host: options.host,
      port,
      defaultPort: DEFAULT_PORT,
      requireToken: options.requireToken,
    });
    tell(running, options);
    if (options.open === true) openBrowser(running.loginLink());
    if (!ended.signal.aborted) await once(ended.signal, 'abort');
    return EXIT.ok;
  } finally {
    await guard.close();
  }
}

function guardOf({ config, db }: ServeCommandOptions): ActionGuard {
  const options = db === undefined ? {} : { snapshotPath: db };
  if (config === undefined) return new ActionGuard(options);
  // A change of the files is put in force as soon as it loads; until then the last good version stays.
  return ActionGuard.fromConfig(config, { ...options, watch: true });
}

function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError('--port takes a number from 0 to 65535; 0 is any free port.');
}

function tell(running: RunningSidecar, { json }: ServeCommandOptions): void {
  const link = running.loginLink();
  const { url, host, port, adminToken } = running;
  if (json === true) printJson({ url, host, port, login: link, admin_token: adminToken });
  else print(`The sidecar listens on ${url}`, `Log a browser in, once, within five minutes: ${link}`);
  if (adminToken !== null && json !== true)
    print(`Access token of role admin, shown this once: ${adminToken}`);
  say('Ctrl-C ends it.');
}

function openBrowser(link: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '""']
        : ['xdg-open'];
  if (command === undefined) return;
  const child = spawn(command, [...args, link], { stdio: 'ignore', detached: true });
  child.on('error', (error) =>
    say(`No browser could be opened (${printableLines(messageOf(error))}). Follow the link.`),
  );
  child.unref();
}

/** For development: the same command in a process that starts again whenever a file of its code changes. */
async function serveReloading(): Promise<number> {
  const [node, script, ...words] = process.argv;
  if (node === undefined || script === undefined)
    throw new SidecarStartupError('The command cannot be started again.');
  const rest = words.filter((word) => word !== '--reload');
  const child = spawn(node, ['--watch', '--watch-preserve-output', script, ...rest], { stdio: 'inherit' });
  const end = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? EXIT.ok;
  } finally {
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
  }
}
