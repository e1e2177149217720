import { closest, didYouMean } from '../core/did-you-mean.ts';
import { camelKey } from './key-case.ts';
import type { Zod } from './lazy.ts';
import { type Located, type LocatedScalar, nodeAt, plainValue } from './located.ts';
import type { Problems } from './problem.ts';
import { type FileShape, fileSchema } from './schema.ts';
import { type SourceText, showable } from './source-text.ts';

/** The parts of a zod issue that are read here. */
interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly expected?: string | undefined;
  readonly keys?: readonly string[] | undefined;
  readonly values?: readonly unknown[] | undefined;
  readonly errors?: readonly (readonly Issue[])[] | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Checks a tree against the schema. What is wrong is added to the problems, each at its place; then the result is
 * `undefined`.
 */
export function checkShape(
  root: Located,
  source: SourceText | null,
  problems: Problems,
  zod: Zod,
): FileShape | undefined {
  const schema = fileSchema(zod);
  let result = schema.safeParse(plainValue(root));
  if (!result.success) {
    // `secret: ${SECRET}` is text even if the secret is made of digits: what comes from the environment is read as
    // text where its plain reading does not fit.
    const asText = substitutedScalars(root, expandUnions(result.error.issues, root));
    const read = (scalar: LocatedScalar) => (asText.has(scalar) ? scalar.text : scalar.value);
    if (asText.size > 0) result = schema.safeParse(plainValue(root, read));
  }
  if (result.success) return result.data;
  const issues = expandUnions(result.error.issues, root);
  const unknown = unknownKeys(issues);
  for (const issue of issues) {
    if (!isConsequence(issue, unknown)) reportIssue(issue, root, source, problems);
  }
  return undefined;
}

/**
 * Of a mapping or list that fits no alternative, what is wrong inside of it: the issues of the alternative that it
 * was meant for. Everything else stays as it is.
 */
function expandUnions(issues: readonly Issue[], root: Located): Issue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union' || nodeAt(root, issue.path)?.kind === 'scalar') return [issue];
    const meant = issue.errors?.find((inner) =>
      inner.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
    );
    if (meant === undefined || meant.length === 0) return [issue];
    const inside = meant.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
    return expandUnions(inside, root);
  });
}

/** Keys that are not known, by the path of the mapping that has them. */
function unknownKeys(issues: readonly Issue[]): ReadonlyMap<string, readonly string[]> {
  const found = issues.filter(({ code }) => code === 'unrecognized_keys');
  return new Map(found.map(({ path, keys }) => [path.join('\n'), keys ?? []]));
}

/** A key that is missing because it is misspelled, and a count of keys that a misspelled one upsets. */
function isConsequence({ code, path }: Issue, unknown: ReadonlyMap<string, readonly string[]>): boolean {
  if (code === 'custom') return unknown.has(path.join('\n'));
  const siblings = unknown.get(path.slice(0, -1).join('\n')) ?? [];
  return siblings.some((key) => closest(key, [String(path.at(-1))]) !== undefined);
}

function substitutedScalars(root: Located, issues: readonly Issue[]): Set<LocatedScalar> {
  const found = new Set<LocatedScalar>();
  for (const { path } of issues) {
    const node = nodeAt(root, path);
    if (node?.kind === 'scalar' && node.substituted && typeof node.value !== 'string') found.add(node);
  }
  return found;
}

function reportIssue(issue: Issue, root: Located, source: SourceText | null, problems: Problems): void {
  const { path, message } = issue;
  if (problems.full) {
    problems.add('schema', message, source, -1);
    return;
  }
  const node = nodeAt(root, path);
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys ?? []) reportKey(key, issue, root, source, problems);
    return;
  }
  if (node === undefined) {
    const parent = nodeAt(root, path.slice(0, -1));
    const key = String(path.at(-1));
    const text = `${capital(ownerText(root, path.slice(0, -1)))} needs \`${key}\`: ${message}.`;
    problems.add('schema', text, source, parent?.offset ?? -1);
    return;
  }
  if (issue.params?.isSecret === true) {
    // Neither the value nor its line is repeated.
    const text = `\`${pathText(root, path)}\` must be ${message}. This one is not.`;
    problems.add('validation', text, source, node.offset, null);
    return;
  }
  const name = path.length === 0 ? 'The configuration' : `\`${pathText(root, path)}\``;
  const length = node.kind === 'scalar' ? node.source.length : 1;
  const text = `${name} must be ${message}, ${nodeText(node)}.${hint(issue, node)}`;
  problems.add(isShape(issue, node) ? 'schema' : 'validation', text, source, node.offset, length);
}

/** A number out of its range has the right shape; a word that is not in its list has not. */
function isShape(issue: Issue, node: Located): boolean {
  if (issue.code === 'invalid_type' || issue.code === 'invalid_value') return !isWildNumber(node);
  return issue.code === 'invalid_union' && !(node.kind === 'scalar' && typeof node.value === 'number');
}

function isWildNumber(node: Located): boolean {
  return node.kind === 'scalar' && typeof node.value === 'number' && !Number.isFinite(node.value);
}

function reportKey(
  key: string,
  { path, message }: Issue,
  root: Located,
  source: SourceText | null,
  problems: Problems,
): void {
  if (problems.full) {
    problems.add('schema', message, source, -1);
    return;
  }
  const owner = nodeAt(root, path);
  const entry = owner?.kind === 'map' ? owner.entries.get(key) : undefined;
  const written = entry?.written ?? key;
  const known = message.split(' ').map((one) => (/[A-Z]/.test(written) ? camelKey(one) : one));
  const suggestion = didYouMean(written, known) || ` Known: ${known.map((one) => `\`${one}\``).join(', ')}.`;
  const text = `\`${showable(written, 60)}\` is not a key of ${ownerText(root, path)}.${suggestion}`;
  problems.add('schema', text, source, entry?.keyOffset ?? -1, written.length);
}

/** `a rule`, `` `budget` ``, … for the mapping at a path. */
function ownerText(root: Located, path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'a configuration';
  const [first, index] = path;
  if (path.length === 2 && typeof index === 'number') {
    if (first === 'rules') return 'a rule';
    if (first === 'policies') return 'a policy';
    if (first === 'agents') return 'an agent';
    if (first === 'approvers') return 'an approver';
  }
  return `\`${pathText(root, path)}\``;
}

/** `rules[2].action`, with every key as it was written. */
function pathText(root: Located, path: readonly PropertyKey[]): string {
  let text = '';
  let node: Located | undefined = root;
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else {
      const entry = node?.kind === 'map' ? node.entries.get(String(step)) : undefined;
      text += `${text === '' ? '' : '.'}${showable(entry?.written ?? String(step), 60)}`;
    }
    node = node === undefined ? undefined : nodeAt(node, [step]);
  }
  return text;
}

/** What was found, without giving away what came from the environment. */
function nodeText(node: Located): string {
  if (node.kind === 'map') return 'not a mapping';
  if (node.kind === 'list') return 'not a list';
  if (node.substituted) return `not what \`${showable(node.source)}\` stands for`;
  if (node.value === null) return node.text === '' && node.style !== 'code' ? 'but it is empty' : 'not null';
  if (typeof node.value === 'string') return `not the text ${showable(JSON.stringify(node.value))}`;
  return `not ${showable(node.style === 'code' ? String(node.value) : node.source)}`;
}

function hint(issue: Issue, node: Located): string {
  if (node.kind !== 'scalar' || node.substituted) return '';
  const words = wordsOf(issue);
  if (typeof node.value === 'string') {
    const number = node.style === 'plain' && wantsNumber(issue) ? Number(node.text) : Number.NaN;
    if (Number.isFinite(number) && node.text !== '') return ` YAML 1.1 reads it as text; write ${number}.`;
    return didYouMean(node.value, words);
  }
  const wantsText = issue.expected === 'string' || words.includes(node.text);
  if (node.style !== 'plain' || node.value === null || !wantsText) return '';
  return ` Without quotes YAML 1.1 reads it as ${typeof node.value === 'number' ? 'a number' : String(node.value)}; write '${showable(node.source)}'.`;
}

function wantsNumber(issue: Issue): boolean {
  return issue.expected === 'number' || (issue.errors ?? []).flat().some(wantsNumber);
}

/** The words that would have been right. */
function wordsOf(issue: Issue): string[] {
  const own = (issue.values ?? []).filter((value) => typeof value === 'string');
  return [...own, ...(issue.errors ?? []).flat().flatMap(wordsOf)];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
