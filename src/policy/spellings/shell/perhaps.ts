import type { Field } from './field.ts';
import type { Inner } from './inner.ts';
import { takesNoCommand } from './operands.ts';
import { hasOptions } from './options.ts';

/** Words behind which the words of a command stand, and programs that run a package they are given. */
const RUNS_REST: ReadonlySet<string> = new Set(['exec', 'run', 'x', 'dlx', 'rsh']);
const RUNS_PACKAGE: ReadonlySet<string> = new Set(['npx', 'bunx', 'pnpx']);

/**
 * The words that a command in no table may run: those behind `--`, and those behind a word such as `exec`, from each of
 * the next operands on, as options may have values.
 */
export function perhapsIn(name: string, args: readonly Field[]): readonly Inner[] {
  if (args.length < 2 || name === 'git' || hasOptions(name) || takesNoCommand(name)) return [];
  const found: Inner[] = [];
  const dashes = args.findIndex(({ text }) => text === '--');
  if (dashes >= 0) found.push({ kind: 'perhaps', fields: args.slice(dashes + 1) });
  const verb = RUNS_PACKAGE.has(name) ? -1 : args.findIndex(({ text }) => RUNS_REST.has(text));
  if (verb < 0 && !RUNS_PACKAGE.has(name)) return found;
  let operands = 0;
  for (let i = verb + 1; i < args.length && operands < 3; i++) {
    if (args[i]?.text.startsWith('-') !== false) continue;
    operands++;
    found.push({ kind: 'perhaps', fields: args.slice(i) });
  }
  return found;
}
