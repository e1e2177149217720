import {
  child,
  field,
  lineAt,
  memberOf,
  nameOf,
  type Source,
  type Violation,
  violation,
  walk,
} from './ast.ts';

/** Lines that a file may have. */
export const MAX_FILE_LINES = 300;
/** Lines that a function may have, from its first to its last. */
export const MAX_FUNCTION_LINES = 60;

const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
]);

const CLASSES: ReadonlySet<string> = new Set(['ClassDeclaration', 'ClassExpression']);

/** Names that say where code was put, not what it is. */
const EMPTY_FILE_NAME = /(^|\/)(utils?|helpers?|types)(\.ts$|\/)/;
const EMPTY_CLASS_NAME = /(Manager|Controller)$/;

/** Notes for later, in capitals as they are written. Spelled in parts, so that this file passes its own rule. */
const LATER = new RegExp(`\\b(${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')})\\b`);

/** A suppression, and the reason that must follow it. */
const SUPPRESSION = /^[\s*]*(biome-ignore(?:-all|-start|-end)?|@ts-(?:expect-error|ignore|nocheck))\b(.*)/;

/** Words of a test that do not run it, or run it alone. */
const UNRUN: ReadonlySet<string> = new Set(['skip', 'only', 'todo', 'fails']);
const TEST_FUNCTIONS: ReadonlySet<string> = new Set(['it', 'test', 'describe', 'suite', 'bench']);

/** A file of more lines than one idea needs. */
export function fileSizeViolations(source: Source): Violation[] {
  const lines = source.text.replace(/\n$/, '').split('\n').length;
  return lines <= MAX_FILE_LINES
    ? []
    : [violation(source, { start: 0 }, `${lines} lines, at most ${MAX_FILE_LINES}: split it by idea.`)];
}

/** Functions that are too long to be read at once. */
export function functionSizeViolations(source: Source): Violation[] {
  const found: Violation[] = [];
  walk(source.program, (node) => {
    if (!FUNCTIONS.has(node.type)) return;
    const lines = lineAt(source.text, node.end) - lineAt(source.text, node.start) + 1;
    const name = nameOf(child(node, 'id')) ?? 'a function';
    if (lines > MAX_FUNCTION_LINES) {
      found.push(violation(source, node, `${name} has ${lines} lines, at most ${MAX_FUNCTION_LINES}.`));
    }
  });
  return found;
}

/** `any`, wherever a type is written. */
export function anyViolations(source: Source): Violation[] {
  const found: Violation[] = [];
  walk(source.program, (node) => {
    if (node.type === 'TSAnyKeyword')
      found.push(violation(source, node, 'any: write unknown and narrow it.'));
  });
  return found;
}

/** Files and classes whose name says nothing. */
export function nameViolations(source: Source): Violation[] {
  const found: Violation[] = [];
  if (EMPTY_FILE_NAME.test(source.path)) {
    found.push(violation(source, { start: 0 }, 'a file named utils, helpers or types: name it by its idea.'));
  }
  walk(source.program, (node) => {
    const name = CLASSES.has(node.type) ? nameOf(child(node, 'id')) : undefined;
    if (name !== undefined && EMPTY_CLASS_NAME.test(name)) {
      found.push(violation(source, node, `class ${name}: name it by what it is in the design's words.`));
    }
  });
  return found;
}

/** Suppressions without a reason, and notes for later. */
export function commentViolations(source: Source): Violation[] {
  const found: Violation[] = [];
  for (const comment of source.comments) {
    for (const line of comment.value.split('\n')) {
      const [, kind, rest = ''] = SUPPRESSION.exec(line) ?? [];
      if (kind !== undefined && !hasReason(kind, rest)) {
        found.push(violation(source, comment, `${kind} without a reason.`));
      }
    }
    if (LATER.test(comment.value))
      found.push(violation(source, comment, 'a note for later: do it or leave it.'));
  }
  return found;
}

/** Tests that are switched off, or that switch the others off. */
export function unrunTestViolations(source: Source): Violation[] {
  const found: Violation[] = [];
  walk(source.program, (node) => {
    const member = memberOf(node);
    if (!member || !UNRUN.has(member.property)) return;
    const root = nameOf(member.object) ?? nameOf(memberOf(member.object)?.object) ?? '';
    if (TEST_FUNCTIONS.has(root))
      found.push(violation(source, node, `${root}.${member.property}: every test runs.`));
  });
  return found;
}

/** `value!` and `name!: type`, which ask the compiler to look away. */
export function assertionViolations(source: Source): Violation[] {
  const found: Violation[] = [];
  walk(source.program, (node) => {
    if (node.type === 'TSNonNullExpression') found.push(violation(source, node, 'value!: narrow it.'));
    if (field(node, 'definite') === true)
      found.push(violation(source, node, 'definite assignment: initialise it.'));
  });
  return found;
}

/** `biome-ignore lint/rule: reason`, `@ts-expect-error reason`: at least two words that are more than a mark. */
function hasReason(kind: string, rest: string): boolean {
  if (kind === 'biome-ignore-end') return true;
  const reason = kind.startsWith('biome')
    ? rest.split(':').slice(1).join(':')
    : rest.replace(/^[\s:—-]+/, '');
  return reason.trim().split(/\s+/).length >= 2;
}
