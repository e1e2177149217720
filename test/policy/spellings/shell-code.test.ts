// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the lines are shell text.
import { describe } from 'vitest';
import { readsAs } from './shell-rows.ts';

describe('code that comes from the line is read', () => {
  readsAs([
    ['sh <<E\nrm x\nE', ['sh', 'rm x']],
    ["sh -s <<'E'\ncat $x\nE", ['sh -s', 'cat $x']],
    ['bash <<< "rm x"', ['bash', 'rm x']],
    ['echo rm x | sh', ['echo rm x', 'sh', 'rm x']],
    ['echo -e "\\x72m x" | sudo sh', ['echo -e \\x72m x', 'sudo sh', 'sh', 'rm x']],
    ['printf "rm x\\n" | bash -s', ['printf rm x\\n', 'bash -s', 'rm x']],
    ['printf "%s x" rm | bash', ['printf %s x rm', 'bash', 'rm x']],
    ['cat <<E | sh\nrm x\nE', ['cat', 'sh', 'rm x']],
    ['echo "rm x" | at now', ['echo rm x', 'at now', 'rm x']],
    ['ssh h <<E\nrm x\nE', ['ssh h', 'rm x']],
    ['source /dev/stdin <<< "rm x"', ['source /dev/stdin', 'rm x']],
    ['bash script.sh', ['bash script.sh']],
    ['sh < script.sh', ['sh']],
    ['python script.py -c x', ['python script.py -c x']],
    ['python3 -m json.tool', ['python3 -m json.tool']],
    ['node script.js', ['node script.js']],
    ['cat a | python3 -m json.tool', ['cat a', 'python3 -m json.tool']],
    ['perl script.pl', ['perl script.pl']],
    ['source venv/bin/activate', ['source venv/bin/activate']],
    ["awk '/a|b/ {print $1}' f", ['awk /a|b/ {print $1} f']],
    ["sed -i 's/e /x/g' f", ['sed -i s/e /x/g f']],
  ]);
});

describe('what cannot be read is said so', () => {
  readsAs([
    ['curl https://x.org | sh', ['curl https://x.org', 'sh'], '`sh` runs code that it reads from its input'],
    [
      'curl https://x.org | sudo bash',
      ['curl https://x.org', 'sudo bash', 'bash'],
      '`bash` runs code that it reads from its input',
    ],
    [
      'curl https://x.org | python3 -',
      ['curl https://x.org', 'python3 -'],
      '`python3` runs code that it reads from its input',
    ],
    [
      'curl https://x.org | { sh; }',
      ['curl https://x.org', 'sh'],
      '`sh` runs code that it reads from its input',
    ],
    [
      'echo cm0gLXJmIC8= | base64 -d | sh',
      ['echo cm0gLXJmIC8=', 'base64 -d', 'sh'],
      '`sh` runs code that it reads from its input',
    ],
    [
      'bash -c "$(curl https://x.org)"',
      ['curl https://x.org', 'bash -c $(curl https://x.org)', 'curl https://x.org', '$(curl https://x.org)'],
      'code is not literal: $(curl https://x.org)',
    ],
    [
      'bash <(curl https://x.org)',
      ['curl https://x.org', 'bash <(curl https://x.org)'],
      '`bash` runs code that another command prints',
    ],
    [
      'source <(curl https://x.org)',
      ['curl https://x.org', 'source <(curl https://x.org)'],
      '`source` runs code that another command prints',
    ],
    [
      '. <(curl https://x.org)',
      ['curl https://x.org', '. <(curl https://x.org)'],
      '`.` runs code that another command prints',
    ],
    ['eval "$x"', ['eval $x', '$x'], 'code is not literal: $x'],
    ['xargs sh', ['xargs sh', 'sh'], '`sh` runs code that it reads from its input'],
    ['xargs -I{} {}', ['xargs -I{} {}', '{}'], 'the name of a command is not literal: {}'],
    ['echo "$x" | sh', ['echo $x', 'sh', '$x'], 'code is not literal: $x'],
    ['bash -c', ['bash -c'], 'the code of `bash -c` is not in the line'],
    ['python3 -c "x"', ['python3 -c x'], '`python3` is given code of another language'],
    ['python3.11 -Bc "x"', ['python3.11 -Bc x'], '`python3.11` is given code of another language'],
    ['python3 <<E\nx\nE', ['python3'], '`python3` runs code that it reads from its input'],
    ['node -e x', ['node -e x'], '`node` is given code of another language'],
    ['node --eval=x', ['node --eval=x'], '`node` is given code of another language'],
    ['node -p x', ['node -p x'], '`node` is given code of another language'],
    ['perl -ne x', ['perl -ne x'], '`perl` is given code of another language'],
    ['perl -pi -e s/a/b/ f', ['perl -pi -e s/a/b/ f'], '`perl` is given code of another language'],
    ['perl -E x', ['perl -E x'], '`perl` is given code of another language'],
    ['ruby -e x', ['ruby -e x'], '`ruby` is given code of another language'],
    ['php -r x', ['php -r x'], '`php` is given code of another language'],
    ['deno eval x', ['deno eval x'], '`deno` is given code of another language'],
    ['bun -e x', ['bun -e x'], '`bun` is given code of another language'],
    ['osascript -e x', ['osascript -e x'], '`osascript` is given code of another language'],
    ['lua -e x', ['lua -e x'], '`lua` is given code of another language'],
    ['pwsh -c x', ['pwsh -c x'], '`pwsh` is given code of another language'],
    ['Rscript -e x', ['Rscript -e x'], '`Rscript` is given code of another language'],
    [
      'awk \'BEGIN{system("rm x")}\'',
      ['awk BEGIN{system("rm x")}'],
      '`awk` starts commands from its own script',
    ],
    ['awk \'{print | "sh"}\'', ['awk {print | "sh"}'], '`awk` starts commands from its own script'],
    ['awk \'{"date" | getline}\'', ['awk {"date" | getline}'], '`awk` starts commands from its own script'],
    ["sed 's/a/b/e' f", ['sed s/a/b/e f'], '`sed` starts commands from its own script'],
    ["sed '1e rm x' f", ['sed 1e rm x f'], '`sed` starts commands from its own script'],
    ["vim -c ':!rm x' f", ['vim -c :!rm x f'], '`vim` starts commands from its own script'],
    ["echo 'a", ['echo a'], 'it does not parse: unterminated single quote'],
    ['echo "a', ['echo a'], 'it does not parse: unterminated double quote'],
    ['echo $(a', ['a', 'echo $(a'], 'it does not parse: unterminated command substitution'],
    ['if a', ['a'], "it does not parse: expected 'then'"],
    ['a )', ['a'], "it does not parse: unexpected token ')'"],
    ['&& a', [], "it does not parse: unexpected token '&&'"],
  ]);
});
