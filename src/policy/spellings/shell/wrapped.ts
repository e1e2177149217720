import type { Feed } from './feed.ts';
import { type Field, joinedFields, literalField } from './field.ts';
import { gitCode } from './git-code.ts';
import { fromInput, type Inner, unreadable } from './inner.ts';
import { codeSource, isDescriptor, isInput } from './interpreters.ts';
import { subcommandAt } from './options.ts';
import { fromOwnLanguage } from './own-commands.ts';
import { perhapsIn } from './perhaps.ts';
import { fromWrapper } from './wrapper-words.ts';
import { SHELLS, WRAPPERS, type Wrapper } from './wrappers.ts';

/** The program that loads others: `ld-linux-x86-64.so.2`. */
const LOADER = /^ld(?:-linux[\w.-]{0,30})?\.so[\d.]*$/;
/** Options and settings, whatever the command, whose value is run. */
const CODE_SETTING =
  /^(?:-o)?\s{0,9}(?:ProxyCommand|LocalCommand|KnownHostsCommand|RemoteCommand)(?:\s{0,9}=\s{0,9}|\s{1,9})/i;

/** The commands and the code that a command runs, as far as its words tell. */
export function innerOf(name: string, args: readonly Field[], feed: Feed): readonly Inner[] {
  if (SHELLS.has(name)) return fromShell(name, args, feed);
  if (name === 'source' || name === '.') return fromSource(name, args, feed);
  const source = codeSource(name, args);
  if (source !== null) return fromInterpreter(name, args, source, feed);
  if (name === 'alias') return args.flatMap((arg) => after(arg, '='));
  if (name === 'cmd') return fromCmd(args);
  const own = fromOwnLanguage(name, args, feed);
  if (typeof own === 'string') return unreadable(own);
  const settings = name === 'git' ? fromGit(args) : fromSettings(args);
  const [wrapper, rest] = wrapperOf(name, args);
  const inner = wrapper === null ? perhapsIn(name, args) : fromWrapper(name, wrapper, rest, feed);
  if (own.length === 0) return settings.length === 0 ? inner : [...settings, ...inner];
  return [...own.map((path): Inner => ({ kind: 'file', path })), ...settings, ...inner];
}

function fromGit(args: readonly Field[]): readonly Inner[] {
  const code = gitCode(args, args[subcommandAt('git', args)]?.text ?? '');
  return typeof code === 'string' ? unreadable(code) : code.map((field) => ({ kind: 'code', field }));
}

/** What stands behind `/c` or `/k`, where `^` only quotes. */
function fromCmd(args: readonly Field[]): readonly Inner[] {
  const at = args.findIndex(({ text }) => /^\/[ck]/i.test(text));
  const [first, ...rest] = args.slice(Math.max(0, at));
  if (at < 0 || first === undefined) return [];
  const line = joinedFields([{ ...first, text: first.text.slice(2) }, ...rest]);
  const { literal, glob } = line;
  return [{ kind: 'code', field: { text: line.text.replaceAll('^', '').trim(), literal, glob } }];
}

function wrapperOf(name: string, args: readonly Field[]): readonly [Wrapper | null, readonly Field[]] {
  const plain = WRAPPERS.get(name);
  if (plain !== undefined) return [plain, args];
  if (LOADER.test(name)) return [{ runs: 'command', values: '--library-path --preload --argv0' }, args];
  const at = subcommandAt(name, args);
  if (at < 0) return [null, args];
  const subcommand = args[at]?.text ?? '';
  const rest = args.slice(at + 1);
  if (subcommand === 'compose') return wrapperOf('docker-compose', rest);
  if (subcommand === 'container') return wrapperOf(name, rest);
  return [WRAPPERS.get(`${name} ${subcommand}`) ?? null, rest];
}

function isSubstitution({ text, literal }: Field): boolean {
  return !literal && text.includes('<(');
}

function fromShell(name: string, args: readonly Field[], feed: Feed): readonly Inner[] {
  let code = false;
  let input = false;
  let at = 0;
  for (; at < args.length; at++) {
    const { text } = args[at] as Field;
    if (text === '--') {
      at++;
      break;
    }
    if (text === '-' || !/^[-+]/.test(text)) break;
    if (text.startsWith('--')) {
      if (/^--(rcfile|init-file)$/.test(text)) at++;
      continue;
    }
    if (text.startsWith('-') && text.includes('c')) code = true;
    if (text.startsWith('-') && text.includes('s')) input = true;
    at += text.replace(/[^oO]/g, '').length;
  }
  if (args.some(isSubstitution)) return unreadable(`\`${name}\` runs code that another command prints`);
  const operand = args[at];
  if (code && operand === undefined) return unreadable(`the code of \`${name} -c\` is not in the line`);
  const parameters = args.slice(at + 1);
  if (code && operand !== undefined) return [{ kind: 'code', field: operand, parameters }];
  if (input || operand === undefined || isInput(operand.text)) {
    const given = input ? [literalField(name), ...args.slice(at)] : args.slice(at);
    return fromInput(name, feed).map((inner) =>
      inner.kind === 'code' ? { ...inner, parameters: given } : inner,
    );
  }
  if (isDescriptor(operand.text)) return unreadable(`\`${name}\` runs code that it reads from its input`);
  return [{ kind: 'file', path: operand.text }];
}

function fromSource(name: string, args: readonly Field[], feed: Feed): readonly Inner[] {
  if (args.some(isSubstitution)) return unreadable(`\`${name}\` runs code that another command prints`);
  const [file] = args;
  if (file === undefined) return [];
  if (isInput(file.text)) return fromInput(name, feed);
  if (isDescriptor(file.text)) return unreadable(`\`${name}\` runs code that it reads from its input`);
  return [{ kind: 'file', path: file.text }];
}

function fromInterpreter(
  name: string,
  args: readonly Field[],
  source: 'words' | 'input' | 'file',
  feed: Feed,
): readonly Inner[] {
  if (source === 'words') return unreadable(`\`${name}\` is given code of another language`);
  if (args.some(isSubstitution)) return unreadable(`\`${name}\` runs code that another command prints`);
  const operands = args.filter(({ text }) => !text.startsWith('-'));
  if (operands.some(({ text }) => isDescriptor(text)))
    return unreadable(`\`${name}\` runs code that it reads from its input`);
  if (source === 'file')
    return operands
      .slice(0, args[0]?.text.startsWith('-') === true ? 2 : 1)
      .flatMap(({ text }) => [text, `${text}.py`])
      .map((path) => ({ kind: 'file', path }));
  if (feed.kind === 'none') return [];
  if (feed.kind === 'file') return [{ kind: 'file', path: feed.path }];
  return unreadable(`\`${name}\` runs code that it reads from its input`);
}

/** What follows the first `mark` in a word, as code. */
function after({ text, literal, glob }: Field, mark: string): readonly Inner[] {
  const at = text.indexOf(mark);
  return at < 0 ? [] : [{ kind: 'code', field: { text: text.slice(at + mark.length), literal, glob } }];
}

function fromSettings(args: readonly Field[]): readonly Inner[] {
  const found: Inner[] = [];
  for (const arg of args) {
    // None is shorter.
    const match = arg.text.length < 12 ? null : CODE_SETTING.exec(arg.text);
    if (match !== null)
      found.push({
        kind: 'code',
        field: { text: arg.text.slice(match[0].length), literal: arg.literal, glob: arg.glob },
      });
  }
  return found;
}
