import type { Assignment } from 'unbash';
import { type Field, joinedFields } from './field.ts';
import type { Guesses } from './guesses.ts';
import type { Scope } from './scope.ts';
import { fieldsOf, textOfWord } from './words.ts';

interface Assigned {
  readonly field: Field;
  /** Whether it is all that the variable then is, which a list, a part of one and `+=` are not. */
  readonly isWhole: boolean;
}

/** The value of an assignment, which is also one that the variable may have elsewhere. */
export function assignedValue(
  { name, value, append, index }: Assignment,
  scope: Scope,
  guesses: Guesses,
): Assigned {
  if (value.type !== 'ArrayValue' && append !== true && index === undefined) {
    const field = textOfWord(value, scope);
    guesses.add(name, field);
    return { field, isWhole: true };
  }
  const words = value.type === 'ArrayValue' ? value.elements : [value];
  const fields = words.flatMap((word) => fieldsOf(word, scope));
  guesses.addWords(name, fields);
  return { field: joinedFields(fields), isWhole: false };
}

/** A word with a text before it. */
export function withPrefix(prefix: string, { text, literal, glob, holes }: Field): Field {
  const field = { text: prefix + text, literal, glob };
  if (holes === undefined) return field;
  const moved = holes.map(({ start, end, quoted }) => ({
    start: start + prefix.length,
    end: end + prefix.length,
    quoted,
  }));
  return { ...field, holes: moved };
}
