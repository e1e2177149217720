import { PolicyParseError } from '../core/errors.ts';
import type { TextPattern } from '../core/redact.ts';
import { compilePattern, type MatchSpan } from './pattern/compile.ts';
import { parsePattern } from './pattern/parse-pattern.ts';
import { PatternError } from './pattern/pattern-error.ts';
import type { SyntaxNode } from './pattern/syntax-tree.ts';

/**
 * How many characters one pattern may read of one text, all matches together: some patterns (`a.*b|a`) read to the end
 * of the text for each match. A text that takes more is hidden from there on.
 */
const MAX_READ = 16_000_000;

/**
 * One of `redaction.patterns`, a Python regular expression as in rules; every match is hidden as a whole. Throws
 * {@link PatternError} for what rules refuse too, and for a pattern that matches the empty text, which hides nothing.
 */
export function compileRedactionPattern(source: string): TextPattern {
  const compiled = compilePattern(source);
  if (matchesEmpty(parsePattern(source))) {
    const hint = 'use `+` for `*`, drop the `?`, or name what stands between the anchors';
    throw new PatternError(
      `the pattern also matches the empty text, so nothing would be hidden: ${hint}`,
      0,
      source.length,
      hint,
    );
  }
  return {
    name: source,
    find: (text) => spansOf(compiled.matches(text), text.length),
  };
}

/**
 * Makes the patterns of `redaction.patterns` ready to search.
 * @throws PolicyParseError that names the pattern which cannot be used, with `details.pattern` and `details.offset`.
 */
export function compileRedactionPatterns(patterns: readonly string[]): TextPattern[] {
  return patterns.map((pattern) => {
    try {
      return compileRedactionPattern(pattern);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      const { message, offset } = error;
      throw new PolicyParseError(
        `The redaction pattern \`${pattern.slice(0, 200)}\` cannot be used: ${message}.`,
        { pattern, offset },
        { cause: error },
      );
    }
  });
}

function spansOf(matches: Iterable<MatchSpan>, length: number): MatchSpan[] {
  const spans: MatchSpan[] = [];
  let read = length;
  for (const span of matches) {
    spans.push(span);
    read += length - span.end;
    if (read > MAX_READ) {
      spans.push({ start: span.end, end: length });
      break;
    }
  }
  return spans;
}

/** Whether there may be a place in some text where the empty text matches. */
function matchesEmpty(node: SyntaxNode): boolean {
  switch (node.type) {
    case 'sequence':
      return node.items.every(matchesEmpty);
    case 'choice':
      return node.options.some(matchesEmpty);
    case 'repeat':
      return node.min === 0 || matchesEmpty(node.item);
    default:
      return node.type === 'assertion';
  }
}
