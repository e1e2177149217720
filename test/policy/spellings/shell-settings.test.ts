// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the lines are shell text.
import { describe } from 'vitest';
import { isReadable, isUnreadable, readsAs } from './shell-rows.ts';

describe('settings and options of git that run commands', () => {
  readsAs([
    ["git grep -O'rm x' y", ['git grep -Orm x y', 'rm x']],
    ["git grep --open-files-in-pager='rm x' y", ['git grep --open-files-in-pager=rm x y', 'rm x']],
    ["git difftool -y -x 'rm x'", ['git difftool -y -x rm x', 'rm x']],
    ["git difftool --extcmd='rm x'", ['git difftool --extcmd=rm x', 'rm x']],
    ["git -c difftool.z.cmd='rm x' difftool", ['git -c difftool.z.cmd=rm x difftool', 'rm x']],
    ['git -c gpg.program=rm commit', ['git -c gpg.program=rm commit', 'rm']],
    ["git config filter.z.clean 'rm x'", ['git config filter.z.clean rm x', 'rm x']],
    ["git config diff.z.textconv 'rm x'", ['git config diff.z.textconv rm x', 'rm x']],
    ["git -c credential.helper='!rm x' fetch", ['git -c credential.helper=!rm x fetch', 'rm x']],
    ['git -c core.hooksPath=/t commit', ['git -c core.hooksPath=/t commit', '/t']],
    ["git fetch --upload-pack 'rm x' .", ['git fetch --upload-pack rm x .', 'rm x']],
    ["git ls-remote --upload-p='rm x' .", ['git ls-remote --upload-p=rm x .', 'rm x']],
    ["git clone -u 'rm x' . z", ['git clone -u rm x . z', 'rm x']],
    ["git push --exec='rm x' .", ['git push --receive-pack=rm x .', 'rm x']],
    ["git clone --config=core.pager='rm x' u", ['git clone --config=core.pager=rm x u', 'rm x']],
    ["RSYNC_RSH='rm x' rsync a h:", ['rm x', 'RSYNC_RSH=rm x rsync a h:']],
    ['git checkout main -- src', ['git checkout main -- src']],
    ['git checkout -f main -- src', ['git checkout --force main -- src']],
    ['git stash show -p', ['git stash show -p']],
  ]);
  isUnreadable([
    ["git clone 'ext::sh -c rm% x' z", 'an `ext::` address runs a command'],
    ['git --config-env=alias.z=Z z', '`git` takes settings from its environment'],
    ["GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=alias.z GIT_CONFIG_VALUE_0='!rm' git z", '`GIT_CONFIG_COUNT` says'],
    ['GIT_EXEC_PATH=/t git x', '`GIT_EXEC_PATH` says what a program runs'],
    ["TAR_OPTIONS='--checkpoint=1' tar cf a b", '`TAR_OPTIONS` says what a program runs'],
  ]);
  isReadable([
    'git log -- src',
    'git grep -n x',
    'git config user.name x',
    'git clone https://h/x',
    'git -c a.b=c log',
  ]);
});

describe('options in other spellings', () => {
  readsAs([
    ["tar cf a --checkpoint-action 'exec=rm x' b", ['tar -cf a --checkpoint-action=exec=rm x b', 'rm x']],
    ["tar cf a --checkpoint-act=exec='rm x' b", ['tar -cf a --checkpoint-action=exec=rm x b', 'rm x']],
    ["tar xf a --to-com='rm x'", ['tar -xf a --to-command=rm x', 'rm x']],
    [
      'tar cf a --checkpoint=1 --checkpoint-action=dot b',
      ['tar -cf a --checkpoint=1 --checkpoint-action=dot b'],
    ],
    ["env --sp='rm x'", ['env --sp=rm x', 'rm x']],
    ["ssh -o 'ProxyCommand = rm x' h", ['ssh -o ProxyCommand = rm x h', 'rm x']],
    ["ssh -o '  ProxyCommand=rm x' h", ['ssh -o ProxyCommand=rm x h', 'rm x']],
    ["ssh -o RemoteCommand='rm x' h", ['ssh -o RemoteCommand=rm x h', 'rm x']],
    ["split --filt='rm x' f", ['split --filt=rm x f', 'rm x']],
    ['sort --compress-program=rm f', ['sort --compress-program=rm f', 'rm']],
  ]);
});

describe('commands in what is read as a number or a prompt', () => {
  isUnreadable([
    ["x='a[$(rm)0]'; echo $((x))", 'it has a command where a number may be read'],
    ["test -v 'a[$(rm)]'", 'it has a command where a number may be read'],
    ["read 'a[$(rm)]' <<< 1", 'it has a command where a number may be read'],
    ["printf -v 'a[`rm`]' 1", 'it has a command where a number may be read'],
    ["declare 'a[$(rm)]=1'", 'it has a command where a number may be read'],
    ["x='$(rm)'; echo ${x@P}", 'it reads the value of a variable as a prompt'],
    ["PS4='$(rm)'; set -x", '`PS4` holds commands'],
    ["PS0='$(rm)' bash -i", '`PS0` holds commands'],
  ]);
  isReadable(["PS4='+ '; set -x", 'x=${a[$i]}; echo $((x + 1))', 'read -r a b <<< "1 2"']);
});
