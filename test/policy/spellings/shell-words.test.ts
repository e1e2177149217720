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

describe('options of one command have one spelling', () => {
  readsAs([
    ['rm -rf /', ['rm -rf /']],
    ['rm -r -f /', ['rm -rf /']],
    ['rm -fr /', ['rm -rf /']],
    ['rm -R --force /', ['rm -rf /']],
    ['rm --recursive --force /', ['rm -rf /']],
    ['rm --recurs --forc /', ['rm -rf /']],
    ['rm build -rf', ['rm -rf build']],
    ['rm -rfv build', ['rm -rfv build']],
    ['rm -v build -f -r', ['rm -rfv build']],
    ['rm -rf -- /', ['rm -rf /']],
    ['rm -- -rf', ['rm -- -rf']],
    ['rm -rf --no-preserve-root /', ['rm -rf --no-preserve-root /']],
    ['cp -R a b', ['cp -r a b']],
    ['chmod 777 -R /x', ['chmod -R 777 /x']],
    ['chmod --recursive 777 /x', ['chmod -R 777 /x']],
    ['chmod -x a.sh', ['chmod -x a.sh']],
    ['chown root: -R /x', ['chown -R root: /x']],
    ['git push -f', ['git push --force']],
    ['git push --force origin main', ['git push --force origin main']],
    ['git push -fu origin main', ['git push --force --set-upstream origin main']],
    ['git push origin +main', ['git push --force origin +main']],
    ['git push origin :main', ['git push --delete origin :main']],
    ['git push --force-with-lease=main origin', ['git push --force-with-lease=main origin']],
    ['git -C dir push -f', ['git -C dir push --force']],
    ['git --no-pager log', ['git --no-pager log']],
    ['git reset HEAD~1 --hard', ['git reset --hard HEAD~1']],
    ['git clean -d -x -f', ['git clean -fdx']],
    ['git branch -d -f x', ['git branch --delete --force x']],
    ['git branch -D x', ['git branch -D x']],
    ['git commit -am "a  b"', ['git commit -a -m a b']],
    ['git commit --message=x', ['git commit -m x']],
    ['git commit -m ""', ["git commit -m ''"]],
    ['git checkout -- .', ['git checkout -- .']],
    ['git log --oneline -n 3', ['git log --oneline -n 3']],
    ['curl -L -s -S -f https://x.org', ['curl -fsSL https://x.org']],
    ['curl https://x.org --output=f --request POST', ['curl -o f -X POST https://x.org']],
    ['curl -ofile -dx https://x.org', ['curl -o file -d x https://x.org']],
    ['wget -qO- https://x.org', ['wget -q -O - https://x.org']],
    ['tar xzf a.tgz -C /', ['tar -xzf a.tgz -C /']],
    ['tar -x --file=a.tgz', ['tar -xf a.tgz']],
    ['kill -KILL 1', ['kill -9 1']],
    ['kill -s KILL 1', ['kill -9 1']],
    ['kill --signal=9 1', ['kill -9 1']],
    ['docker rm --force x', ['docker rm -f x']],
    ['kubectl delete --all pods -n prod', ['kubectl delete --all -n prod pods']],
    ['npm publish --dry-run', ['npm publish --dry-run']],
    ['grep -nr foo src', ['grep -rn foo src']],
    ['ls -al', ['ls -la']],
    ['crontab -r', ['crontab -r']],
    ['useradd x --shell /bin/sh', ['useradd -s /bin/sh x']],
    ['head -5 f', ['head -5 f']],
    ['foo -b -a x', ['foo -b -a x']],
  ]);
});

describe('quoting, braces and line breaks are decoded', () => {
  readsAs([
    ["r''m x", ['rm x']],
    ['"rm" x', ['rm x']],
    ['\\rm x', ['rm x']],
    ["$'\\x72m' x", ['rm x']],
    ['$"rm" x', ['rm x']],
    ['/bin/"r"m x', ['/bin/rm x']],
    ["rm -rf '/'", ['rm -rf /']],
    ['rm\\\n -rf x', ['rm -rf x']],
    ['rm    -rf	x', ['rm -rf x']],
    ['{rm,-rf,/}', ['rm -rf /']],
    ['cat /e{tc,x}/passwd', ['cat /etc/passwd /ex/passwd']],
    ['echo {1..3} {a..c}', ['echo 1 2 3 a b c']],
    ['echo a{,b}', ['echo a ab']],
    ['echo \'{a,b}\' "{c,d}" \\{e,f}', ['echo {a,b} {c,d} {e,f}']],
    ['echo "a  b" \'\' c', ["echo a b '' c"]],
    ['echo {} {a}', ['echo {} {a}']],
    ['echo {a}b,c} {},c} x{},c} {1..x},c}', ['echo a}b c {},c} x} xc {1..x},c}']],
    ['git status # rm x', ['git status']],
    ['git status\n\nrm x', ['git status', 'rm x']],
    ['git status;', ['git status']],
    ['ls & rm x &', ['ls', 'rm x']],
  ]);
});

describe('variables of the line are filled in', () => {
  readsAs([
    ['x=rm; $x -rf /', ['rm -rf /']],
    ['x=rm; ${x} -rf /', ['rm -rf /']],
    ['x="rm -rf"; $x /', ['rm -rf /']],
    ['x="rm -rf"; "$x" /', ['rm -rf /']],
    ['a=/etc; cat $a/passwd', ['cat /etc/passwd']],
    ['a=/etc; b=$a/x; cat "$b"', ['cat /etc/x']],
    ['export A=rm; $A x', ['export A=rm', 'rm x']],
    ['x=ls; x=rm; $x y', ['rm y']],
    ['cd /t && a=rm && $a y', ['cd /t', 'rm y']],
    ['rm${IFS}-rf${IFS}/', ['rm -rf /']],
    ['rm$IFS-rf', ['rm -rf']],
    ['ls $HOME/x "$PWD"', ['ls $HOME/x $PWD']],
    ['$HOME/.cargo/bin/cargo build', ['$HOME/.cargo/bin/cargo build']],
    ['echo $unknown', ['echo $unknown']],
    ['x=ls; for i in 1 2; do $x y; x=rm; done', ['$x y'], 'the name of a command is not literal: $x'],
    ['if c; then x=rm; fi; $x y', ['c', '$x y'], 'the name of a command is not literal: $x'],
    ['false && x=echo; $x y', ['false', '$x y'], 'the name of a command is not literal: $x'],
    ['x=ls; read x; $x y', ['read x', '$x y'], 'the name of a command is not literal: $x'],
    ['x=ls; unset x; $x y', ['unset x', '$x y'], 'the name of a command is not literal: $x'],
    ['x=ls eval y; $x', ['x=ls eval y', 'y', '$x'], 'the name of a command is not literal: $x'],
    ['x=ls; eval "$\'\\x78=rm\'"; cat $x', ["eval $'\\x78=rm'", 'x=rm', 'cat $x']],
    ["x=a; $x; eval $'\\x78=rm'", ['a', 'eval x=rm'], '`eval` may change what a variable of the line means'],
    ["x=ls; read $'\\x78' <<< rm; $x y", ['read x', '$x y'], 'the name of a command is not literal: $x'],
    [
      "x=ls; for i in 1 2; do $x y; printf -v $'\\x78' rm; done",
      ['ls y', 'printf -v x rm'],
      '`printf` may change what a variable of the line means',
    ],
    ['PATH=/tmp/x; ls', ['export PATH=/tmp/x', 'ls']],
    ['a=1; ls', ['ls']],
    ['x=a; ls $x; printf %s $y; wait $pid', ['ls a', 'printf %s $y', 'wait $pid']],
    ['$x -rf /', ['$x -rf /'], 'the name of a command is not literal: $x'],
    ['$(echo rm) x', ['echo rm', '$(echo rm) x'], 'the name of a command is not literal: $(echo rm)'],
    ['`echo rm` x', ['echo rm', '`echo rm` x'], 'the name of a command is not literal: `echo rm`'],
    ['r$@m x', ['r$@m x'], 'the name of a command is not literal: r$@m'],
    ['/bin/r? x', ['/bin/r? x'], 'the name of a command is not literal: /bin/r?'],
    ['/???/rm x', ['/???/rm x'], 'the name of a command is not literal: /???/rm'],
    [
      'HOME="rm -rf /" bash -c \'$HOME/x\'',
      ['HOME=rm -rf / bash -c $HOME/x', '$HOME/x'],
      'the name of a command is not literal: $HOME/x',
    ],
    [
      'env HOME="rm -rf /" bash -c \'$HOME/x\'',
      ['env HOME=rm -rf / bash -c $HOME/x', 'bash -c $HOME/x', '$HOME/x'],
      'the name of a command is not literal: $HOME/x',
    ],
  ]);
});
