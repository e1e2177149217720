// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the lines are shell text.
import { describe, expect, test } from 'vitest';
import { readShell } from '../../../src/policy/spellings/shell.ts';
import { isReadable, isUnreadable, mayBe } from './shell-rows.ts';

describe('what a variable or a substitution may stand for is filled in', () => {
  mayBe([
    ['for f in -rf x; do rm $f data; done', 'rm -rf data', 'rm x data'],
    ['for f in a; do rm "$f" data; done', 'rm a data'],
    ['rm $(echo -rf) data', 'rm -rf data'],
    ['rm `echo -rf` data', 'rm -rf data'],
    ['rm -r$(printf %s f) data', 'rm -rf data'],
    ['rm ${f:--rf} data', 'rm -rf data'],
    ['rm ${f:=-rf} data', 'rm -rf data'],
    ['rm ${f--rf} data', 'rm -rf data'],
    ['rm ${f:-$(echo -rf)} data', 'rm -rf data'],
    ['f=x; rm ${f:+-rf} data', 'rm -rf data'],
    ['f=xxx-rf; rm ${f#xxx} data', 'rm -rf data'],
    ['f=-rfxx; rm ${f%xx} data', 'rm -rf data'],
    ['f=-RF; rm ${f,,} data', 'rm -rf data'],
    ['f=zrf; rm ${f/z/-} data', 'rm -rf data'],
    ['f=x-rfx; rm ${f:1:3} data', 'rm -rf data'],
    ['a=(-r -f); rm ${a[@]} data', 'rm -rf data'],
    ['a=(-rf); rm ${a[0]} data', 'rm -rf data'],
    ['a+=(-rf); rm ${a[@]} data', 'rm -rf data'],
    ['declare f=-rf; rm $f data', 'rm -rf data'],
    ['typeset f=-rf; rm $f data', 'rm -rf data'],
    ['x=f; declare $x=-rf; rm $f data', 'rm -rf data'],
    ['f=x; g=f; f=-rf; rm ${!g} data', 'rm -rf data'],
    ['read f <<< -rf; rm $f data', 'rm -rf data'],
    ['while read f; do rm $f data; done <<< -rf', 'rm -rf data'],
    ['echo -rf | while read f; do rm $f data; done', 'rm -rf data'],
    ['mapfile -t a <<< -rf; rm ${a[0]} data', 'rm -rf data'],
    ['printf -v f %s -rf; rm $f data', 'rm -rf data'],
    ["f=-rf bash -c 'rm $f data'", 'rm -rf data'],
    ["env f=-rf bash -c 'rm $f data'", 'rm -rf data'],
    ['echo -rf data | xargs rm', 'rm -rf data'],
    ["printf '%s\\0' -rf data | xargs -0 rm", 'rm -rf data'],
    ['xargs rm <<< "-rf data"', 'rm -rf data'],
    ['echo etc | xargs -I{} cat /{}/passwd', 'cat /etc/passwd'],
  ]);
});

describe('positional parameters are filled in', () => {
  mayBe([
    ["bash -c 'rm $0 data' -rf", 'rm -rf data'],
    ['bash -c \'rm "$@"\' _ -rf data', 'rm -rf data'],
    ["bash -c 'rm $1 data' _ -rf", 'rm -rf data'],
    ["bash -s -- -rf data <<< 'rm $*'", 'rm -rf data'],
    ['f() { rm $1 data; }; f -rf', 'rm -rf data'],
    ['f() { rm -r "$@"; }; f -f data', 'rm -rf data'],
    ['function f { rm "$@"; }; f -rf data', 'rm -rf data'],
    ['set -- -rf data; rm "$@"', 'rm -rf data'],
    ['set -- -f; rm -r $1 data', 'rm -rf data'],
    ['find . -exec sh -c \'rm "$1"\' _ {} +', 'rm {}'],
  ]);
});

describe('a folder that the line gives another value is none', () => {
  mayBe([
    ['read HOME <<< -rf; rm $HOME data', 'rm -rf data'],
    ['for HOME in -rf; do rm $HOME data; done', 'rm -rf data'],
    ['printf -v HOME %s -rf; rm $HOME data', 'rm -rf data'],
    ["HOME=-rf bash -c 'rm $HOME data'", 'rm -rf data'],
    ['f() { HOME=-rf; }; f; rm $HOME data', 'rm -rf data'],
    ['x=HOME=-rf; export $x; rm $HOME data', 'rm -rf data'],
    ['eval "HO""ME=-rf"; rm $HOME data', 'rm -rf data'],
  ]);
  isUnreadable([
    ['HOME=rm; ~ -rf data', 'the name of a command is not literal: ~'],
    ['CDPATH=/; cd etc', '`CDPATH` says where `cd` goes'],
    ['export CDPATH=/; cd etc', '`CDPATH` says where `cd` goes'],
  ]);
  isReadable(['CDPATH= cd x', 'ls ~/x $HOME/y', 'HOME=/x npm test']);
});

describe('an unknown word that may be options of what destroys', () => {
  isUnreadable([
    ['rm $f data', 'an argument of `rm` is not known: $f'],
    ['rm -r ${f} data', 'an argument of `rm` is not known: ${f}'],
    ['mv $(cat list) x', 'an argument of `mv` is not known: $(cat list)'],
    ['git push $x origin', 'an argument of `git` is not known: $x'],
    ['chmod $@ x', 'an argument of `chmod` is not known: $@'],
    ['x=$y; kill $x', 'an argument of `kill` is not known: $x'],
  ]);
  isReadable([
    ...['rm "$f"', 'rm -- $f', 'rm x $f', 'rm -rf $DIR/x', 'cat $f', 'ls $x', 'git push origin $b'],
    ...['a & kill $!', 'a & p=$!; kill $p', 'kill $(lsof -t -i:3000)', 't=$(mktemp -d); rm -rf $t'],
    ...['for f in *.log; do rm $f; done', 'npm run $TASK', 'cat "$FILE"', 'echo $HOME'],
  ]);
});

test('what is filled in names files too', () => {
  for (const line of [
    'for f in /etc/passwd; do cat "$f"; done',
    'cat $(echo /etc/passwd)',
    'd=(etc); cat /${d[0]}/passwd',
    'f() { cat /$1/passwd; }; f etc',
    'set -- etc; cat /$1/passwd',
    'cat ${x:-/etc/passwd}',
    'echo /etc/passwd | xargs cat',
  ]) {
    expect([line, readShell(line).commands.flatMap(({ operands }) => operands)]).toEqual([
      line,
      expect.arrayContaining(['/etc/passwd']),
    ]);
  }
});

test('values of values cannot make a line slow', () => {
  const values = Array.from({ length: 60 }, (_, i) => `a=x${i}$a$b;b=y${i}$a$b;`).join('');
  const started = performance.now();
  readShell(`${values} ${'rm $a $b $a $b;'.repeat(60)}`);
  expect(performance.now() - started).toBeLessThan(1000);
});
