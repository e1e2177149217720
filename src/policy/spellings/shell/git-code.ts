import type { Field } from './field.ts';

/** Settings of git whose value is run. */
const CODE_SETTING =
  /^(?:core\.(?:pager|editor|sshcommand|fsmonitor|askpass|hookspath|gitproxy|alternaterefscommand)|sequence\.editor|diff\.external|pager\.\w+|credential\.(?:.{1,200}\.)?helper|(?:diff|merge)tool\..{1,200}\.(?:cmd|path)|gpg\.(?:\w+\.)?program|filter\..{1,200}\.(?:clean|smudge|process)|diff\..{1,200}\.(?:textconv|command)|merge\..{1,200}\.driver|remote\..{1,200}\.(?:uploadpack|receivepack)|interactive\.difffilter|uploadpack\.packobjectshook|trailer\..{1,200}\.(?:command|cmd)|(?:browser|man)\..{1,200}\.(?:cmd|path)|tar\..{1,200}\.command)$/i;
/** Options of some subcommands whose value is run, whole or abbreviated. */
const CODE_OPTION = /^--(?:upl[a-z-]*|rec[a-z]*-[a-z]*|exe[a-z]*|ext[a-z]*|open-[a-z-]*)(?:=([\s\S]*))?$/;
const CODE_LETTER: ReadonlyMap<string, string> = new Map([
  ['clone', 'u'],
  ['difftool', 'x'],
  ['rebase', 'x'],
  ['grep', 'O'],
]);
/** Subcommands that read from another repository. */
const REMOTE: ReadonlySet<string> = new Set(
  'clone fetch pull push ls-remote fetch-pack send-pack archive difftool rebase grep'.split(' '),
);

/** The code in the settings and options of a `git`; a text instead says why it cannot be read. */
export function gitCode(args: readonly Field[], subcommand: string): string | readonly Field[] {
  const found: Field[] = [];
  for (const [index, arg] of args.entries()) {
    const next = args[index + 1];
    if (arg.text.includes('ext::')) return 'an `ext::` address runs a command';
    if (arg.text.startsWith('--config-e')) return '`git` takes settings from its environment';
    const setting = arg.text.includes('.') ? settingOf(arg, next) : null;
    if (setting !== null) found.push(setting);
    else if (REMOTE.has(subcommand)) {
      const option = optionOf(arg, next, subcommand);
      if (option !== null) found.push(option);
    }
  }
  return found;
}

/** `-c alias.x='!command'`, `config core.pager command` and their like. */
function settingOf(arg: Field, next: Field | undefined): Field | null {
  const text = arg.text.replace(/^--config=|^-c(?=\w+\.)/, '');
  const equals = text.indexOf('=');
  const key = equals < 0 ? text : text.slice(0, equals);
  const value = equals < 0 ? next : plain(arg, text.slice(equals + 1));
  if (value === undefined || value.text === '') return null;
  const isAlias = /^alias\../i.test(key);
  if (!isAlias && !CODE_SETTING.test(key)) return null;
  if (value.text.startsWith('!')) return plain(value, value.text.slice(1));
  return isAlias ? plain(value, `git ${value.text}`) : plain(value, value.text);
}

function optionOf(arg: Field, next: Field | undefined, subcommand: string): Field | null {
  const long = CODE_OPTION.exec(arg.text);
  if (long !== null) {
    if (subcommand === 'grep' && long[1] === undefined) return null;
    return long[1] === undefined ? (next ?? null) : plain(arg, long[1]);
  }
  const letter = CODE_LETTER.get(subcommand);
  if (letter === undefined || !/^-\w/.test(arg.text)) return null;
  const at = arg.text.indexOf(letter);
  if (at < 0 || !/^-\w*$/.test(arg.text.slice(0, at))) return null;
  const attached = arg.text.slice(at + 1);
  if (attached !== '') return plain(arg, attached);
  return subcommand === 'grep' ? null : (next ?? null);
}

function plain({ literal, glob }: Field, text: string): Field {
  return { text, literal, glob };
}
