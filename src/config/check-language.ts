import { compileCondition } from '../policy/conditions/compile.ts';
import { ConditionSyntaxError } from '../policy/conditions/errors.ts';
import { compilePattern } from '../policy/pattern/compile.ts';
import { PatternError } from '../policy/pattern/pattern-error.ts';
import { child, type Located } from './located.ts';
import type { Problems } from './problem.ts';
import { placeInScalar } from './scalar-place.ts';
import { type SourceText, showable } from './source-text.ts';

/**
 * Compiles every pattern and condition of a file, so that its author learns of all mistakes at once, each at the
 * character where it is. Works on the tree, so that mistakes in other parts do not hide these. What a policy takes
 * over from another is checked where it is written.
 */
export function checkLanguage(root: Located, source: SourceText | null, problems: Problems): void {
  for (const [i, rule] of itemsOf(child(root, 'rules')).entries()) {
    const name = textOf(child(rule, 'name'));
    const whose = name === undefined ? `The pattern of rule ${i + 1}` : `The pattern of rule "${name}"`;
    checkPattern(whose, child(rule, 'pattern'), source, problems);
  }
  for (const [i, policy] of itemsOf(child(root, 'policies')).entries()) {
    const name = textOf(child(policy, 'name'));
    const whose = name === undefined ? `policy ${i + 1}` : `policy "${name}"`;
    const condition = child(policy, 'condition');
    check(`The condition of ${whose}`, condition, source, problems, compileCondition);
  }
  for (const [i, pattern] of itemsOf(child(child(root, 'redaction'), 'patterns')).entries()) {
    checkPattern(`\`redaction.patterns[${i}]\``, pattern, source, problems);
  }
}

function itemsOf(node: Located | undefined): readonly Located[] {
  return node?.kind === 'list' ? node.items : [];
}

function textOf(node: Located | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

function checkPattern(
  whose: string,
  node: Located | undefined,
  source: SourceText | null,
  problems: Problems,
): void {
  if (node?.kind === 'scalar' && node.style === 'double' && node.text.includes('\b')) {
    // YAML reads `"\bword"` without a complaint, and the rule would never match.
    const message = `${whose} holds a backspace: in double quotes \`\\b\` is one. Write it in single quotes.`;
    problems.add('validation', message, source, node.offset, node.source.length);
    return;
  }
  check(whose, node, source, problems, compilePattern);
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

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
