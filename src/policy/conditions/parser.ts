import type { CompareLink, CompareOperator, Loop, Node } from './ast.ts';
import { CONDITION_LIMITS, Cursor } from './cursor.ts';
import { ConditionSyntaxError } from './errors.ts';
import { isKeyword } from './keywords.ts';
import { readPostfix } from './parse-postfix.ts';
import { type Token, tokenize } from './tokens.ts';

const COMPARE: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** Reads one expression, the whole of `source`. Throws {@link ConditionSyntaxError}. */
export function parseCondition(source: string): Node {
  if (source.length > CONDITION_LIMITS.characters) {
    const most = CONDITION_LIMITS.characters;
    throw new ConditionSyntaxError(
      `the condition is longer than ${most} characters`,
      most,
      1,
      'Split it into several policies.',
    );
  }
  const tokens = tokenize(source);
  if (tokens.length === 1) {
    throw new ConditionSyntaxError(
      'the condition is empty',
      0,
      0,
      'Leave the key out for a policy that always matches.',
    );
  }
  const cursor = new Cursor(tokens, source.length);
  const node = readExpression(cursor);
  if (cursor.is(',')) {
    const { start } = cursor.peek();
    throw new ConditionSyntaxError(
      'a list of values is no condition',
      start,
      1,
      'Join conditions with `and` or `or`.',
    );
  }
  if (cursor.peek().type !== 'end') refuseRest(cursor);
  return node;
}

function refuseRest(cursor: Cursor): never {
  const token = cursor.peek();
  if (token.type === 'string' && cursor.peek(-1).type === 'string') refuseNeighbours(token);
  const hint = foreignWord(token.text);
  if (hint !== undefined)
    throw new ConditionSyntaxError(`unexpected \`${token.text}\``, token.start, token.text.length, hint);
  return cursor.unexpected('an operator or the end');
}

function refuseNeighbours(token: Token): never {
  throw new ConditionSyntaxError(
    'two texts stand side by side',
    token.start,
    token.text.length,
    'Is a comma missing?',
  );
}

/** Words of other languages that stand between two expressions. */
function foreignWord(text: string): string | undefined {
  switch (text.toLowerCase()) {
    case 'is':
      return "Compare with `==` or `!=`; what is missing equals ''.";
    case 'and':
    case 'or':
    case 'not':
    case 'in':
      return `Write \`${text.toLowerCase()}\` in lower case.`;
    case 'like':
    case 'matches':
      return 'Write matches(value, r"pattern") or glob(value, "pattern").';
    case 'contains':
    case 'startswith':
    case 'endswith':
      return `It is a method: write value.${text.toLowerCase()}('…').`;
    default:
      return undefined;
  }
}

/** `yes if test else no`, or anything that binds tighter. */
function readExpression(cursor: Cursor): Node {
  return cursor.deeper(() => {
    const yes = readOr(cursor);
    if (!cursor.take('if')) return yes;
    const test = readOr(cursor);
    if (!cursor.take('else')) cursor.unexpected('`else`');
    const no = readExpression(cursor);
    return cursor.node({ type: 'choice', test, yes, no, start: yes.start, end: no.end });
  });
}

function readOr(cursor: Cursor): Node {
  return readJoined(cursor, 'or', () => readJoined(cursor, 'and', () => readNot(cursor)));
}

function readJoined(cursor: Cursor, word: 'and' | 'or', read: () => Node): Node {
  const first = read();
  if (!cursor.is(word)) return first;
  const operands = [first];
  while (cursor.take(word)) operands.push(read());
  return cursor.node({ type: word, operands, start: first.start, end: cursor.previousEnd });
}

function readNot(cursor: Cursor): Node {
  const { start } = cursor.peek();
  if (!cursor.take('not')) return readComparison(cursor);
  const operand = cursor.deeper(() => readNot(cursor));
  return cursor.node({ type: 'not', operand, start, end: operand.end });
}

function readComparison(cursor: Cursor): Node {
  const first = readUnary(cursor);
  const rest: CompareLink[] = [];
  for (let operator = takeComparison(cursor); operator !== null; operator = takeComparison(cursor)) {
    rest.push({ operator, operand: readUnary(cursor) });
  }
  if (rest.length === 0) return first;
  return cursor.node({ type: 'compare', first, rest, start: first.start, end: cursor.previousEnd });
}

function takeComparison(cursor: Cursor): CompareOperator | null {
  const { text, type } = cursor.peek();
  if (type === 'operator' && COMPARE.has(text)) {
    cursor.next();
    return text as CompareOperator;
  }
  if (cursor.take('in')) return 'in';
  if (!cursor.is('not') || cursor.peek(1).text !== 'in' || cursor.peek(1).type !== 'name') return null;
  cursor.next();
  cursor.next();
  return 'not in';
}

/** A negative number, or anything that binds tighter. */
function readUnary(cursor: Cursor): Node {
  const minus = cursor.peek();
  if (!cursor.take('-')) return readPostfix(cursor, { expression: readExpression, loops: readLoops });
  const number = cursor.next();
  if (number.type !== 'number') {
    const hint = 'Arithmetic is not part of conditions; compare with the computed number.';
    throw new ConditionSyntaxError('`-` only stands before a number', minus.start, 1, hint);
  }
  if (cursor.is('.') || cursor.is('[') || cursor.is('(')) cursor.unexpected('an operator');
  // Zero has no sign, as a Python int has none.
  const value = Number(number.value) === 0 ? 0 : -number.value;
  return cursor.node({ type: 'literal', value, start: minus.start, end: number.end });
}

/** The `for … in … if …` parts of a comprehension. */
function readLoops(cursor: Cursor): readonly Loop[] {
  const loops: Loop[] = [];
  while (cursor.take('for')) {
    const { targets, unpack } = readTargets(cursor);
    if (!cursor.take('in')) cursor.unexpected('`in`');
    const iterable = readOr(cursor);
    const conditions: Node[] = [];
    while (cursor.take('if')) conditions.push(readOr(cursor));
    loops.push({ targets, unpack, iterable, conditions });
  }
  if (loops.length > 5) {
    throw new ConditionSyntaxError(
      'a comprehension has at most five loops',
      cursor.previousEnd,
      1,
      'Simplify it.',
    );
  }
  return loops;
}

function readTargets(cursor: Cursor): { readonly targets: readonly string[]; readonly unpack: boolean } {
  const opener = cursor.peek();
  const bracketed = cursor.take('(');
  const targets = [readTarget(cursor)];
  let unpack = false;
  while (cursor.take(',')) {
    unpack = true;
    if (cursor.is('in') || cursor.is(')')) break;
    targets.push(readTarget(cursor));
  }
  if (bracketed) cursor.close(')', opener);
  return { targets, unpack };
}

function readTarget(cursor: Cursor): string {
  const token = cursor.peek();
  if (token.type !== 'name' || isKeyword(token.text)) cursor.unexpected('a name for the loop variable');
  if (token.text.startsWith('__')) {
    throw new ConditionSyntaxError('names that start with `__` are reserved', token.start, token.text.length);
  }
  return cursor.next().text;
}
