// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the lines are shell text.
import { describe, expect, test } from 'vitest';
import { readShell } from '../../../src/policy/spellings/shell.ts';

/** A line, the canonical forms of its commands, and why it cannot be read. */
type Row = readonly [line: string, forms: readonly string[], unreadable?: string];

function readsAs(rows: readonly Row[]): void {
  for (const [line, forms, unreadable = null] of rows) {
    test(line, () => {
      const reading = readShell(line);
      expect(reading.commands.map(({ form }) => form)).toEqual(forms);
      expect(reading.unreadable).toBe(unreadable);
    });
  }
}

describe('commands stand at any place', () => {
  readsAs([
    ['a && b || c; d | e |& f', ['a', 'b', 'c', 'd', 'e', 'f']],
    ['( a; b ) && { c; }', ['a', 'b', 'c']],
    ['if a; then b; elif c; then d; else e; fi', ['a', 'b', 'c', 'd', 'e']],
    ['for i in $(a); do b; done', ['a', 'b']],
    ['for ((i=0; i<$(a); i++)); do b; done', ['a', 'b']],
    ['while a; do b; done', ['a', 'b']],
    ['until a; do b; done', ['a', 'b']],
    ['case $(a) in x) b;; y) c;; esac', ['a', 'b', 'c']],
    ['select x in a; do b; done', ['b']],
    ['f() { a; }; f', ['a', 'f']],
    ['function f { a; }', ['a']],
    ['coproc a', ['a']],
    ['! a', ['a']],
    ['time -p a', ['a']],
    ['[[ -f $(a) ]] && [ -f b ]', ['a', '[ -f b ]']],
    ['(( x = $(a) ))', ['a']],
    ['x=$(a) b', ['a', 'x=$(a) b']],
    ['x=(1 $(a))', ['a']],
    ['echo "a $(b `c`)"', ['c', 'b `c`', 'echo a $(b `c`)']],
    ['diff <(a) >(b)', ['a', 'b', 'diff <(a) >(b)']],
    ['cat <<E\n$(a)\nE', ['a', 'cat']],
    ["cat <<'E'\n$(a)\nE", ['cat']],
    ['echo ${x:-$(a)}', ['a', 'echo ${x:-$(a)}']],
    ['a > $(b)', ['b', 'a']],
    ['echo $((1 + $(a)))', ['a', 'echo $((1 + $(a)))']],
  ]);
});

describe('wrapped commands are commands of their own', () => {
  readsAs([
    ['bash -c "rm x"', ['bash -c rm x', 'rm x']],
    ['bash -lc "rm x; ls"', ['bash -lc rm x; ls', 'rm x', 'ls']],
    ["sh -ec 'rm x' arg", ['sh -ec rm x arg', 'rm x']],
    ['bash -o pipefail -c "rm x"', ['bash -o pipefail -c rm x', 'rm x']],
    ['bash --norc -c "rm x"', ['bash --norc -c rm x', 'rm x']],
    ['busybox sh -c "rm x"', ['busybox sh -c rm x', 'sh -c rm x', 'rm x']],
    ['eval rm x', ['eval rm x', 'rm x']],
    ['eval "r""m" x', ['eval rm x', 'rm x']],
    ['trap "rm x" EXIT', ['trap rm x EXIT', 'rm x']],
    ['trap - EXIT', ['trap - EXIT']],
    ['xargs rm', ['xargs rm', 'rm']],
    ['find . | xargs -0 -n 1 rm -r -f', ['find .', 'xargs -0 -n 1 rm -r -f', 'rm -rf']],
    ['find . -name a -exec rm -r {} \\; -delete', ['find . -name a -exec rm -r {} ; -delete', 'rm -r {}']],
    ['find . -execdir a \\; -ok b {} +', ['find . -execdir a ; -ok b {} +', 'a', 'b {}']],
    ['fd -x rm', ['fd -x rm', 'rm']],
    ['env rm x', ['env rm x', 'rm x']],
    ['env -i A=1 rm x', ['env -i A=1 rm x', 'rm x']],
    ['env -u A -C /d rm x', ['env -u A -C /d rm x', 'rm x']],
    ['env -S "rm x"', ['env -S rm x', 'rm x']],
    ['sudo rm x', ['sudo rm x', 'rm x']],
    ['sudo -u root -- rm x', ['sudo -u root -- rm x', 'rm x']],
    ['sudo -nu root A=1 rm x', ['sudo -nu root A=1 rm x', 'rm x']],
    ['doas -u root rm x', ['doas -u root rm x', 'rm x']],
    ['su -c "rm x" - me', ['su -c rm x - me', 'rm x']],
    ['nohup rm x &', ['nohup rm x', 'rm x']],
    ['timeout 5 rm x', ['timeout 5 rm x', 'rm x']],
    ['timeout -s KILL --kill-after=3 5 rm x', ['timeout -s KILL --kill-after=3 5 rm x', 'rm x']],
    ['command time -f %e rm x', ['command time -f %e rm x', 'time -f %e rm x', 'rm x']],
    ['nice -n 5 ionice -c 3 rm x', ['nice -n 5 ionice -c 3 rm x', 'ionice -c 3 rm x', 'rm x']],
    ['stdbuf -oL setsid rm x', ['stdbuf -oL setsid rm x', 'setsid rm x', 'rm x']],
    ['chroot /mnt rm x', ['chroot /mnt rm x', 'rm x']],
    ['unshare -r nsenter -t 1 rm x', ['unshare -r nsenter -t 1 rm x', 'nsenter -t 1 rm x', 'rm x']],
    ['strace -f -o log ltrace rm x', ['strace -f -o log ltrace rm x', 'ltrace rm x', 'rm x']],
    ['flock /l rm x', ['flock /l rm x', 'rm x']],
    ['flock /l -c "rm x"', ['flock /l -c rm x', 'rm x']],
    ['ssh h "rm x"', ['ssh h rm x', 'rm x']],
    ['ssh -p 22 u@h sudo rm x', ['ssh -p 22 u@h sudo rm x', 'sudo rm x', 'rm x']],
    ['docker exec -it c rm x', ['docker exec -it c rm x', 'rm x']],
    [
      'docker run -it --rm -v /:/h alpine rm -rf /h',
      ['docker run -it --rm -v /:/h alpine rm -rf /h', 'rm -rf /h'],
    ],
    ['docker compose exec web rm x', ['docker compose exec web rm x', 'rm x']],
    ['podman run img sh -c "rm x"', ['podman run img sh -c rm x', 'sh -c rm x', 'rm x']],
    ['kubectl -n a exec pod -- rm x', ['kubectl -n a exec pod -- rm x', 'rm x']],
    ['watch -n 1 "rm x"', ['watch -n 1 rm x', 'rm x']],
    ['parallel rm ::: a', ['parallel rm ::: a', 'rm ::: a']],
    ['parallel ::: "rm x" ls', ['parallel ::: rm x ls', 'rm x', 'ls']],
    ['command rm x', ['command rm x', 'rm x']],
    ['command -v rm', ['command -v rm']],
    ['builtin cd /x', ['builtin cd /x', 'cd /x']],
    ['exec rm x', ['exec rm x', 'rm x']],
    ['exec 3>&1', ['exec']],
    ['script -qc "rm x" /dev/null', ['script -qc rm x /dev/null', 'rm x']],
    ['npx -c "rm x"', ['npx -c rm x', 'rm x']],
    ['busybox rm x', ['busybox rm x', 'rm x']],
    ['tmux new-session -d "rm x"', ['tmux new-session -d rm x', 'rm x']],
    ["git -c alias.a='!rm x' a", ['git -c alias.a=!rm x a', 'rm x']],
    ["git config alias.a '!rm x'", ['git config alias.a !rm x', 'rm x']],
    ['git rebase -x "rm x" main', ['git rebase -x rm x main', 'rm x']],
    ['git submodule foreach "rm x"', ['git submodule foreach rm x', 'rm x']],
    ['git filter-branch --tree-filter "rm x" HEAD', ['git filter-branch --tree-filter=rm x HEAD', 'rm x']],
    ['GIT_SSH_COMMAND="rm x" git pull', ['rm x', 'GIT_SSH_COMMAND=rm x git pull']],
    ['tar cf a --checkpoint-action=exec="rm x" b', ['tar -cf a --checkpoint-action=exec=rm x b', 'rm x']],
    ['tar -I "rm x" -cf a b', ['tar -cf a -I rm x b', 'rm x']],
    ['ssh -o ProxyCommand="rm x" h', ['ssh -o ProxyCommand=rm x h', 'rm x']],
    ['rsync -e "ssh -p 2" a h:b', ['rsync -e ssh -p 2 a h:b', 'ssh -p 2']],
    ['alias a="rm x"', ['alias a=rm x', 'rm x']],
  ]);
});
