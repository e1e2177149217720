import { child, type Located, type LocatedEntry, type LocatedScalar } from './located.ts';
import type { Problems } from './problem.ts';
import { type SourceText, showable } from './source-text.ts';
import type { Piece } from './substitute.ts';

/** What has a meaning in a Python regular expression, as `re.escape` knows it. */
const SPECIAL = /[\\^$.|?*+()[\]{}\-&~# \t\n\r\v\f]/g;

/**
 * A file's tree in which variables within patterns (`rules[].pattern`, `redaction.patterns`) stand for their text:
 * what `${VAR}` and `${VAR:-default}` put in is escaped, so that a folder called `a+b` is found under its name and
 * nothing in the environment can widen a rule. Two mistakes are problems: a variable that puts in nothing (the
 * narrow `^${HOME}` would match everything), and a backslash in front of one, which would undo the escaping.
 */
export function withQuotedValues(root: Located, source: SourceText, problems: Problems): Located {
  const rules = child(root, 'rules');
  const redaction = child(root, 'redaction');
  const patterns = child(redaction, 'patterns');
  const quoted = (node: Located): Located => quotedScalar(node, source, problems);
  let tree = root;
  if (rules?.kind === 'list') {
    const items = rules.items.map((rule) => replaced(rule, 'pattern', quoted));
    tree = replaced(tree, 'rules', () => ({ ...rules, items }));
  }
  if (patterns?.kind === 'list') {
    const items = patterns.items.map(quoted);
    tree = replaced(tree, 'redaction', (node) => replaced(node, 'patterns', () => ({ ...patterns, items })));
  }
  return tree;
}

/** The mapping with another value for a key; whatever has no such key stays as it is. */
function replaced(node: Located, key: string, change: (value: Located) => Located): Located {
  const entry = node.kind === 'map' ? node.entries.get(key) : undefined;
  if (node.kind !== 'map' || entry === undefined) return node;
  const value = change(entry.value);
  if (value === entry.value) return node;
  const entries = new Map<string, LocatedEntry>(node.entries);
  return { ...node, entries: entries.set(key, { ...entry, value }) };
}

function quotedScalar(node: Located, source: SourceText, problems: Problems): Located {
  if (node.kind !== 'scalar' || !node.substituted) return node;
  for (const [i, { text, variable }] of node.pieces.entries()) {
    const fault = variable === null ? undefined : faultOf(variable, text, node.pieces[i - 1]);
    if (fault !== undefined) report(fault, node, source, problems);
  }
  const text = node.pieces
    .map((piece) => (piece.variable === null ? piece.text : escaped(piece.text)))
    .join('');
  return { ...node, text, value: text };
}

function faultOf(variable: string, text: string, before: Piece | undefined): string | undefined {
  const name = showable(variable);
  if (text === '') {
    return `The environment variable \`${name}\` is empty, and a pattern with nothing in its place matches more than it says. Set it, or give a default: \`\${${name}:-default}\`.`;
  }
  const backslashes = /\\*$/.exec(before?.text ?? '')?.[0].length ?? 0;
  if (backslashes % 2 === 0) return undefined;
  return `A backslash in front of \`\${${name}}\` would escape what the variable puts in. Remove it: a variable stands for its text anyway. The text itself is written \`\\$\${${name}}\`.`;
}

function report(message: string, node: LocatedScalar, source: SourceText, problems: Problems): void {
  problems.add('validation', message, source, node.offset, node.source.length);
}

function escaped(text: string): string {
  return text.replace(SPECIAL, '\\$&');
}
