import type { Loop, Node } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { ConditionSyntaxError } from './errors.ts';
import { isKeyword } from './keywords.ts';
import type { Token } from './tokens.ts';

/** The readers of what stands inside brackets. */
export interface Inner {
  expression(cursor: Cursor): Node;
  loops(cursor: Cursor): readonly Loop[];
}

/** A literal, name, list, call, attribute or subscript: everything that binds tighter than an operator. */
export function readPostfix(cursor: Cursor, inner: Inner): Node {
  let node = readAtom(cursor, inner);
  for (let links = 1; ; links++) {
    if (cursor.is('.')) node = readAttribute(cursor, node);
    else if (cursor.is('(')) node = readCall(cursor, inner, node);
    else if (cursor.is('[')) node = readSubscript(cursor, inner, node);
    else return node;
    cursor.checkDepth(links);
  }
}

function readAttribute(cursor: Cursor, object: Node): Node {
  cursor.next();
  const token = cursor.peek();
  if (token.type !== 'name') return cursor.unexpected('a name');
  if (token.text.startsWith('__')) {
    throw new ConditionSyntaxError(
      `\`${token.text.slice(0, 60)}\` is not accessible`,
      token.start,
      token.text.length,
    );
  }
  cursor.next();
  const { start, end, text: name } = token;
  return cursor.node({ type: 'attribute', object, name, nameAt: { start, end }, start: object.start, end });
}

function readCall(cursor: Cursor, inner: Inner, callee: Node): Node {
  const opener = cursor.next();
  const args: Node[] = [];
  while (!cursor.is(')')) {
    const argument = inner.expression(cursor);
    args.push(cursor.is('for') ? readComprehension(cursor, inner, argument, false) : argument);
    if (!cursor.take(',')) break;
  }
  cursor.close(')', opener);
  const generator = args.find((arg) => arg.type === 'comprehension' && !arg.list);
  if (generator !== undefined && args.length > 1) {
    throw new ConditionSyntaxError(
      '`… for …` must be the only argument',
      generator.start,
      1,
      'Put it in [ ].',
    );
  }
  return cursor.node({ type: 'call', callee, args, start: callee.start, end: cursor.previousEnd });
}

function readSubscript(cursor: Cursor, inner: Inner, object: Node): Node {
  const opener = cursor.next();
  const { start } = object;
  const from = cursor.is(':') ? null : inner.expression(cursor);
  if (cursor.take(':')) {
    const to = cursor.is(']') || cursor.is(':') ? null : inner.expression(cursor);
    if (cursor.is(':')) {
      throw new ConditionSyntaxError(
        'a slice has no step here',
        cursor.peek().start,
        1,
        'Write [start:end].',
      );
    }
    cursor.close(']', opener);
    return cursor.node({ type: 'slice', object, from, to, start, end: cursor.previousEnd });
  }
  if (from === null) return cursor.unexpected('an index or a key');
  cursor.close(']', opener);
  return cursor.node({ type: 'subscript', object, key: from, start, end: cursor.previousEnd });
}

function readComprehension(cursor: Cursor, inner: Inner, element: Node, list: boolean): Node {
  const loops = inner.loops(cursor);
  return cursor.node({
    type: 'comprehension',
    list,
    element,
    loops,
    start: element.start,
    end: cursor.previousEnd,
  });
}

function readAtom(cursor: Cursor, inner: Inner): Node {
  const token = cursor.peek();
  const { start, end } = token;
  switch (token.type) {
    case 'number':
      cursor.next();
      return cursor.node({ type: 'literal', value: token.value, start, end });
    case 'string': {
      cursor.next();
      const next = cursor.peek();
      if (next.type === 'string') {
        throw new ConditionSyntaxError(
          'two texts stand side by side',
          next.start,
          next.text.length,
          'Is a comma missing?',
        );
      }
      return cursor.node({ type: 'literal', value: token.value, start, end });
    }
    case 'name':
      return readWord(cursor, token);
    case 'operator':
      if (token.text === '(') return readParenthesis(cursor, inner, token);
      if (token.text === '[') return readList(cursor, inner, token);
      if (token.text === '{') return readSet(cursor, inner, token);
      return cursor.unexpected('a value');
    default:
      return cursor.unexpected('a value');
  }
}

function readWord(cursor: Cursor, token: Token): Node {
  const { start, end, text } = token;
  if (text === 'True' || text === 'False') {
    cursor.next();
    return cursor.node({ type: 'literal', value: text === 'True', start, end });
  }
  if (text === 'None') {
    cursor.next();
    return cursor.node({ type: 'literal', value: null, start, end });
  }
  if (text === 'lambda')
    throw new ConditionSyntaxError('`lambda` is not part of the condition language', start, 6);
  if (isKeyword(text)) return cursor.unexpected('a value');
  cursor.next();
  return cursor.node({ type: 'name', name: text, start, end });
}

function readParenthesis(cursor: Cursor, inner: Inner, opener: Token): Node {
  cursor.next();
  const { start } = opener;
  if (cursor.take(')')) return cursor.node({ type: 'tuple', items: [], start, end: cursor.previousEnd });
  const first = inner.expression(cursor);
  if (cursor.is('for')) {
    throw new ConditionSyntaxError(
      '`… for …` stands in [ ] or in a call',
      start,
      1,
      'Write any(… for … in …).',
    );
  }
  if (!cursor.is(',')) {
    cursor.close(')', opener);
    return first;
  }
  const items = readItems(cursor, inner, first, ')');
  cursor.close(')', opener);
  return cursor.node({ type: 'tuple', items, start, end: cursor.previousEnd });
}

function readList(cursor: Cursor, inner: Inner, opener: Token): Node {
  cursor.next();
  const { start } = opener;
  if (cursor.take(']')) return cursor.node({ type: 'list', items: [], start, end: cursor.previousEnd });
  const first = inner.expression(cursor);
  const list = cursor.is('for') ? readComprehension(cursor, inner, first, true) : null;
  const items = list === null ? readItems(cursor, inner, first, ']') : [];
  cursor.close(']', opener);
  return list ?? cursor.node({ type: 'list', items, start, end: cursor.previousEnd });
}

function readSet(cursor: Cursor, inner: Inner, opener: Token): Node {
  cursor.next();
  const { start } = opener;
  const refuse = (): never => {
    throw new ConditionSyntaxError(
      'a dict cannot be written in a condition',
      start,
      1,
      'Write {…} for a set, […] for a list.',
    );
  };
  if (cursor.is('}')) refuse();
  const first = inner.expression(cursor);
  if (cursor.is(':') || cursor.is('for')) refuse();
  const items = readItems(cursor, inner, first, '}');
  cursor.close('}', opener);
  return cursor.node({ type: 'set', items, start, end: cursor.previousEnd });
}

function readItems(cursor: Cursor, inner: Inner, first: Node, closing: string): readonly Node[] {
  const items = [first];
  while (cursor.take(',')) {
    if (cursor.is(closing)) break;
    items.push(inner.expression(cursor));
  }
  return items;
}
