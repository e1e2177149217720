import {
  child,
  field,
  list,
  memberOf,
  type Node,
  nameOf,
  type Source,
  type Violation,
  violation,
  walk,
} from './ast.ts';

/** Types under whose annotation a collection can no longer be written, as far as the compiler sees. */
const READONLY_TYPES: ReadonlySet<string> = new Set([
  'ReadonlyMap',
  'ReadonlySet',
  'ReadonlyArray',
  'Readonly',
]);

/** Calls that return a fresh array or object. */
const FRESH: ReadonlySet<string> = new Set([
  'Array.from',
  'Array.of',
  'Object.create',
  'Object.fromEntries',
  'Object.assign',
  'Object.entries',
  'Object.keys',
  'Object.values',
]);

/** String methods that start a global regular expression from 0 and leave it there. */
const RESETS_REGEX: ReadonlySet<string> = new Set([
  'replace',
  'replaceAll',
  'matchAll',
  'match',
  'split',
  'search',
]);

const HOW = 'freeze it, write `as const`, or annotate it as readonly; a cache belongs into an instance.';

/**
 * State that outlives a call: a module-level `let` or `var`, a collection that can be written, a stateful regular
 * expression, a static property that can be assigned.
 */
export function stateViolations(source: Source): Violation[] {
  const found: Violation[] = [];
  const flag = (node: Node, message: string): void => {
    found.push(violation(source, node, message));
  };
  const declarations = list(source.program, 'body').map((one) => child(one, 'declaration') ?? one);
  const readonlyTypes = readonlyTypesOf(declarations);
  for (const declaration of declarations) {
    if (declaration.type === 'VariableDeclaration') {
      checkVariables(declaration, readonlyTypes, flag);
      checkExpressions(source, declaration, flag);
    }
    if (declaration.type === 'ClassDeclaration') checkStatics(declaration, readonlyTypes, flag);
  }
  return found;
}

type Flag = (node: Node, message: string) => void;

function checkVariables(declaration: Node, readonlyTypes: ReadonlySet<string>, flag: Flag): void {
  if (field(declaration, 'declare') === true) return;
  const kind = String(field(declaration, 'kind'));
  if (kind !== 'const') flag(declaration, `module-level ${kind}: a pure module has no state.`);
  for (const variable of list(declaration, 'declarations')) {
    const message = mutability(child(variable, 'init'), annotationOf(child(variable, 'id')), readonlyTypes);
    if (message !== undefined) flag(variable, message);
  }
}

/** A global regular expression is no state where it is only handed to `replace`, `matchAll` and the like. */
function checkExpressions(source: Source, declaration: Node, flag: Flag): void {
  for (const variable of list(declaration, 'declarations')) {
    const literal = child(variable, 'init');
    const name = nameOf(child(variable, 'id'));
    if (!literal || name === undefined || !isStatefulRegex(literal)) continue;
    walk(source.program, (node, ancestors) => {
      const parent = ancestors.at(-1);
      if (node.type !== 'Identifier' || nameOf(node) !== name || !parent || parent === variable) return;
      const method = memberOf(child(parent, 'callee'))?.property ?? '';
      const harmless = list(parent, 'arguments')[0] === node && RESETS_REGEX.has(method);
      if (!harmless)
        flag(node, `${name} has the flag g or y and keeps lastIndex: only hand it to replace or matchAll.`);
    });
  }
}

function checkStatics(declaration: Node, readonlyTypes: ReadonlySet<string>, flag: Flag): void {
  for (const member of list(child(declaration, 'body'), 'body')) {
    if (member.type !== 'PropertyDefinition' || field(member, 'static') !== true) continue;
    if (field(member, 'readonly') !== true)
      flag(member, 'static property that can be assigned: make it readonly.');
    const message = mutability(child(member, 'value'), annotationOf(member), readonlyTypes);
    if (message !== undefined) flag(member, message);
  }
}

/** Why a value that a module holds could change, or `undefined` when it cannot. */
function mutability(
  value: Node | undefined,
  annotation: Node | undefined,
  readonlyTypes: ReadonlySet<string>,
): string | undefined {
  if (!value || isReadonlyType(annotation, readonlyTypes)) return undefined;
  switch (value.type) {
    case 'TSAsExpression':
      return isConst(child(value, 'typeAnnotation'))
        ? undefined
        : mutability(child(value, 'expression'), child(value, 'typeAnnotation'), readonlyTypes);
    case 'TSSatisfiesExpression':
    case 'ParenthesizedExpression':
      return mutability(child(value, 'expression'), undefined, readonlyTypes);
    case 'ArrayExpression':
      return `module-level array: ${HOW}`;
    case 'ObjectExpression':
      return `module-level object: ${HOW}`;
    case 'NewExpression':
      return mutableInstance(nameOf(child(value, 'callee')));
    case 'CallExpression':
      return mutableCall(value, readonlyTypes);
    default:
      return undefined;
  }
}

function mutableInstance(name: string | undefined): string | undefined {
  if (name === 'WeakMap' || name === 'WeakSet')
    return `module-level ${name}: a cache belongs into an instance.`;
  return name === 'Map' || name === 'Set' || name === 'Array' ? `module-level ${name}: ${HOW}` : undefined;
}

function mutableCall(call: Node, readonlyTypes: ReadonlySet<string>): string | undefined {
  const member = memberOf(child(call, 'callee'));
  const name = member && `${nameOf(member.object) ?? ''}.${member.property}`;
  if (name === 'Object.freeze') {
    const argument = list(call, 'arguments')[0];
    // Freezing a Map or a Set does not keep it from being written.
    return argument?.type === 'NewExpression' ? mutability(argument, undefined, readonlyTypes) : undefined;
  }
  return name !== undefined && FRESH.has(name) ? `module-level ${name}(): ${HOW}` : undefined;
}

function isStatefulRegex(literal: Node): boolean {
  const regex = field(literal, 'regex') as { readonly flags: string } | undefined;
  return regex !== undefined && /[gy]/.test(regex.flags);
}

function annotationOf(node: Node | undefined): Node | undefined {
  return child(child(node, 'typeAnnotation'), 'typeAnnotation');
}

function isConst(type: Node | undefined): boolean {
  return type?.type === 'TSTypeReference' && nameOf(child(type, 'typeName')) === 'const';
}

/** The names of readonly types in a file: the language's own, and aliases that the file declares for them. */
function readonlyTypesOf(declarations: readonly Node[]): ReadonlySet<string> {
  const names = new Set(READONLY_TYPES);
  for (const declaration of declarations) {
    if (declaration.type !== 'TSTypeAliasDeclaration') continue;
    if (isReadonlyType(child(declaration, 'typeAnnotation'), names))
      names.add(nameOf(child(declaration, 'id')) ?? '');
  }
  return names;
}

function isReadonlyType(type: Node | undefined, readonlyTypes: ReadonlySet<string>): boolean {
  if (type?.type === 'TSTypeOperator') return field(type, 'operator') === 'readonly';
  return type?.type === 'TSTypeReference' && readonlyTypes.has(nameOf(child(type, 'typeName')) ?? '');
}
