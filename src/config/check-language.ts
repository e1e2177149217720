import { problemOfKey } from '../core/redact/sensitive-keys.ts';
import { compileCondition } from '../policy/conditions/compile.ts';
import { ConditionSyntaxError } from '../policy/conditions/errors.ts';
import { compilePattern } from '../policy/pattern/compile.ts';
import { PatternError } from '../policy/pattern/pattern-error.ts';
import { compileRedactionPattern } from '../policy/redaction-patterns.ts';
import { child, type Located, type LocatedScalar } from './located.ts';
import type { Problems } from './problem.ts';
import { placeInScalar } from './scalar-place.ts';
import { singleQuoted } from './single-quoted.ts';
import { type SourceText, showable } from './source-text.ts';

/** Control characters but tab and line ends. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/**
 * Compiles every pattern and condition of a file, so that its author learns of all mistakes at once, each at the
 * character where it is. Works on the tree, so that mistakes in other parts do not hide these. What a policy takes
 * over from another is checked where it is written.
 */
export function checkLanguage(root: Located, source: SourceText | null, problems: Problems): void {
  for (const [i, rule] of itemsOf(child(root, 'rules')).entries()) {
    const name = textOf(child(rule, 'name'));
    const whose = name === undefined ? `The pattern of rule ${i + 1}` : `The pattern of rule "${name}"`;
    check(whose, child(rule, 'pattern'), source, problems, compilePattern);
  }
  for (const [i, policy] of itemsOf(child(root, 'policies')).entries()) {
    const name = textOf(child(policy, 'name'));
    const whose = name === undefined ? `policy ${i + 1}` : `policy "${name}"`;
    check(`The condition of ${whose}`, child(policy, 'condition'), source, problems, compileCondition);
  }
  const redaction = child(root, 'redaction');
  for (const [i, pattern] of itemsOf(child(redaction, 'patterns')).entries()) {
    check(`\`redaction.patterns[${i}]\``, pattern, source, problems, compileRedactionPattern);
  }
  for (const [i, key] of itemsOf(child(redaction, 'keys')).entries()) {
    const problem = problemOfKey(textOf(key) ?? 'text');
    if (problem === undefined || key.kind !== 'scalar') continue;
    problems.add(
      'validation',
      `\`redaction.keys[${i}]\` ${problem}`,
      source,
      key.offset,
      Math.max(1, key.source.length),
    );
  }
}

function itemsOf(node: Located | undefined): readonly Located[] {
  return node?.kind === 'list' ? node.items : [];
}

function textOf(node: Located | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

function check(
  whose: string,
  node: Located | undefined,
  source: SourceText | null,
  problems: Problems,
  compile: (text: string) => unknown,
): void {
  // A value that is no text is a problem of the shape. From the environment `12` comes as text too.
  if (node?.kind !== 'scalar' || (typeof node.value !== 'string' && !node.substituted)) return;
  const hidden = CONTROL.exec(node.text);
  if (hidden !== null) {
    const message = `${showable(whose, 100)} holds ${controlText(hidden[0], node)}`;
    problems.add('validation', message, source, node.offset, node.source.length);
    return;
  }
  try {
    compile(node.text);
  } catch (error) {
    if (!(error instanceof PatternError || error instanceof ConditionSyntaxError)) throw error;
    const { offset, length, hint } = error;
    const more = hint === '' || error.message.includes(hint) ? '' : ` ${sentence(hint)}`;
    // A value from the environment is not repeated: it may be a secret.
    const shown = showable(node.substituted ? node.source : node.text, 200);
    const written = shown.trim() === '' ? '' : ` It is written: ${shown}`;
    const message = `${showable(whose, 100)} cannot be used: ${sentence(error.message)}${more}${written}`;
    problems.add('validation', message, source, placeInScalar(node, offset), Math.max(1, length));
  }
}

/** YAML reads `"\\bword"` without a complaint, and so does JavaScript; what comes of it would never match. */
function controlText(found: string, { style, source, substituted }: LocatedScalar): string {
  const code = `U+${found.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`;
  if (style === 'code') {
    return `the control character ${code}. Double the backslash in the string (\`'\\\\bword'\`), or use \`String.raw\`.`;
  }
  if (style !== 'double' || substituted)
    return `the control character ${code}, which nobody sees. Remove it.`;
  const what =
    found === '\b' ? 'a backspace: in double quotes `\\b` is one' : `the control character ${code}`;
  const single = source.includes('\n') ? '' : `: ${showable(singleQuoted(source.slice(1, -1)), 200)}`;
  return `${what}. Write it in single quotes${single}${single === '' ? '.' : ''}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
