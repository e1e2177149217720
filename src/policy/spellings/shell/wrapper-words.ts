import { type Feed, UNKNOWN } from './feed.ts';
import { type Field, joinedFields, literalField } from './field.ts';
import { fromInput, type Inner } from './inner.ts';
import { perhapsIn } from './perhaps.ts';
import type { Wrapper } from './wrappers.ts';

const RUN: readonly Field[] = Object.freeze([literalField('run')]);
const ASSIGNMENT = /^([A-Za-z_]\w*)=([\s\S]*)$/;
/** What `tar` may do at a checkpoint beside running a command. */
const NO_CODE = /^(?:dot|bell|totals|wait|echo|sleep=|ttyout=)/;
const PRINTS_ONLY = /^-[vV]$/;

/** The commands and the code among the words of a wrapper. */
export function fromWrapper(
  name: string,
  wrapper: Wrapper,
  args: readonly Field[],
  feed: Feed,
): readonly Inner[] {
  if (wrapper.execs !== undefined) return fromExecs(wrapper.execs.split(' '), args);
  if (name === 'command' && args[0] !== undefined && PRINTS_ONLY.test(args[0].text)) return [];
  const found: Inner[] = [];
  const at = commandAt(wrapper, args, found);
  const entry = wrapper.entry === true ? entryPoint(args) : [];
  const rest = [...entry, ...args.slice(at)];
  if (wrapper.after !== undefined && rest.length === 0)
    return [...found, ...perhapsIn('', [...RUN, ...args])];
  if (name === 'npx') found.push(...perhapsIn(name, args));
  if (rest.length === 0 || wrapper.runs === 'nothing') {
    const codeGiven = found.some(({ kind }) => kind === 'code');
    const reads = wrapper.readsInput === true && !codeGiven && (name !== 'sudo' || args.some(startsShell));
    return reads ? [...found, ...fromInput(name, feed)] : found;
  }
  if (wrapper.runs === 'code')
    return rest[0]?.text === '-' ? [] : [{ kind: 'code', field: rest[0] as Field }];
  if (wrapper.runs === 'command') {
    // What xargs appends, or puts in the place of `{}`, is not in the line.
    if (name !== 'xargs') return [...found, { kind: 'words', fields: rest, feed }];
    return [...found, { kind: 'words', fields: rest, feed: UNKNOWN, perhaps: appended(rest, feed) }];
  }
  if (rest[0]?.text === ':::') return rest.slice(1).map((field) => ({ kind: 'code', field }));
  if (name !== 'parallel' || feed.kind !== 'text' || rest.some(({ text }) => text.startsWith(':::')))
    return [...found, { kind: 'code', field: joinedFields(rest) }];
  const lines = feed.field.text.split('\n').filter(Boolean).slice(0, 64);
  return lines.map((line) => ({ kind: 'code', field: joinedFields([...rest, literalField(line)]) }));
}

/** `sudo -s` and `sudo -i` start a shell. */
function startsShell({ text }: Field): boolean {
  return /^-[A-Za-z]*[si]$|^--(?:shell|login)$/.test(text);
}

/** The program that a container is given in the place of its own. */
function entryPoint(args: readonly Field[]): readonly Field[] {
  const at = args.findIndex(({ text }) => text.startsWith('--entrypoint'));
  const option = args[at];
  if (option === undefined) return [];
  const equals = option.text.indexOf('=');
  return equals < 0 ? args.slice(at + 1, at + 2) : [{ ...option, text: option.text.slice(equals + 1) }];
}

/** The words of a command with those that `xargs` reads for it, all behind it or each in the place of a mark. */
function appended(fields: readonly Field[], feed: Feed): readonly (readonly Field[])[] {
  if (feed.kind !== 'text') return [];
  const words = feed.field.text
    .split(/[\s\0]+/)
    .filter(Boolean)
    .slice(0, 64)
    .map((word) => literalField(word.replace(/["'\\]/g, '')));
  const mark = fields.find(({ text }) => /\{\}|^%$/.test(text))?.text.includes('{}') === false ? '%' : '{}';
  if (!fields.some(({ text }) => text.includes(mark))) return [[...fields, ...words]];
  return words.map(({ text: word }) =>
    fields.map((field) =>
      field.text.includes(mark) ? literalField(field.text.replaceAll(mark, word)) : field,
    ),
  );
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
    // `env -` is `env -i`.
    if (text === '-' && wrapper.assignments === true) continue;
    if (text === '--') return i + 1 + (Number.isFinite(operands) ? operands : args.length);
    if (text.length > 1 && text.startsWith('-')) {
      const taken = optionValue(arg, args[i + 1], values, code);
      if (taken.code !== null && !NO_CODE.test(taken.code.text)) {
        const { literal, glob } = taken.code;
        found.push({ kind: 'code', field: { text: taken.code.text.replace(/^exec=/, ''), literal, glob } });
      }
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
    else if (--operands === 0 && wrapper.entry === true) return i + 1;
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
    const given = equals < 0 ? text : text.slice(0, equals);
    const isCode =
      given.length > 3 && !values.has(given) && [...code].some((option) => option.startsWith(given));
    if (isCode && equals < 0) return { next: true, code: next ?? null };
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
