import type { YAMLParseError } from 'yaml';
import type { Problems } from './problem.ts';
import { singleQuoted } from './single-quoted.ts';
import { type SourceText, showable } from './source-text.ts';

/** What to write instead, where the parser's own words leave an author alone. */
const ADVICE: Readonly<Record<string, string>> = Object.freeze({
  TAB_AS_INDENT: 'YAML is indented with spaces, never with tabs',
  BLOCK_AS_IMPLICIT_KEY:
    'a second `: ` on one line starts a mapping inside a value; put the value in single quotes',
  MULTILINE_IMPLICIT_KEY: 'a key must be on one line; perhaps a quote or a `:` is missing above',
  BAD_SCALAR_START: 'a value that begins with this character must be in single quotes',
  MISSING_CHAR: 'something is left open above',
  BAD_INDENT: 'check the indentation, and that every bracket and quote is closed',
});

const IN_BRACES = `between braces write \`\${…}\` in quotes, or the mapping without braces on lines of its own`;

/** Reports what the parser found, in the words of someone who writes policies. */
export function reportSyntaxErrors(
  errors: readonly YAMLParseError[],
  source: SourceText,
  problems: Problems,
): void {
  let quotedUntil = -1;
  let broken = false;
  for (const error of errors) {
    const [start, end] = error.pos;
    if (error.code === 'BAD_DQ_ESCAPE') {
      // One quoted value is one mistake, however many backslashes it has.
      if (start < quotedUntil) continue;
      quotedUntil = reportEscape(source, start, problems);
      continue;
    }
    // After the first break the parser guesses, and what else it finds is mostly a consequence.
    if (broken) continue;
    broken = true;
    const advice = source.text[start - 1] === '$' ? IN_BRACES : ADVICE[error.code];
    const message = advice === undefined ? `${error.message}.` : `${error.message}: ${advice}.`;
    problems.add('schema', `This is not valid YAML. ${message}`, source, start, end - start);
  }
}

/** `"\.env$"`: returns where the quoted value ends. */
function reportEscape(source: SourceText, at: number, problems: Problems): number {
  const { text } = source;
  const written = text.slice(at, at + 2);
  const start = openingQuote(text, at);
  const end = closingQuote(text, start);
  const inner = text.slice(start + 1, end);
  const lines = inner.includes('\n')
    ? ''
    : ` Write it in single quotes: ${showable(singleQuoted(inner), 200)}`;
  const message = `\`${showable(written)}\` is not an escape that YAML knows in double quotes, so ${showable(`"${inner}"`, 120)} cannot be read. Single quotes keep a backslash as it is.${lines}`;
  problems.add('schema', message, source, at, 2);
  return end;
}

/** The quote that opened the value at `at`: the nearest one before it that is not escaped. */
function openingQuote(text: string, at: number): number {
  for (let i = at - 1; i >= 0; i--) {
    if (text[i] !== '"') continue;
    let backslashes = 0;
    while (text[i - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return i;
  }
  return 0;
}

function closingQuote(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}
