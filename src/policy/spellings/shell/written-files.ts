import type { ShellCommand } from './command.ts';
import { literalField } from './field.ts';
import { below } from './operands.ts';
import { readOptions } from './options.ts';
import { ownLanguage, readOwnScript, scriptsOf } from './own-scripts.ts';

/** Which operands a command writes to: all of them, one of them, or all but the script that stands first. */
type Written = 'all' | 'first' | 'second' | 'last' | 'after script';

interface Writer {
  readonly operands?: Written;
  /** The flags one of which it must have to write at all. */
  readonly onlyWith?: readonly string[];
  /** Options whose value is a file, or a folder for files, that is written to. */
  readonly values?: readonly string[];
}

const COPIER: Writer = Object.freeze({ operands: 'last', values: ['-t', '--target-directory'] });

/** The commands that write to the files they are given, with redirects aside. */
const WRITERS: ReadonlyMap<string, Writer> = new Map<string, Writer>([
  ['cp', COPIER],
  ['bzip2', { operands: 'all' }],
  ['curl', { values: ['-o', '--output', '-D', '-c', '--output-dir'] }],
  ['gzip', { operands: 'all' }],
  ['install', COPIER],
  ['ln', COPIER],
  ['mkdir', { operands: 'all' }],
  ['mv', COPIER],
  ['rsync', { operands: 'last' }],
  ['scp', { operands: 'last' }],
  ['sed', { operands: 'after script', onlyWith: ['-i'] }],
  ['shred', { operands: 'all' }],
  ['split', { operands: 'second' }],
  ['sponge', { operands: 'all' }],
  ['tee', { operands: 'all' }],
  ['touch', { operands: 'all' }],
  ['truncate', { operands: 'all' }],
  ['uniq', { operands: 'second' }],
  ['wget', { values: ['-O', '-o', '-P'] }],
  ['xz', { operands: 'all' }],
  ['zip', { operands: 'first' }],
]);

/** Options, of programs that have no table of options, whose value is a file that is written to. */
const OUTPUTS: ReadonlyMap<string, RegExp> = new Map([
  ['find', /^-fprint(?:0|f)?$|^-fls$/],
  ['openssl', /^-(?:out|keyout|writerand)$/],
  ['patch', /^(?:-o|--output(?:=|$)|-r)/],
  ['sort', /^(?:-o|--output(?:=|$))/],
  ['ssh-keygen', /^-f/],
]);

/** The files that a command writes to by its own words, as `tee`, `cp` and `sed -i` do, below the folder it works in. */
export function writtenFiles(command: ShellCommand): readonly string[] {
  const { name, args, folder } = command;
  if (name === null) return [];
  const files = [...byTable(name, args), ...byOutput(name, args), ...bySpecial(name, args)];
  return files
    .filter((file) => file !== '' && file !== '-')
    .map((file) => (folder === null ? file : below(folder, file)));
}

function bySpecial(name: string, args: readonly string[]): readonly string[] {
  if (name === 'dd') return outputsOfDd(args);
  if (name === 'tar') return archiveOf(args);
  if (name === 'git') return valuesOf(args[0] === 'config' ? args : [], /^(?:-f|--file(?:=|$))/);
  if (name === 'curl' || name === 'wget') return downloadsOf(name, args);
  const language = ownLanguage(name);
  if (language === null) return [];
  const [scripts] = scriptsOf(language, args.map(literalField));
  const { writes } = readOwnScript(language, scripts.join('\n'));
  return [...writes, ...(language === 'awk' ? editedByAwk(args) : backupsOfSed(args))];
}

function byOutput(name: string, args: readonly string[]): readonly string[] {
  const option = OUTPUTS.get(name);
  return option === undefined ? [] : valuesOf(args, option);
}

/** What is attached to the words that begin as an option does, or else the words behind them. */
function valuesOf(args: readonly string[], option: RegExp): readonly string[] {
  return args.flatMap((arg, i) => {
    const match = option.exec(arg);
    if (match === null) return [];
    const attached = arg.slice(match[0].length);
    return [attached === '' ? (args[i + 1] ?? '') : attached];
  });
}

/** The archive that `tar` writes, not the one that it reads. */
function archiveOf(args: readonly string[]): readonly string[] {
  const { flags, operands } = readOptions('tar', args.map(literalField));
  const writes = ['-c', '-r', '-u'].some((flag) => flags.includes(flag));
  return writes && flags.includes('-f') ? operands.slice(0, 1) : [];
}

/** The files that are named as the addresses end, where no other name is given. */
function downloadsOf(name: string, args: readonly string[]): readonly string[] {
  const { flags, operands } = readOptions(name, args.map(literalField));
  const named = flags.some((flag) => /^(?:-O|--output-document)=/.test(flag));
  if (name === 'curl' ? !flags.includes('-O') : named) return [];
  return operands.map((address) => address.replace(/[?#].*$/s, '').replace(/^.*\//s, ''));
}

function editedByAwk(args: readonly string[]): readonly string[] {
  const at = args.indexOf('inplace');
  return at < 0 ? [] : args.slice(at + 2).filter((arg) => !arg.startsWith('-'));
}

/** `sed -i.bak` keeps each file under another name. */
function backupsOfSed(args: readonly string[]): readonly string[] {
  const mark = args
    .map((arg) => /^(?:-\w{0,5}?i|--in-place=)(.+)$/.exec(arg)?.[1])
    .find((suffix) => suffix !== undefined);
  if (mark === undefined) return [];
  return byTable('sed', args).map((file) => (mark.includes('*') ? mark.replaceAll('*', file) : file + mark));
}

function outputsOfDd(args: readonly string[]): readonly string[] {
  return args.flatMap((arg) => (arg.startsWith('of=') ? [arg.slice(3)] : []));
}

function byTable(name: string, args: readonly string[]): readonly string[] {
  const writer = WRITERS.get(name);
  if (writer === undefined) return [];
  const { flags, operands } = readOptions(name, args.map(literalField));
  const has = (option: string): boolean =>
    flags.some((flag) => flag === option || flag.startsWith(`${option}=`));
  if (writer.onlyWith !== undefined && !writer.onlyWith.some(has)) return [];
  const values = (writer.values ?? []).flatMap((option) =>
    flags.flatMap((flag) => (flag.startsWith(`${option}=`) ? [flag.slice(option.length + 1)] : [])),
  );
  if (values.length > 0) return values;
  switch (writer.operands) {
    case 'all':
      return operands;
    case 'first':
      return operands.slice(0, 1);
    case 'second':
      return operands.slice(1, 2);
    case 'last':
      return operands.length > 1 ? operands.slice(-1) : [];
    case 'after script':
      return has('-e') || has('-f') ? operands : operands.slice(1);
    default:
      return [];
  }
}
