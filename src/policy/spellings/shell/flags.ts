/**
 * How the options of well-known commands are normalised. A line lists options in the order in which a form shows them:
 * `-r|-R|--recursive` are spellings of one option, shown by the first; `=` marks an option that takes a value, `?` one
 * whose value, if any, is attached. A line that begins with `+` ends its options at the first operand. A command that
 * is not listed keeps its arguments as they were given.
 */
export const FLAGS: ReadonlyMap<string, string> = new Map([
  [
    'rm',
    '-r|-R|--recursive -f|--force -v|--verbose -i -I -d|--dir --interactive? --one-file-system --no-preserve-root --preserve-root?',
  ],
  ['rmdir', '-p|--parents -v|--verbose --ignore-fail-on-non-empty'],
  [
    'cp',
    '-r|-R|--recursive -a|--archive -f|--force -v|--verbose -p -i|--interactive -n|--no-clobber -u -L|--dereference -P|--no-dereference -d -l|--link -s|--symbolic-link -x|--one-file-system -T|--no-target-directory -t|--target-directory= -S|--suffix= --preserve? --no-preserve= --parents --backup? --reflink? --sparse=',
  ],
  [
    'mv',
    '-f|--force -v|--verbose -i|--interactive -n|--no-clobber -u -T|--no-target-directory -t|--target-directory= -S|--suffix= --backup?',
  ],
  [
    'ln',
    '-s|--symbolic -f|--force -n|--no-dereference -v|--verbose -r|--relative -i|--interactive -T|--no-target-directory -t|--target-directory=',
  ],
  ['mkdir', '-p|--parents -v|--verbose -m|--mode='],
  [
    'chmod',
    '-R|--recursive -f|--silent|--quiet -v|--verbose -c|--changes --reference= --no-preserve-root --preserve-root',
  ],
  [
    'chown',
    '-R|--recursive -f|--silent|--quiet -v|--verbose -c|--changes -h|--no-dereference -H -L -P --from= --reference= --no-preserve-root --preserve-root',
  ],
  ['chgrp', '-R|--recursive -f|--silent|--quiet -v|--verbose -c|--changes -h|--no-dereference --reference='],
  ['chattr', '-R -f -V'],
  [
    'shred',
    '-u -f|--force -z|--zero -v|--verbose -x|--exact -n|--iterations= -s|--size= --remove? --random-source=',
  ],
  ['truncate', '-c|--no-create -s|--size= -r|--reference='],
  ['touch', '-a -m -c|--no-create -h|--no-dereference -d|--date= -r|--reference= -t='],
  [
    'ls',
    '-l -a|--all -A|--almost-all -h|--human-readable -R|--recursive -t -r|--reverse -d|--directory -1 -F -i|--inode -s|--size -S -n -g -G -o -p -Z --color? --full-time --group-directories-first --sort= --time-style=',
  ],
  [
    'grep',
    '-r|--recursive -R|--dereference-recursive -n|--line-number -i|--ignore-case -l|--files-with-matches -L|--files-without-match -c|--count -v|--invert-match -w|--word-regexp -x|--line-regexp -o|--only-matching -q|--quiet|--silent -s|--no-messages -h|--no-filename -H|--with-filename -E|--extended-regexp -F|--fixed-strings -P|--perl-regexp -a|--text -I -z|--null-data -e|--regexp= -f|--file= -m|--max-count= -A|--after-context= -B|--before-context= -C|--context= --include= --exclude= --exclude-dir= --color?',
  ],
  ['dd', ''],
  ['mkfs', '-V -v -t|--type='],
  [
    'tar',
    '-c|--create -x|--extract|--get -t|--list -r|--append -u|--update -z|--gzip -j|--bzip2 -J|--xz -a|--auto-compress -v|--verbose -p|--preserve-permissions -k|--keep-old-files -P|--absolute-names -O|--to-stdout -h|--dereference -f|--file -C|--directory= -T|--files-from= -X|--exclude-from= -I|--use-compress-program= --zstd --overwrite --to-command= --checkpoint? --checkpoint-action= --exclude= --strip-components= --transform= --one-top-level?',
  ],
  [
    'curl',
    '-f|--fail -s|--silent -S|--show-error -L|--location -k|--insecure -O|--remote-name -J|--remote-header-name -I|--head -i|--include|--show-headers -v|--verbose -g|--globoff -G|--get -4|--ipv4 -6|--ipv6 -N|--no-buffer -#|--progress-bar --compressed -X|--request= -H|--header= -d|--data|--data-ascii= --data-raw= --data-binary= --data-urlencode= --json= -F|--form= -T|--upload-file= -o|--output= -u|--user= -x|--proxy= -A|--user-agent= -e|--referer= -b|--cookie= -c|--cookie-jar= -K|--config= -E|--cert= -m|--max-time= -w|--write-out= -D|--dump-header= -C|--continue-at= -r|--range= -y= -Y= -z= -Q|--quote= -P= -t= -U= --url= --cacert= --key= --resolve= --connect-to= --connect-timeout= --retry= --retry-delay= --max-redirs= --unix-socket= --output-dir= --form-string= --interface= --noproxy= --create-dirs',
  ],
  [
    'wget',
    '-q|--quiet -c|--continue -r|--recursive -N|--timestamping -S|--server-response -v|--verbose -b|--background -m|--mirror -k|--convert-links -p|--page-requisites -O|--output-document= -P|--directory-prefix= -o|--output-file= -a= -i|--input-file= -U|--user-agent= -t|--tries= -T|--timeout= -l|--level= --no-check-certificate --header= --post-data= --post-file= --body-data= --body-file= --method= --user= --password= --use-askpass= -e|--execute=',
  ],
  [
    'kill',
    '-9|-KILL|-SIGKILL -15|-TERM|-SIGTERM -HUP|-SIGHUP -2|-INT|-SIGINT -19|-STOP|-SIGSTOP -l|--list? -s|--signal=',
  ],
  [
    'pkill',
    '-9|-KILL|-SIGKILL -15|-TERM|-SIGTERM -1|-HUP|-SIGHUP -f|--full -x|--exact -i -e|--echo -n|--newest -o|--oldest -u|--euid= -U|--uid= -g|--pgroup= -P|--parent= -t|--terminal= --signal=',
  ],
  [
    'killall',
    '-9|-KILL|-SIGKILL -15|-TERM|-SIGTERM -1|-HUP|-SIGHUP -q|--quiet -v|--verbose -w|--wait -i -e -r|--regexp -u|--user= -s|--signal=',
  ],
  [
    'ssh',
    '+-t -T -A -N -f -n -q -v -X -Y -C -4 -6 -a -g -k -K -M -s -x -y -G -V -i= -p= -l= -o= -F= -L= -R= -D= -J= -E= -b= -B= -c= -e= -I= -m= -O= -P= -Q= -S= -w= -W=',
  ],
  ['scp', '-r -p -q -v -C -3 -4 -6 -A -B -O -R -T -i= -P= -o= -F= -J= -l= -c= -S= -D= -X='],
  [
    'rsync',
    '-a|--archive -v|--verbose -z|--compress -r|--recursive -h|--human-readable -n|--dry-run -u|--update -P -p|--perms -l|--links -t|--times -g|--group -o|--owner -q|--quiet -H|--hard-links -x|--one-file-system -c|--checksum -D -R|--relative --delete|--del --delete-after --delete-before --delete-excluded --delete-during --remove-source-files --force --progress -e|--rsh= -f|--filter= --rsync-path= --exclude= --include= --exclude-from= --files-from= --bwlimit= --password-file=',
  ],
  ['crontab', '-r -l -e -i -u|--user='],
  [
    'iptables',
    '-F|--flush -X|--delete-chain -L|--list -S|--list-rules -Z|--zero -n|--numeric -v|--verbose --line-numbers -t|--table= -A|--append= -D|--delete= -I|--insert= -P|--policy= -N|--new-chain= -p|--protocol= -s|--source= -d|--destination= -j|--jump= -i|--in-interface= -o|--out-interface= -m|--match= --dport= --sport=',
  ],
  [
    'systemctl',
    '-f|--force -q|--quiet -a|--all --now --user --system --no-block --no-pager --runtime -t|--type= -p|--property= -H|--host= -M|--machine= -s|--signal= -n|--lines= -o|--output= --state= --root= --kill-whom=',
  ],
  [
    'useradd',
    '-m|--create-home -M|--no-create-home -r|--system -o|--non-unique -U|--user-group -N|--no-user-group -u|--uid= -g|--gid= -G|--groups= -d|--home-dir|--home= -s|--shell= -c|--comment= -p|--password= -e|--expiredate= -k|--skel=',
  ],
  [
    'usermod',
    '-a|--append -L|--lock -U|--unlock -m|--move-home -o|--non-unique -G|--groups= -g|--gid= -u|--uid= -d|--home= -s|--shell= -l|--login= -p|--password= -c|--comment= -e|--expiredate=',
  ],
  ['userdel', '-r|--remove -f|--force'],
  ['passwd', '-d|--delete -l|--lock -u|--unlock -e|--expire -S|--status -q|--quiet --stdin'],
  ['history', '-c -w -a -n -r -p -s -d='],
  [
    'sed',
    '-i|--in-place? -n|--quiet|--silent -E|-r|--regexp-extended -s|--separate -z|--null-data -u|--unbuffered --posix -e|--expression= -f|--file= -l|--line-length=',
  ],
  ['tee', '-a|--append -i|--ignore-interrupts -p'],
  [
    'git push',
    '--force|-f --force-with-lease? --force-if-includes --delete|-d --mirror --prune --all|--branches --tags --follow-tags --no-verify --dry-run|-n --set-upstream|-u --quiet|-q --verbose|-v --atomic --no-force-with-lease --progress --signed? --push-option|-o= --repo= --receive-pack|--exec= --recurse-submodules=',
  ],
  ['git reset', '--hard --soft --mixed --keep --merge --quiet|-q --patch|-p --pathspec-from-file='],
  ['git clean', '-f|--force -d -x -X -n|--dry-run -i|--interactive -q|--quiet -e|--exclude='],
  [
    'git checkout',
    '--force|-f --quiet|-q --detach|-d --track|-t --ours --theirs --merge|-m --patch|-p --guess -b= -B= --orphan= --conflict=',
  ],
  [
    'git switch',
    '--discard-changes|--force|-f --quiet|-q --detach|-d --merge|-m --create|-c= --force-create|-C= --orphan=',
  ],
  ['git restore', '--staged|-S --worktree|-W --quiet|-q --patch|-p --ours --theirs --source|-s='],
  [
    'git branch',
    '-D --delete|-d --force|-f -M --move|-m -C --copy|-c --list|-l --all|-a --remotes|-r --verbose|-v --quiet|-q --show-current --unset-upstream --set-upstream-to|-u= --contains? --merged? --no-merged? --sort= --format= --points-at=',
  ],
  [
    'git commit',
    '--amend --no-verify|-n --no-edit --allow-empty --allow-empty-message -a|--all -s|--signoff -q|--quiet -v|--verbose -p|--patch -e|--edit -m|--message= -F|--file= -C|--reuse-message= -c|--reedit-message= -t|--template= -S|--gpg-sign? --author= --date= --fixup= --squash= --trailer= --cleanup=',
  ],
  [
    'git rebase',
    '--abort --continue --skip --quit -i|--interactive --autosquash --autostash --root --no-verify --rebase-merges? -f|--force-rebase -q|--quiet -v|--verbose --onto= -x|--exec= -s|--strategy= -X|--strategy-option=',
  ],
  [
    'git filter-branch',
    '--force|-f --prune-empty --tree-filter= --index-filter= --msg-filter= --env-filter= --commit-filter= --parent-filter= --tag-name-filter= --subdirectory-filter= --setup= --original= -d=',
  ],
  [
    'git tag',
    '--force|-f --delete|-d --annotate|-a --sign|-s --list|-l --verify|-v --message|-m= --file|-F= --local-user|-u= --sort=',
  ],
  ['docker rm', '-f|--force -v|--volumes -l|--link'],
  ['docker rmi', '-f|--force --no-prune'],
  [
    'docker run',
    '+--privileged --rm -i|--interactive -t|--tty -d|--detach -P|--publish-all --init --read-only -v|--volume= --mount= -e|--env= --env-file= -p|--publish= -w|--workdir= -u|--user= --name= --network|--net= --pid= --ipc= --uts= --userns= --cap-add= --cap-drop= --device= --entrypoint= --security-opt= --platform= --pull= --restart= --add-host= --dns= -h|--hostname= -l|--label= -m|--memory= --cpus= --gpus= --group-add= --shm-size= --tmpfs= --ulimit= --volumes-from= --link= --log-driver= --log-opt= --runtime= --cgroupns= --expose= --ip= --cidfile= --label-file= -a|--attach= -c|--cpu-shares= --stop-signal= --stop-timeout=',
  ],
  [
    'kubectl delete',
    '--all --force --now -A|--all-namespaces --cascade? --ignore-not-found? --wait? -R|--recursive -n|--namespace= -l|--selector= -f|--filename= -k|--kustomize= -o|--output= --grace-period= --timeout= --field-selector= --context= --kubeconfig= --dry-run?',
  ],
  [
    'npm publish',
    '--dry-run --provenance --workspaces|-ws --tag= --access= --otp= --registry= --workspace|-w=',
  ],
]);

/** Commands whose first operand is a subcommand, with those options before it that take a value. */
export const SUBCOMMANDS: ReadonlyMap<string, string> = new Map([
  ['git', '-C -c --git-dir --work-tree --namespace --super-prefix --config-env --attr-source'],
  ['docker', '-H --host -c --context -l --log-level --config --tlscacert --tlscert --tlskey'],
  ['docker-compose', '-f --file -p --project-name --profile --env-file --project-directory'],
  ['podman', '--root --runroot --url --connection -c --identity --log-level --storage-driver'],
  ['kubectl', '-n --namespace --context --kubeconfig --cluster --user -s --server --as --token'],
  ['npm', '--prefix -C --workspace -w --registry --loglevel'],
  ['tmux', '-L -S -f -c'],
]);
