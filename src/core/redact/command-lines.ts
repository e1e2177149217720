import { isSureSecret } from './evidence.ts';
import type { SensitiveKeys } from './sensitive-keys.ts';
import type { Tell } from './spans.ts';
import { endOfLine, readValue } from './written-value.ts';

/** A long option, or what looks like one: `--password`, `-storepass`. */
const OPTION = /(?<![A-Za-z0-9_.-])--?([A-Za-z][A-Za-z0-9_.-]{1,63})(?![A-Za-z0-9_.-])/g;
/** What stands between an option and its value: a space, or the quotes and the comma of a list of arguments. */
const BETWEEN = /^(?:[ \t]{1,16}|\\{0,3}["']\s{0,4},\s{0,4}(?=\\{0,3}["']))(?!["'\\]{0,4}-{1,2}[A-Za-z])/;

/** Finds the values of options with a sensitive name: `--password hunter2`, `"--token", "…"`. */
export function findOptions(text: string, keys: SensitiveKeys, tell: Tell): void {
  let from = 0;
  for (const found of text.matchAll(OPTION)) {
    const end = found.index + found[0].length;
    if (found.index < from || keys.kindOf(found[1] ?? '') === 'none') continue;
    const between = BETWEEN.exec(text.slice(end, end + 32));
    const value = between === null ? null : readValue(text, end + between[0].length);
    if (value === null || value.end === value.start) continue;
    tell(value.start, value.end, !isSureSecret(found[1] ?? '', text.slice(value.start, value.end), keys));
    from = value.after;
  }
}

/** Commands whose short options take a password, and those options, up to the value. */
const COMMANDS: readonly (readonly [command: string, option: RegExp])[] = Object.freeze([
  ['mysql\\w{0,12}|mariadb[\\w-]{0,12}|7za?|mycli', /(?<=\s)-p(?=[^\s-])/],
  ['sshpass', /(?<=\s)-p\s{0,4}/],
  ['docker|podman|helm|nerdctl|crane|az|oc|ansible\\w{0,12}', /-p(?<=\slogin\s[^\n]{0,200}\s-p)\s{1,4}/],
  ['mongo\\w{0,8}|vncpasswd|tsh', /(?<=\s)-p\s{1,4}(?!--[a-z])/],
  ['redis-cli', /(?<=\s)-a\s{1,4}/],
  // Before `-u`, options without a value of their own may stand in the same word: `-su`.
  [
    'curl|wget|http|https|xh',
    /(?<=\s)(?:-[#0-46BGIJLMNORSZafgijklnpqsv]{0,8}u|--user|--proxy-user|-U|-a)[\s=]{0,4}["']?[^\s:"']{0,128}:/,
  ],
  ['smbclient|rpcclient|net', /(?<=\s)-U\s{0,4}["']?[^\s%"']{0,128}%/],
  ['ldap\\w{2,12}', /(?<=\s)-w\s{0,4}/],
  ['sqlcmd|bcp|unzip|zip|tsql', /(?<=\s)-P\s{0,4}/],
  ['plink|pscp|psftp|putty', /(?<=\s)-pw\s{1,4}/],
  ['openssl', /(?<=\s)(?:-pass(?:in|out)?\s{1,4}pass:|-k\s{1,4})/],
]);

const COMMAND = new RegExp(`(?<![\\w.-])(?:${COMMANDS.map(([name]) => `(${name})`).join('|')})(?=\\s)`, 'g');
/** How far a command is read for its options. */
const REACH = 512;

/** Finds passwords behind the short options of well-known commands: `mysql -phunter2`, `curl -u bob:hunter2`. */
export function findCommandPasswords(text: string, tell: Tell): void {
  let from = 0;
  for (const found of text.matchAll(COMMAND)) {
    if (found.index < from) continue;
    const start = found.index + found[0].length;
    const part = /^[^\n;|&]*/.exec(text.slice(start, start + REACH))?.[0] ?? '';
    from = start + part.length;
    for (const [i, [, option]] of COMMANDS.entries()) {
      if (found[i + 1] !== undefined)
        from = Math.max(from, findInCommand(text, start, part.length, option, tell));
    }
  }
}

/** Tells of the values of one option in the part of a command line from `start`; answers where the last one ends. */
function findInCommand(text: string, start: number, length: number, option: RegExp, tell: Tell): number {
  let from = start;
  while (from < start + length) {
    const flag = option.exec(text.slice(from, start + length));
    const value = flag === null ? null : readOptionValue(text, from + flag.index + flag[0].length, flag[0]);
    if (value === null) break;
    if (value.end > value.start) tell(value.start, value.end);
    from = Math.max(value.after, from + 1);
  }
  return from;
}

/** The value behind an option; a quote that opened before the user's name closes behind the password. */
function readOptionValue(
  text: string,
  at: number,
  flag: string,
): { start: number; end: number; after: number } | null {
  const quote = /["']/.exec(flag)?.[0];
  if (quote === undefined) return readValue(text, at);
  const closing = text.indexOf(quote, at);
  const end = closing < 0 ? endOfLine(text, at) : closing;
  return { start: at, end, after: end };
}

const SETTING =
  /\bconfig(?:ure)?(?:\s{1,4}--?[\w-]{1,32}){0,3}(?:\s{1,4}set)?\s{1,4}([\w./:@-]{2,128})[ \t]{1,8}(?=[^\s=])/g;

/** Finds what a command sets under a sensitive name: `aws configure set aws_secret_access_key …`. */
export function findSettings(text: string, keys: SensitiveKeys, tell: Tell): void {
  for (const found of text.matchAll(SETTING)) {
    const value =
      keys.kindOf(found[1] ?? '') === 'none' ? null : readValue(text, found.index + found[0].length);
    if (value !== null)
      tell(value.start, value.end, !isSureSecret(found[1] ?? '', text.slice(value.start, value.end), keys));
  }
}
