import type { ShellCommand } from './command.ts';
import { literalField } from './field.ts';
import { readOptions } from './options.ts';

/** Which operands a command writes to: all of them, the last one, or all but the script that stands first. */
type Written = 'all' | 'last' | 'after script';

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
  ['curl', { values: ['-o', '--output', '-D', '-c', '--output-dir'] }],
  ['install', COPIER],
  ['ln', COPIER],
  ['mv', COPIER],
  ['rsync', { operands: 'last' }],
  ['scp', { operands: 'last' }],
  ['sed', { operands: 'after script', onlyWith: ['-i'] }],
  ['shred', { operands: 'all' }],
  ['sponge', { operands: 'all' }],
  ['tee', { operands: 'all' }],
  ['touch', { operands: 'all' }],
  ['truncate', { operands: 'all' }],
  ['wget', { values: ['-O', '-o', '-P'] }],
]);

/** The files that a command writes to by its own words, as `tee`, `cp` and `sed -i` do. */
export function writtenFiles({ name, args, operands: known }: ShellCommand): readonly string[] {
  if (name === null) return [];
  const files = name === 'dd' ? outputsOfDd(args) : byTable(name, args);
  return files.map(
    (file) => known.find((path) => path.endsWith(`/${file}`) && !file.startsWith('/')) ?? file,
  );
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
    case 'last':
      return operands.length > 1 ? operands.slice(-1) : [];
    case 'after script':
      return has('-e') || has('-f') ? operands : operands.slice(1);
    default:
      return [];
  }
}
