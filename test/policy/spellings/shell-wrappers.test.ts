// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the lines are shell text.
import { describe } from 'vitest';
import { isReadable, isUnreadable, mayBe, readsAs } from './shell-rows.ts';

describe('more commands that run another one', () => {
  readsAs([
    ['env - A=1 rm x', ['env - A=1 rm x', 'rm x']],
    ['bash -oc pipefail "rm x"', ['bash -oc pipefail rm x', 'rm x']],
    ['grm -r -f x', ['grm -rf x']],
    ['gtimeout 5 rm x', ['gtimeout 5 rm x', 'rm x']],
    ['bash.exe -c "rm x"', ['bash.exe -c rm x', 'rm x']],
    ['ssh-agent -t 5 rm x', ['ssh-agent -t 5 rm x', 'rm x']],
    ['dbus-run-session -- rm x', ['dbus-run-session -- rm x', 'rm x']],
    ['perf stat rm x', ['perf stat rm x', 'rm x']],
    ['valgrind rm x', ['valgrind rm x', 'rm x']],
    ['choom -n 0 -- rm x', ['choom -n 0 -- rm x', 'rm x']],
    ['linux64 rm x', ['linux64 rm x', 'rm x']],
    ['setarch x86_64 -R rm x', ['setarch x86_64 -R rm x', 'x86_64 -R rm x', 'rm x']],
    ['ionice -t rm x', ['ionice -t rm x', 'rm x']],
    ['/lib64/ld-linux-x86-64.so.2 /bin/rm x', ['/lib64/ld-linux-x86-64.so.2 /bin/rm x', '/bin/rm x']],
    ['gosu me rm x', ['gosu me rm x', 'rm x']],
    ['dumb-init rm x', ['dumb-init rm x', 'rm x']],
    ['tmux neww "rm x"', ['tmux neww rm x', 'rm x']],
    ['nix-shell -p x --run "rm x"', ['nix-shell -p x --run rm x', 'rm x']],
    ['cmd /d /s /c "rd /s ^/q x"', ['cmd /d /s /c rd /s ^/q x', 'rd /s /q x']],
    ['cmd.exe /crd /s x', ['cmd.exe /crd /s x', 'rd /s x']],
    ['sg root -c "rm x"', ['sg root -c rm x', 'rm x']],
    ['docker run --entrypoint rm alpine -rf /x', ['docker run --entrypoint=rm alpine -rf /x', 'rm -rf /x']],
  ]);
});

describe('a command in no table may run the words behind some of its words', () => {
  mayBe([
    ['foo -- rm -r -f x', 'rm -rf x'],
    ['poetry run rm -r -f x', 'rm -rf x'],
    ['direnv exec . rm -r -f x', 'rm -rf x'],
    ['conda run -n y sudo rm -r -f x', 'rm -rf x'],
    ['mise x -- bash -c "rm -r -f x"', 'rm -rf x'],
    ['kubectl exec pod rm -r -f x', 'rm -rf x'],
    ['oc rsh pod rm -r -f x', 'rm -rf x'],
    ['npx rimraf x', 'rimraf x'],
    ['yarn dlx rm -r -f x', 'rm -rf x'],
  ]);
  isUnreadable([['uv run python -c x', '`python` is given code of another language']]);
  isReadable([
    'npm run $TASK',
    'npm run build -- --watch',
    'cargo run -- $x',
    'go run main.go',
    'rg -- "rm -rf /" src',
  ]);
});
