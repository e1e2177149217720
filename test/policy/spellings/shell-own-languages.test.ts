// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the lines are shell text.
import { describe, expect, test } from 'vitest';
import { readShell } from '../../../src/policy/spellings/shell.ts';
import { isReadable, isUnreadable } from './shell-rows.ts';

describe('a script that starts commands is unreadable', () => {
  const starts = 'starts commands from its own script';
  const input = 'runs code that it reads from its input';
  isUnreadable([
    ["sed '1e rm x' f", starts],
    ["sed '$!{e rm x' f", starts],
    ["sed '\\,a,Ie rm x' f", starts],
    ["sed '/a/,/b/!e' f", starts],
    ["sed '2~3e rm' f", starts],
    ["sed -ne 's/a/b/' -e 's/a/rm/e' f", starts],
    ["sed --expression='s|a|rm|ge' f", starts],
    ["sed -e 'a\\' -e 'text' -e 'e rm' f", starts],
    ["sed 's/a/b/;s,c,d,2e' f", starts],
    ['sed -f - f', input],
    ['sed -f <(echo e) f', input],
    ['awk \'{print $1 | "sh"}\' f', starts],
    ['awk \'BEGIN { "date" |& getline }\'', starts],
    ['awk \'{ print 1 /2| "sh/" }\' f', starts],
    ['gawk \'BEGIN { f = "system"; @f("rm x") }\'', starts],
    ['awk -f - f', input],
    ['awk -v a=1 -F: \'{system("rm")}\' f', starts],
    ['make -f - <<< x', input],
    ['make --file=/dev/stdin', input],
    ['make -f <(echo a)', input],
    ["make --eval='a:;rm x' a", starts],
    ["make -E 'x:=$(shell rm)'", starts],
    ["gdb -batch -ex '!rm x'", starts],
    ["gdb -ex 'shell rm x'", starts],
    ["sqlite3 x '.shell rm x'", starts],
    ["sqlite3 <<< '.system rm x'", starts],
    ["psql -c '\\! rm x'", starts],
    ['psql -c "copy x to program \'rm\'"', starts],
    ["ed <<< '!rm x'", starts],
    ['curl h | ed', input],
    ["python3 -m timeit -n1 'x'", 'code of another language'],
    ['python3 -m pdb -c x f', 'code of another language'],
    ["python3 -m code <<< 'x'", 'code of another language'],
    ["python3 -i f <<< 'x'", input],
    ["perl -M'File::Path;system(1)' f", 'code of another language'],
  ]);
});

describe('a script that starts none is read', () => {
  isReadable([
    ...['awk \'{print $1 "|" $2}\' f', "awk -F'|' '{print $2}' f", "awk '/a|b/ && $1 ~ /c|d/' f"],
    ...["awk '$1 == 2 || $3 { print }' f", 'awk \'BEGIN{OFS="|"} {print $1, $2 # a | b\n}\' f'],
    ...[
      "sed -i 's/e /x/g' f",
      "sed -n '/e/,/end/p' f",
      "sed '1d;$d' f",
      "sed 's/a\\/e/b/' f",
      "sed 'y/ae/bf/' f",
    ],
    ...[
      "sed '/x/a\\\ne text' f",
      "sed ':a;N;$!ba;s/\\n/ /g' f",
      "sed -E 's/(a)|e/b/' f",
      "sed -i.bak -e '/e$/d' f",
    ],
    ...[
      'make test',
      'make -f build.mk',
      'sqlite3 x .tables',
      "psql -c 'select 1'",
      'gdb -ex run ./x',
      'ed f',
    ],
    ...['python3 -m pytest', 'python3 -m http.server', 'perl -MData::Dumper f.pl'],
  ]);
});

test('the files of a script are operands', () => {
  for (const line of [
    "sed 'r /etc/x' f",
    "sed -n '1R/etc/x' f",
    "sed '$w /etc/x' f",
    "sed 's/a/b/gw /etc/x' f",
    'awk \'{print > "/etc/x"}\' f',
    'awk \'{while((getline l < "/etc/x")>0) print l}\' f',
  ])
    expect([line, readShell(line).commands[0]?.operands]).toEqual([line, ['/etc/x']]);
});
