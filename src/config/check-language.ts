import { compileCondition } from '../policy/conditions/compile.ts';
import { ConditionSyntaxError } from '../policy/conditions/errors.ts';
import { compilePattern } from '../policy/pattern/compile.ts';
import { PatternError } from '../policy/pattern/pattern-error.ts';
import type { FileDraft } from './draft.ts';
import { child, type LocatedScalar } from './located.ts';
import type { Problems } from './problem.ts';
import { placeInScalar } from './scalar-place.ts';
import { showable } from './source-text.ts';

/**
 * Compiles every pattern and condition of a file, so that its author learns of all mistakes at once, each at the
 * character where it is. What a policy takes over from another is checked where it is written.
 */
export function checkLanguage(draft: FileDraft, problems: Problems): void {
  for (const [i, { input, pattern }] of draft.rules.entries()) {
    const whose =
      input.name === undefined ? `The pattern of rule ${i + 1}` : `The pattern of rule "${input.name}"`;
    checkPattern(whose, input.pattern, pattern, draft, problems);
  }
  for (const { input, condition } of draft.policies) {
    if (input.condition === undefined) continue;
    const whose = `The condition of policy "${input.name}"`;
    check(whose, input.condition, condition, draft, problems, compileCondition);
  }
  const written = child(child(draft.root, 'redaction'), 'patterns');
  for (const [i, pattern] of (draft.settings.redaction?.patterns ?? []).entries()) {
    const node = written?.kind === 'list' ? written.items[i] : undefined;
    const scalar = node?.kind === 'scalar' ? node : undefined;
    checkPattern(`\`redaction.patterns[${i}]\``, pattern, scalar, draft, problems);
  }
}

function checkPattern(
  whose: string,
  pattern: string,
  scalar: LocatedScalar | undefined,
  draft: FileDraft,
  problems: Problems,
): void {
  if (scalar?.style === 'double' && pattern.includes('\b')) {
    // YAML reads `"\bword"` without a complaint, and the rule would never match.
    const message = `${whose} holds a backspace: in double quotes \`\\b\` is one. Write it in single quotes.`;
    problems.add('validation', message, draft.source, scalar.offset, scalar.source.length);
    return;
  }
  check(whose, pattern, scalar, draft, problems, compilePattern);
}

function check(
  whose: string,
  text: string,
  scalar: LocatedScalar | undefined,
  { source }: FileDraft,
  problems: Problems,
  compile: (text: string) => unknown,
): void {
  try {
    compile(text);
  } catch (error) {
    if (!(error instanceof PatternError || error instanceof ConditionSyntaxError)) throw error;
    const { offset, length, hint } = error;
    const more = hint === '' || error.message.includes(hint) ? '' : ` ${sentence(hint)}`;
    // A value from the environment is not repeated: it may be a secret.
    const shown = scalar?.substituted === true ? scalar.source : text;
    const message = `${showable(whose, 100)} cannot be used: ${sentence(error.message)}${more} It is written: ${showable(shown, 200)}`;
    const at = scalar === undefined ? -1 : placeInScalar(scalar, offset);
    problems.add('validation', message, source, at, Math.max(1, length));
  }
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
