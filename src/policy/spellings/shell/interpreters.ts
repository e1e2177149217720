import type { Field } from './field.ts';

interface Interpreter {
  /** Options that give code, long ones with their dashes. */
  readonly code: string;
  /** Short options that take a value, and may have it attached. */
  readonly values: string;
  /** Long options that take a value as the next word. */
  readonly long?: string;
  /** Words that make all after them arguments of a module or script. */
  readonly ends?: string;
}

const PYTHON: Interpreter = Object.freeze({ code: 'c', values: 'WX', ends: '-m' });
const NODE: Interpreter = Object.freeze({
  code: 'ep --eval --print',
  values: 'rC',
  long: '--require --import --loader --env-file',
});

/** The programs that run code of another language, by name without its version. */
const INTERPRETERS: ReadonlyMap<string, Interpreter> = new Map<string, Interpreter>([
  ['python', PYTHON],
  ['pypy', PYTHON],
  ['node', NODE],
  ['nodejs', NODE],
  ['tsx', NODE],
  ['ts-node', NODE],
  ['bun', { code: 'ep --eval --print', values: 'r', ends: 'run' }],
  ['deno', { code: '', values: '', ends: 'run' }],
  ['perl', { code: 'eE', values: 'IMmFCDx' }],
  ['ruby', { code: 'e', values: 'IrCEFKTxW' }],
  ['php', { code: 'rBRE --run', values: 'cdfFtSz' }],
  ['lua', { code: 'e', values: 'l' }],
  ['luajit', { code: 'e', values: 'l' }],
  ['osascript', { code: 'e', values: 'ls' }],
  ['Rscript', { code: 'e', values: '' }],
  ['julia', { code: 'eE --eval --print', values: 'JLpt' }],
  ['elixir', { code: 'e --eval', values: 'r' }],
  ['groovy', { code: 'e', values: '' }],
  ['scala', { code: 'e', values: '' }],
  ['tclsh', { code: '', values: '' }],
  ['pwsh', { code: '', values: '' }],
  ['powershell', { code: '', values: '' }],
]);

/** Where the code of an interpreter comes from: words given to it, its input, or a file or module. */
export type CodeSource = 'words' | 'input' | 'file';

/** Where the code comes from that the command runs; `null` when it is no interpreter. */
export function codeSource(name: string, args: readonly Field[]): CodeSource | null {
  const base = name.replace(/[\d.]+$/, '');
  const interpreter = INTERPRETERS.get(name) ?? INTERPRETERS.get(base);
  if (interpreter === undefined) return null;
  if (base === 'python' && runsModuleCode(args)) return 'words';
  if (base === 'python' && args[0]?.text === '-i') return 'input';
  if (base === 'perl' && args.some(({ text }) => /^-[Mm][^\s=]*[;(\s]/.test(text))) return 'words';
  if (base === 'deno') return args.some(({ text }) => text === 'eval') ? 'words' : 'file';
  if (base === 'pwsh' || base === 'powershell') return powerShellSource(args);
  return sourceByOptions(interpreter, args);
}

/** Modules that take code as their words or from their input. */
function runsModuleCode(args: readonly Field[]): boolean {
  const at = args.findIndex(({ text }) => /^-\w{0,9}m/.test(text));
  const attached = args[at]?.text.replace(/^-\w{0,9}?m/, '') ?? '';
  return (
    at >= 0 && /^(?:timeit|pdb|code|IPython)$/.test(attached === '' ? (args[at + 1]?.text ?? '') : attached)
  );
}

function sourceByOptions(
  { code, values, long = '', ends = '' }: Interpreter,
  args: readonly Field[],
): CodeSource {
  const codeWords = code.split(' ');
  for (let i = 0; i < args.length; i++) {
    const { text } = args[i] as Field;
    if (isInput(text)) return 'input';
    if (text === ends || text === '--' || !text.startsWith('-')) {
      return text === '--' && args[i + 1] === undefined ? 'input' : 'file';
    }
    if (text.startsWith('--')) {
      if (codeWords.includes(text.split('=', 1)[0] ?? '')) return 'words';
      if (long.split(' ').includes(text)) i++;
      if (text === '--version' || text === '--help') return 'file';
      continue;
    }
    const kind = shortOptions(text, codeWords[0] ?? '', values, ends);
    if (kind === 'code') return 'words';
    if (kind === 'ends') return 'file';
    if (kind === 'value') i++;
  }
  return 'input';
}

function shortOptions(
  text: string,
  code: string,
  values: string,
  ends: string,
): 'code' | 'value' | 'ends' | 'plain' {
  for (let i = 1; i < text.length; i++) {
    const letter = text[i] ?? '';
    if (`-${letter}` === ends) return 'ends';
    if (code.includes(letter)) return 'code';
    if (values.includes(letter)) return i === text.length - 1 ? 'value' : 'plain';
    if (letter === 'V' || letter === 'v') return 'ends';
  }
  return 'plain';
}

function powerShellSource(args: readonly Field[]): CodeSource {
  for (const [index, { text }] of args.entries()) {
    if (index === 0 && /\.ps1$/i.test(text)) return 'file';
    if (/^[-/](c|co|com|comm|comma|comman|command|e|ec|en|enc|enco\w*)$/i.test(text)) return 'words';
    if (/^[-/]f(i(le?)?)?$/i.test(text)) return 'file';
    if (text === '-') return 'input';
  }
  return args.length === 0 ? 'input' : 'words';
}

/** Whether a word stands for the standard input. */
export function isInput(text: string): boolean {
  return text === '-' || text === '/dev/stdin' || text === '/dev/fd/0' || text === '/proc/self/fd/0';
}

/** Whether a word stands for what another descriptor reads. */
export function isDescriptor(text: string): boolean {
  return /^\/(?:dev|proc\/self)\/fd\/\d/.test(text) && !isInput(text);
}
