import { emitRe2, PLAIN } from './emit-re2.ts';
import { parsePattern } from './parse-pattern.ts';

/**
 * Translates a Python `re` pattern (str semantics, Python 3.11) to RE2 syntax; groups become non-capturing.
 *
 * The translation matches exactly the texts that Python's `re.search` finds the pattern in, but for three things
 * that RE2 cannot say, which `compilePattern` takes care of: `\b` and `\B` next to letters beyond ASCII, `$` before
 * a final newline where more of the pattern follows it, and `\B` on the empty text. Where `$` ends the pattern, its
 * match takes the final newline in. Characters that came with Unicode 15 and later are letters, digits or not as
 * Unicode 17 says, whatever the Python version says.
 *
 * Throws `PatternError` as `parsePattern` does; caps on the size of the program are checked by `compilePattern`.
 */
export function translatePattern(source: string): string {
  return emitRe2(parsePattern(source), PLAIN);
}
