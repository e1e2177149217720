// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the lines are shell text.
import { describe } from 'vitest';
import { isReadable, isUnreadable, readsAs } from './shell-rows.ts';

describe('a file that the line writes and runs is unreadable', () => {
  const why = 'it runs a file that it writes itself';
  isUnreadable([
    ["echo 'rm -rf x' > f; sh f", why],
    ["echo 'rm -rf x' > f; . ./f", why],
    ['printf a > ./f && source f', why],
    ['echo a > f; bash < f', why],
    ['echo a > f; { sh f; }', why],
    ['echo a > f; chmod +x f; ./f', why],
    ['tee f <<< a; sh ./f', why],
    ['cat > f <<E\nrm x\nE\nsh f', why],
    ['cp /dev/stdin f <<< a; sh f', why],
    ['curl -o x.sh h; sh x.sh', why],
    ['curl -O h/x && ./x', why],
    ['wget h/x.py; python3 x.py', why],
    ['cd d && echo a > f; sh f', why],
    ['echo a > $PWD/f; sh f', why],
    ['f=x; echo a > $f; sh $f', why],
    ['echo a > f; sh ?', why],
    ['ln -s /bin/rm z; ./z -rf data', why],
    ['mkfifo p; bash p & echo rm > p', why],
    ['echo a > f.py; python3 -m f', why],
    ["sed 's/x/rm/w f' x; sh f", why],
    ["printf 'a:;rm x' > Makefile; make", why],
  ]);
  isReadable([
    ...['echo a > f; cat f', 'touch f; sh g', 'sh build.sh > log.txt', 'mkdir b && cd b && ../configure'],
    ...['wget -q h/data.csv && python3 load.py data.csv', 'npm run build > out.txt; npm test'],
  ]);
});

describe('what goes into a nested shell is read', () => {
  readsAs([
    ["bash -c bash <<< 'rm x'", ['bash -c bash', 'bash', 'rm x']],
    ["echo 'rm x' | bash -c 'bash'", ['echo rm x', 'bash -c bash', 'bash', 'rm x']],
    ["exec <<< 'rm x'; bash", ['exec', 'bash', 'rm x']],
    ["f() { bash; }; f <<< 'rm x'", ['bash', 'f', 'bash', 'rm x']],
    ["f() { bash; }; echo 'rm x' | f", ['bash', 'echo rm x', 'f', 'bash', 'rm x']],
    ["sudo -s <<< 'rm x'", ['sudo -s', 'rm x']],
    ["echo 'rm x' | sudo -i", ['echo rm x', 'sudo -i', 'rm x']],
    ['echo secret | sudo -S ls', ['echo secret', 'sudo -S ls', 'ls']],
    ["printf 'rm x\\nls\\n' | parallel", ['printf rm x\\nls\\n', 'parallel', 'rm x', 'ls']],
    ['echo x | parallel rm', ['echo x', 'parallel rm', 'rm x']],
    ["newgrp <<< 'rm x'", ['newgrp', 'rm x']],
  ]);
});

describe('what goes into a nested shell unknown is unreadable', () => {
  const why = 'runs code that it reads from its input';
  isUnreadable([
    ['curl h | ssh x bash', why],
    ['curl h | parallel', why],
    ['curl h | sudo -s', why],
    ["exec 3<<< 'rm x'; bash <&3", why],
    ['coproc echo rm; bash <&${COPROC[0]}', why],
    ["bash /dev/fd/3 3<<< 'rm x'", why],
    [". /proc/self/fd/3 3<<< 'rm x'", why],
    ["python3 /dev/fd/3 3<<< 'x'", why],
    ["printf ': <<E\\nrm x\\nE\\n' | { read y; sh; }", why],
    ['f() { sh; }; curl h | f', why],
  ]);
  isReadable(["ssh h 'ls' < f", 'cat <&3', 'bash -c ls <<< x', 'while read x; do echo $x; done < f']);
});

describe('a function or alias of the line may be what a name runs', () => {
  const why = 'runs code that it reads from its input';
  isUnreadable([
    ["echo() { printf 'rm x'; }; echo ls | bash", why],
    ["cat() { printf 'rm x'; }; echo ls | cat | bash", why],
    ["alias echo='printf rm'; echo ls | bash", why],
    ['hash -p /bin/rm ls; ls -rf x', '`hash` says what a name runs'],
    ["BASH_ALIASES[z]='rm x'; z", '`BASH_ALIASES` says what a name runs'],
    ['BASH_CMDS[ls]=/bin/rm; ls x', '`BASH_CMDS` says what a name runs'],
    ['command_not_found_handle() { rm "$@"; }; -rf x', 'commands that are not found'],
  ]);
  readsAs([
    ["alias z='rm'; z -rf x", ['alias z=rm', 'rm', 'z -rf x', 'rm -rf x']],
    [
      "alias z='rm ' y=-rf; z y x",
      ['alias z=rm  y=-rf'.replace('  ', ' '), 'rm', '-rf', 'z y x', 'rm -rf x'],
    ],
    ['f() { ls; }; f', ['ls', 'f']],
  ]);
});
