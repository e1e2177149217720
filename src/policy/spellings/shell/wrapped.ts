import { type Feed, UNKNOWN } from './feed.ts';
import type { Field } from './field.ts';
import { codeSource, isInput, runsFromScript } from './interpreters.ts';
import { subcommandAt } from './options.ts';
import { SHELLS, WRAPPERS, type Wrapper } from './wrappers.ts';

/** What a command runs beside itself. */
export type Inner =
  | { readonly kind: 'words'; readonly fields: readonly Field[]; readonly feed: Feed }
  | { readonly kind: 'code'; readonly field: Field }
  | { readonly kind: 'assignment'; readonly name: string; readonly value: Field }
  | { readonly kind: 'unreadable'; readonly reason: string };

const ASSIGNMENT = /^([A-Za-z_]\w*)=([\s\S]*)$/;
const PRINTS_ONLY = /^-[vV]$/;
/** Options and settings, whatever the command, whose value is run. */
const CODE_SETTING =
  /^(?:-o\s?)?(?:ProxyCommand|LocalCommand|KnownHostsCommand)[= ]|^--checkpoint-action=exec=/i;
const GIT_CODE_SETTING =
  /^(?:core\.(?:pager|editor|sshcommand|fsmonitor|askpass)|sequence\.editor|diff\.external|pager\.\w+|credential\.helper)$/i;

/** The commands and the code that a command runs, as far as its words tell. */
export function innerOf(name: string, args: readonly Field[], feed: Feed): readonly Inner[] {
  if (SHELLS.has(name)) return fromShell(name, args, feed);
  if (name === 'source' || name === '.') return fromSource(name, args, feed);
  const source = codeSource(name, args);
  if (source !== null) return fromInterpreter(name, args, source, feed);
  if (runsFromScript(name, args)) return unreadable(`\`${name}\` starts commands from its own script`);
  if (name === 'alias') return args.flatMap((arg) => after(arg, '='));
  const settings = name === 'git' ? fromGitSettings(args) : fromSettings(args);
  const [wrapper, rest] = wrapperOf(name, args);
  return wrapper === null ? settings : [...settings, ...fromWrapper(name, wrapper, rest, feed)];
}

function wrapperOf(name: string, args: readonly Field[]): readonly [Wrapper | null, readonly Field[]] {
  const plain = WRAPPERS.get(name);
  if (plain !== undefined) return [plain, args];
  const at = subcommandAt(name, args);
  if (at < 0) return [null, args];
  const subcommand = args[at]?.text ?? '';
  const rest = args.slice(at + 1);
  if (subcommand === 'compose') return wrapperOf('docker-compose', rest);
  if (subcommand === 'container') return wrapperOf(name, rest);
  return [WRAPPERS.get(`${name} ${subcommand}`) ?? null, rest];
}

function unreadable(reason: string): readonly Inner[] {
  return [{ kind: 'unreadable', reason }];
}

function isSubstitution({ text, literal }: Field): boolean {
  return !literal && text.includes('<(');
}

function fromInput(name: string, feed: Feed): readonly Inner[] {
  if (feed.kind === 'none') return [];
  if (feed.kind === 'text') return [{ kind: 'code', field: feed.field }];
  return unreadable(`\`${name}\` runs code that it reads from its input`);
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
    if (/[oO]$/.test(text)) at++;
  }
  if (args.some(isSubstitution)) return unreadable(`\`${name}\` runs code that another command prints`);
  const operand = args[at];
  if (code && operand === undefined) return unreadable(`the code of \`${name} -c\` is not in the line`);
  if (code && operand !== undefined) return [{ kind: 'code', field: operand }];
  if (input || operand === undefined || isInput(operand.text)) return fromInput(name, feed);
  return [];
}

function fromSource(name: string, args: readonly Field[], feed: Feed): readonly Inner[] {
  if (args.some(isSubstitution)) return unreadable(`\`${name}\` runs code that another command prints`);
  return args[0] !== undefined && isInput(args[0].text) ? fromInput(name, feed) : [];
}

function fromInterpreter(
  name: string,
  args: readonly Field[],
  source: 'words' | 'input' | 'file',
  feed: Feed,
): readonly Inner[] {
  if (source === 'words') return unreadable(`\`${name}\` is given code of another language`);
  if (args.some(isSubstitution)) return unreadable(`\`${name}\` runs code that another command prints`);
  if (source === 'file' || feed.kind === 'none') return [];
  return unreadable(`\`${name}\` runs code that it reads from its input`);
}

/** What follows the first `mark` in a word, as code. */
function after({ text, literal, glob }: Field, mark: string): readonly Inner[] {
  const at = text.indexOf(mark);
  return at < 0 ? [] : [{ kind: 'code', field: { text: text.slice(at + mark.length), literal, glob } }];
}

function fromSettings(args: readonly Field[]): readonly Inner[] {
  return args.flatMap((arg) => {
    const match = CODE_SETTING.exec(arg.text);
    return match === null ? [] : [{ kind: 'code', field: { ...arg, text: arg.text.slice(match[0].length) } }];
  });
}

/** `-c alias.x='!command'`, `config core.pager command` and their like. */
function fromGitSettings(args: readonly Field[]): readonly Inner[] {
  return args.flatMap((arg, index): readonly Inner[] => {
    const equals = arg.text.indexOf('=');
    const key = equals < 0 ? arg.text : arg.text.slice(0, equals);
    const value = equals < 0 ? args[index + 1] : { ...arg, text: arg.text.slice(equals + 1) };
    if (value === undefined) return [];
    if (/^alias\../i.test(key)) {
      if (value.text.startsWith('!')) return after(value, '!');
      return [{ kind: 'code', field: { ...value, text: `git ${value.text}` } }];
    }
    return GIT_CODE_SETTING.test(key) ? [{ kind: 'code', field: value }] : [];
  });
}

function fromWrapper(name: string, wrapper: Wrapper, args: readonly Field[], feed: Feed): readonly Inner[] {
  if (wrapper.execs !== undefined) return fromExecs(wrapper.execs.split(' '), args);
  if (name === 'command' && args[0] !== undefined && PRINTS_ONLY.test(args[0].text)) return [];
  const found: Inner[] = [];
  const at = commandAt(wrapper, args, found);
  const rest = args.slice(at);
  if (rest.length === 0 || wrapper.runs === 'nothing') {
    const codeGiven = found.some(({ kind }) => kind === 'code');
    return wrapper.readsInput === true && !codeGiven ? [...found, ...fromInput(name, feed)] : found;
  }
  if (wrapper.runs === 'code')
    return rest[0]?.text === '-' ? [] : [{ kind: 'code', field: rest[0] as Field }];
  if (wrapper.runs === 'command') {
    // What xargs appends, or puts in the place of `{}`, is not in the line.
    return [...found, { kind: 'words', fields: rest, feed: name === 'xargs' ? UNKNOWN : feed }];
  }
  if (rest[0]?.text === ':::') return rest.slice(1).map((field) => ({ kind: 'code', field }));
  return [...found, { kind: 'code', field: joined(rest) }];
}

function joined(fields: readonly Field[]): Field {
  return {
    text: fields.map(({ text }) => text).join(' '),
    literal: fields.every(({ literal }) => literal),
    glob: fields.some(({ glob }) => glob),
  };
}

/** Where the wrapped command begins. What its options and assignments run on the way is added to `found`. */
function commandAt(wrapper: Wrapper, args: readonly Field[], found: Inner[]): number {
  const values = new Set(wrapper.values?.split(' '));
  const code = new Set(wrapper.code?.split(' '));
  let operands = wrapper.runs === 'nothing' ? Number.POSITIVE_INFINITY : (wrapper.skip ?? 0);
  const begin = wrapper.after === undefined ? 0 : args.findIndex(({ text }) => text === wrapper.after) + 1;
  if (wrapper.after !== undefined && begin === 0) return args.length;
  for (let i = begin; i < args.length; i++) {
    const arg = args[i] as Field;
    const { text } = arg;
    if (text === '--') return i + 1 + (Number.isFinite(operands) ? operands : args.length);
    if (text.length > 1 && text.startsWith('-')) {
      const taken = optionValue(arg, args[i + 1], values, code);
      if (taken.code !== null) found.push({ kind: 'code', field: taken.code });
      if (taken.next) i++;
      continue;
    }
    const assignment = wrapper.assignments === true ? ASSIGNMENT.exec(text) : null;
    if (assignment !== null) {
      found.push({
        kind: 'assignment',
        name: assignment[1] ?? '',
        value: { ...arg, text: assignment[2] ?? '' },
      });
    } else if (operands === 0) return i;
    else operands--;
  }
  return args.length;
}

/** Whether an option takes the next word as its value, and the code that it is given. */
function optionValue(
  arg: Field,
  next: Field | undefined,
  values: ReadonlySet<string>,
  code: ReadonlySet<string>,
): { readonly next: boolean; readonly code: Field | null } {
  const { text } = arg;
  if (code.has(text)) return { next: true, code: next ?? null };
  if (values.has(text)) return { next: true, code: null };
  if (text.startsWith('--')) {
    const equals = text.indexOf('=');
    const isCode = equals > 0 && code.has(text.slice(0, equals));
    return { next: false, code: isCode ? { ...arg, text: text.slice(equals + 1) } : null };
  }
  for (let i = 1; i < text.length; i++) {
    const option = `-${text[i] ?? ''}`;
    if (!values.has(option) && !code.has(option)) continue;
    const attached = text.slice(i + 1);
    if (!code.has(option)) return { next: attached === '', code: null };
    return attached === ''
      ? { next: true, code: next ?? null }
      : { next: false, code: { ...arg, text: attached } };
  }
  return { next: false, code: null };
}

/** The commands between each `-exec` and its `;` or `+`. */
function fromExecs(options: readonly string[], args: readonly Field[]): readonly Inner[] {
  const found: Inner[] = [];
  for (let i = 0; i < args.length; i++) {
    if (!options.includes(args[i]?.text ?? '')) continue;
    const start = i + 1;
    while (i + 1 < args.length && !/^[;+]$/.test(args[i + 1]?.text ?? '')) i++;
    const fields = args.slice(start, i + 1);
    if (fields.length > 0) found.push({ kind: 'words', fields, feed: UNKNOWN });
  }
  return found;
}
