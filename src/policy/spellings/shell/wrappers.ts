/** A command that runs another one: where in its words that one stands. */
export interface Wrapper {
  /**
   * What follows its own options and operands: the words of a `command`; the text of a `line` of shell; one word of
   * `code`; or `nothing`.
   */
  readonly runs: 'command' | 'line' | 'code' | 'nothing';
  /** Options of its own that take a value. */
  readonly values?: string;
  /** Options whose value is shell code. */
  readonly code?: string;
  /** How many operands stand before the command. */
  readonly skip?: number;
  /** Words such as `A=1` may stand before the command. */
  readonly assignments?: true;
  /** Options after which a command follows, up to `;` or `+`. */
  readonly execs?: string;
  /** The command follows this word only. */
  readonly after?: string;
  /** Its option `--entrypoint` names the program that the command is the words of. */
  readonly entry?: true;
  /** Without a command it runs what it reads from its input, as a shell does. */
  readonly readsInput?: true;
}

const DOCKER_RUN =
  '-v --volume --mount -e --env --env-file -p --publish -w --workdir -u --user --name --network --net --pid --ipc --uts --userns --cap-add --cap-drop --device --entrypoint --security-opt --platform --pull --restart --add-host --dns -h --hostname -l --label -m --memory --cpus --gpus --group-add --shm-size --tmpfs --ulimit --volumes-from --link --log-driver --log-opt --runtime --cgroupns --expose --ip --cidfile --label-file -a --attach -c --cpu-shares --stop-signal --stop-timeout';
const CONTAINER_EXEC: Wrapper = Object.freeze({
  runs: 'command',
  skip: 1,
  values: '-u --user -w --workdir -e --env --env-file --detach-keys --index',
});
const CONTAINER_RUN: Wrapper = Object.freeze({ runs: 'command', skip: 1, entry: true, values: DOCKER_RUN });
const COMPOSE_RUN: Wrapper = Object.freeze({
  runs: 'command',
  skip: 1,
  values: '-u --user -w --workdir -e --env --name -p --publish -v --volume --entrypoint -l --label',
});
const PLAIN: Wrapper = Object.freeze({ runs: 'command' });

/** The commands that run another one, by name or by name and subcommand. */
export const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  ['alias', { runs: 'nothing' }],
  ['at', { runs: 'nothing', readsInput: true, values: '-f -q -t' }],
  ['batch', { runs: 'nothing', readsInput: true }],
  ['builtin', PLAIN],
  ['busybox', PLAIN],
  ['caffeinate', { runs: 'command', values: '-t -w' }],
  ['chroot', { runs: 'command', skip: 1, values: '--userspec --groups' }],
  ['chrt', { runs: 'command', skip: 1, values: '-T -P -D' }],
  ['command', PLAIN],
  ['coproc', PLAIN],
  ['doas', { runs: 'command', values: '-u -C -a' }],
  ['docker exec', CONTAINER_EXEC],
  ['docker run', CONTAINER_RUN],
  ['docker create', CONTAINER_RUN],
  ['docker-compose exec', COMPOSE_RUN],
  ['docker-compose run', COMPOSE_RUN],
  ['env', { runs: 'command', assignments: true, values: '-u --unset -C --chdir', code: '-S --split-string' }],
  ['entr', PLAIN],
  ['eval', { runs: 'line' }],
  ['exec', { runs: 'command', values: '-a' }],
  ['fakeroot', { runs: 'command', values: '-l -s -i -b' }],
  ['fd', { runs: 'nothing', execs: '-x --exec -X --exec-batch' }],
  ['find', { runs: 'nothing', execs: '-exec -execdir -ok -okdir' }],
  [
    'flock',
    { runs: 'command', skip: 1, values: '-w --timeout -E --conflict-exit-code', code: '-c --command' },
  ],
  ['git bisect', { runs: 'command', after: 'run' }],
  [
    'git filter-branch',
    {
      runs: 'nothing',
      code: '--tree-filter --index-filter --msg-filter --env-filter --commit-filter --parent-filter --tag-name-filter --setup',
    },
  ],
  ['git submodule', { runs: 'line', after: 'foreach' }],
  ['hyperfine', { runs: 'nothing', code: '-p --prepare -s --setup -c --cleanup' }],
  ['ionice', { runs: 'command', values: '-c --class -n --classdata -p --pid' }],
  ['kubectl debug', { runs: 'command', after: '--' }],
  ['kubectl exec', { runs: 'command', after: '--' }],
  ['kubectl run', { runs: 'command', after: '--' }],
  ['ltrace', { runs: 'command', values: '-e -o -p -s -u -n -a -l -x -F' }],
  ['nice', { runs: 'command', values: '-n --adjustment' }],
  ['nohup', PLAIN],
  ['npm exec', { runs: 'command', values: '-p --package -w --workspace', code: '-c --call' }],
  ['npx', { runs: 'nothing', code: '-c --call' }],
  ['nsenter', { runs: 'command', values: '-t --target -S --setuid -G --setgid' }],
  [
    'parallel',
    {
      runs: 'line',
      readsInput: true,
      values:
        '-j --jobs -a --arg-file -I -N -n -L -S --sshlogin --colsep --delay --timeout --retries --joblog --tmpdir --results',
    },
  ],
  ['podman exec', CONTAINER_EXEC],
  ['podman run', CONTAINER_RUN],
  ['pkexec', { runs: 'command', values: '--user' }],
  ['prlimit', { runs: 'command', values: '-p --pid -o --output' }],
  ['rsync', { runs: 'nothing', code: '-e --rsh --rsync-path' }],
  ['runuser', { runs: 'command', values: '-u --user -g --group -G -s --shell', code: '-c --command' }],
  ['screen', { runs: 'command', values: '-S -c -e -h -p -s -t -T -X' }],
  ['script', { runs: 'nothing', code: '-c --command' }],
  ['setarch', PLAIN],
  ['setpriv', { runs: 'command', values: '--reuid --regid --groups' }],
  ['setsid', PLAIN],
  [
    'ssh',
    {
      runs: 'line',
      skip: 1,
      readsInput: true,
      values: '-i -p -l -o -F -L -R -D -J -E -b -B -c -e -I -m -O -P -Q -S -w -W',
    },
  ],
  ['sshpass', { runs: 'command', values: '-p -f -d -P' }],
  ['start-stop-daemon', { runs: 'nothing', code: '-x --exec -a --startas' }],
  ['stdbuf', { runs: 'command', values: '-i --input -o --output -e --error' }],
  ['strace', { runs: 'command', values: '-e -o -p -s -u -P -E -a -b -I -O -S -X' }],
  [
    'su',
    {
      runs: 'nothing',
      readsInput: true,
      values: '-s --shell -g --group -G -w',
      code: '-c --command --session-command',
    },
  ],
  [
    'sudo',
    {
      runs: 'command',
      readsInput: true,
      assignments: true,
      values:
        '-u --user -g --group -h --host -p --prompt -C --close-from -r --role -t --type -T --command-timeout -U --other-user -D --chdir -R --chroot',
    },
  ],
  [
    'systemd-run',
    {
      runs: 'command',
      values: '-p --property -u --unit -E --setenv -M --machine --uid --gid --slice --description',
    },
  ],
  [
    'tar',
    {
      runs: 'nothing',
      values: '-f --file -C --directory -T -X --checkpoint',
      code: '--to-command -I --use-compress-program --rsh-command --checkpoint-action -F --info-script --new-volume-script',
    },
  ],
  ['taskset', { runs: 'command', skip: 1 }],
  ['time', { runs: 'command', values: '-f --format -o --output' }],
  ['timeout', { runs: 'command', skip: 1, values: '-s --signal -k --kill-after' }],
  ['tmux new', { runs: 'line', values: '-s -n -c -t -x -y -e -F' }],
  ['tmux new-session', { runs: 'line', values: '-s -n -c -t -x -y -e -F' }],
  ['tmux new-window', { runs: 'line', values: '-n -c -t -e -F' }],
  ['tmux split-window', { runs: 'line', values: '-c -t -l -p -e -F' }],
  ['tmux send-keys', { runs: 'line', values: '-t -N' }],
  ['toybox', PLAIN],
  ['trap', { runs: 'code' }],
  ['unbuffer', PLAIN],
  ['unshare', { runs: 'command', values: '-S --setuid -G --setgid -R --root -w --wd' }],
  ['watch', { runs: 'line', values: '-n --interval -q --equexit' }],
  [
    'xargs',
    {
      runs: 'command',
      values: '-I -n --max-args -P --max-procs -L -d --delimiter -a --arg-file -s --max-chars -E -J -R -S',
    },
  ],
  ['ansible', { runs: 'nothing', code: '-a --args' }],
  ['choom', { runs: 'command', values: '-n --adjust -p --pid' }],
  ['dbus-run-session', { runs: 'command', values: '--config-file --dbus-daemon' }],
  ['dumb-init', PLAIN],
  ['gosu', { runs: 'command', skip: 1 }],
  ['gpg-agent', { runs: 'command', after: '--daemon' }],
  ['i386', PLAIN],
  ['linux32', PLAIN],
  ['linux64', PLAIN],
  ['newgrp', { runs: 'nothing', readsInput: true }],
  ['nix-shell', { runs: 'nothing', code: '--run --command' }],
  ['perf', { runs: 'command', skip: 1, values: '-e --event -o --output -F -p -t -r' }],
  ['scp', { runs: 'nothing', code: '-S' }],
  ['sftp', { runs: 'nothing', code: '-S' }],
  ['sg', { runs: 'line', skip: 1, code: '-c' }],
  ['sort', { runs: 'nothing', code: '--compress-program' }],
  ['split', { runs: 'nothing', code: '--filter' }],
  ['ssh-agent', { runs: 'command', values: '-a -t -E -P -O' }],
  ['su-exec', { runs: 'command', skip: 1 }],
  ['tini', PLAIN],
  ['tmux display-popup', { runs: 'line', values: '-b -c -d -e -h -s -S -t -T -w -x -y' }],
  ['tmux if-shell', { runs: 'line', values: '-t' }],
  ['tmux neww', { runs: 'line', values: '-n -c -t -e -F' }],
  ['tmux pipe-pane', { runs: 'line', values: '-t' }],
  ['tmux popup', { runs: 'line', values: '-b -c -d -e -h -s -S -t -T -w -x -y' }],
  ['tmux respawn-pane', { runs: 'line', values: '-c -e -t' }],
  ['tmux respawn-window', { runs: 'line', values: '-c -e -t' }],
  ['tmux run', { runs: 'line', values: '-d -t' }],
  ['tmux run-shell', { runs: 'line', values: '-d -t' }],
  ['tmux send', { runs: 'line', values: '-t -N' }],
  ['tmux splitw', { runs: 'line', values: '-c -t -l -p -e -F' }],
  ['valgrind', PLAIN],
  ['wsl', { runs: 'command', values: '-d --distribution -u --user --cd' }],
  ['x86_64', PLAIN],
  ['zip', { runs: 'nothing', code: '-TT --unzip-command' }],
  ['xvfb-run', { runs: 'command', values: '-n -s -e -f -p -w --server-num --server-args' }],
]);

/** Shells: with `-c` a word of theirs is code, without a script they read code from their input. */
export const SHELLS: ReadonlySet<string> = new Set([
  'sh',
  'bash',
  'zsh',
  'dash',
  'ksh',
  'ash',
  'rbash',
  'mksh',
  'fish',
]);

/** Environment variables whose value some program runs as a command. */
export const CODE_VARIABLES: ReadonlySet<string> = new Set([
  'EDITOR',
  'GIT_ASKPASS',
  'GIT_EDITOR',
  'GIT_EXTERNAL_DIFF',
  'GIT_PAGER',
  'GIT_PROXY_COMMAND',
  'GIT_SEQUENCE_EDITOR',
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'LESSOPEN',
  'MANPAGER',
  'PAGER',
  'PROMPT_COMMAND',
  'RSYNC_RSH',
  'SSH_ASKPASS',
  'SUDO_EDITOR',
  'SVN_SSH',
  'VISUAL',
]);

/** Variables that say which programs run, or what they load: to set one is a command, as if it were exported. */
export const POWERFUL_VARIABLES: ReadonlySet<string> = new Set([
  ...CODE_VARIABLES,
  'BASH_ENV',
  'DYLD_INSERT_LIBRARIES',
  'ENV',
  'IFS',
  'LD_AUDIT',
  'LD_LIBRARY_PATH',
  'LD_PRELOAD',
  'NODE_OPTIONS',
  'PATH',
  'PERL5OPT',
  'PYTHONPATH',
  'PYTHONSTARTUP',
  'RUBYOPT',
  'SHELLOPTS',
]);
