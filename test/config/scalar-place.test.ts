import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { child, type LocatedScalar } from '../../src/config/located.ts';
import { Problems } from '../../src/config/problem.ts';
import { placeInScalar } from '../../src/config/scalar-place.ts';
import { SourceText } from '../../src/config/source-text.ts';
import { parseYaml } from '../../src/config/yaml.ts';

function scalarOf(text: string, environment: Record<string, string> = {}): LocatedScalar {
  const source = new SourceText(text, null);
  const node = child(parseYaml({ source, environment, problems: new Problems() }), 'a');
  if (node?.kind !== 'scalar') throw new Error(`No scalar in ${text}`);
  return node;
}

/** Ways to write a text of words that are one space apart, as the value of `a`. */
const WRITERS: readonly ((words: readonly string[]) => string)[] = [
  (words) => `b: 1\na:   ${words.join(' ')}\n`,
  (words) => `a: ${words.join('\n    ')}\n`,
  (words) => `a: '${words.join(' ').replaceAll("'", "''")}'\n`,
  (words) => `a: '${words.join('\n  ').replaceAll("'", "''")}'\n`,
  (words) => `a: ${JSON.stringify(words.join(' '))}\n`,
  (words) => `a: |  # comment\n    ${words.join(' ')}\n`,
  (words) => `a: >-\n  ${words.join('\n  ')}\nb: 1\n`,
];

describe('the place of a character of a value', () => {
  const word = fc.stringMatching(/^[a-z(][a-z()='\\"]{0,6}$/);

  it('is where that character is written, in every style', () => {
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(...WRITERS),
        (words, write) => {
          const text = write(words);
          const scalar = scalarOf(text);
          expect(scalar.text.trimEnd()).toBe(words.join(' '));
          for (const [i, char] of [...scalar.text.trimEnd()].entries()) {
            if (char === ' ') continue;
            const at = placeInScalar(scalar, i);
            const written = text[at] === '\\' && scalar.style === 'double' ? text[at + 1] : text[at];
            expect(written).toBe(char);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is the start of a value that came from the environment', () => {
    expect(placeInScalar(scalarOf(`a: x \${V}\n`, { V: 'y(' }), 3)).toBe(3);
  });

  it('counts escapes of several digits as one character', () => {
    const text = 'a: "\\x41\\u0042("\n';
    expect(text[placeInScalar(scalarOf(text), 2)]).toBe('(');
  });
});
