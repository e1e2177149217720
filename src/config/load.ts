import { fileURLToPath } from 'node:url';
import { ConfigSchemaError } from '../core/errors.ts';
import { nodeCrypto } from '../node-crypto.ts';
import type { LayerInput, RuleAction } from '../policy/rule-input.ts';
import type { AsWritten } from './as-written.ts';
import { MAX_RULES } from './caps.ts';
import { checkLanguage } from './check-language.ts';
import { draftOf, type FileDraft, RULE_FILE_KEYS } from './draft.ts';
import { type ResolvedPolicy, resolveExtends } from './extends.ts';
import type { GuardConfigInput } from './input.ts';
import { checkShape } from './issues.ts';
import { zod } from './lazy.ts';
import { child, type Located, plainValue } from './located.ts';
import { mergeSettings } from './merge.ts';
import { treeOfObject } from './object-tree.ts';
import { Problems } from './problem.ts';
import { withQuotedValues } from './quote-values.ts';
import { readSource } from './read-file.ts';
import type { GuardSettings } from './settings.ts';
import { SourceText } from './source-text.ts';
import type { Environment } from './substitute.ts';
import { parseYaml } from './yaml.ts';

export type { GuardConfigInput } from './input.ts';
export type { GuardSettings } from './settings.ts';

/** The text of one file that was loaded. */
export interface ConfigSource {
  /** `null` for text that came from elsewhere. */
  readonly file: string | null;
  readonly text: string;
}

/** A configuration that was read, checked and put together. */
export interface LoadedConfig {
  /** One per file, in order. */
  readonly layers: readonly LayerInput[];
  /** The layers with every `${VAR}` as it stands in the file: nothing in them came from the environment. */
  readonly layersAsWritten: readonly AsWritten[];
  /** All sections but rules and policies, merged over the files, defaults applied. Frozen. */
  readonly settings: GuardSettings;
  /** True if a file has any key but `version`, `name`, `default_action` and `rules`: then limits are in effect. */
  readonly hasSettings: boolean;
  /** Top-level keys that any file states, in snake case. */
  readonly stated: readonly string[];
  /** All keys of sections that any file states, in snake case, dotted: `sidecar`, `sidecar.port`. */
  readonly statedKeys: readonly string[];
  /** Names this content: 16 hexadecimal digits of the SHA-256 of all sources. */
  readonly revision: string;
  readonly sources: readonly ConfigSource[];
}

/** Where `${VAR}` is looked up. */
export interface LoadOptions {
  /** Default `process.env`. */
  readonly env?: Environment | undefined;
}

/**
 * Loads YAML files (rule files, guard configurations, or both in one); several are layers.
 * @throws ConfigFileNotFoundError for a file that cannot be read.
 * @throws ConfigSchemaError, ConfigValidationError with every problem found, each with file, line and column.
 */
export function loadConfig(paths: string | readonly string[], options: LoadOptions = {}): LoadedConfig {
  const list = typeof paths === 'string' ? [paths] : paths;
  if (!Array.isArray(list) || list.length === 0 || !list.every((path) => typeof path === 'string')) {
    throw new ConfigSchemaError(
      'A configuration is loaded from a path, or from a list of at least one path.',
    );
  }
  return loadSources(list.map(readSource), options.env ?? process.env);
}

/**
 * Reads YAML text as one file. `file` is what errors call it.
 * @throws ConfigSchemaError, ConfigValidationError as {@link loadConfig}.
 */
export function parseConfig(
  text: string,
  options: LoadOptions & { readonly file?: string | null | undefined } = {},
): LoadedConfig {
  const { file = null, env = process.env } = options;
  if (typeof text !== 'string') throw new ConfigSchemaError(`YAML is text, not ${typeof text}.`);
  return loadSources([new SourceText(text.replace(/^\ufeff/, ''), file)], env);
}

/**
 * Reads a configuration object: the words of the YAML file, in camel case or snake case. Environment variables are
 * not substituted.
 * @throws ConfigSchemaError, ConfigValidationError as {@link loadConfig}, without places.
 */
export function configFromObject(input: GuardConfigInput): LoadedConfig {
  const problems = new Problems();
  const root = treeOfObject(input, problems);
  problems.throwIfAny();
  const draft = readDraft(root, null, problems);
  problems.throwIfAny();
  const loaded = putTogether(draft === undefined ? [] : [draft], problems);
  const revision = revisionOf([{ file: null, text: JSON.stringify(plainValue(root)) }]);
  return { ...loaded, hasSettings: true, revision };
}

/** Loads the policy that ships with the package. */
export function loadBuiltIn(): LoadedConfig {
  return loadConfig(fileURLToPath(new URL('../builtin/policy.yaml', import.meta.url)), { env: {} });
}

function loadSources(sources: readonly SourceText[], environment: Environment): LoadedConfig {
  const problems = new Problems();
  const drafts: FileDraft[] = [];
  for (const source of sources) {
    const root = parseYaml({ source, environment, problems });
    if (root === undefined) continue;
    const draft = readDraft(withQuotedValues(root, source, problems), source, problems);
    if (draft !== undefined) drafts.push(draft);
  }
  return putTogether(drafts, problems);
}

function readDraft(root: Located, source: SourceText | null, problems: Problems): FileDraft | undefined {
  const before = problems.count;
  for (const key of ['rules', 'policies']) {
    const list = child(root, key);
    if (list?.kind === 'list' && list.items.length > MAX_RULES) {
      problems.add('validation', `A file may have at most ${MAX_RULES} ${key}.`, source, list.offset);
    }
  }
  if (problems.count > before) return undefined;
  checkLanguage(root, source, problems);
  const shape = checkShape(root, source, problems, zod());
  if (shape === undefined) return undefined;
  const { default_action: action, rules } = shape;
  if (action !== undefined && rules === undefined) reportIdleDefault(action, root, source, problems);
  return draftOf(shape, root, source);
}

/** Without `rules` nobody asks for a `default_action`: whoever wrote `block` would get the default verdict, ALLOW. */
function reportIdleDefault(
  action: RuleAction,
  root: Located,
  source: SourceText | null,
  problems: Problems,
): void {
  const entry = root.kind === 'map' ? root.entries.get('default_action') : undefined;
  const written = entry?.written ?? 'default_action';
  const verdict = written === 'default_action' ? 'default_verdict' : 'defaultVerdict';
  const what = source === null ? 'configuration' : 'file';
  const value = source === null ? `'${action.toUpperCase()}'` : action.toUpperCase();
  const message = `\`${written}\` belongs to \`rules\`; this ${what} has none. Write \`global: {${verdict}: ${value}}\`, or add \`rules: []\`.`;
  problems.add('validation', message, source, entry?.keyOffset ?? -1, written.length);
}

function putTogether(drafts: readonly FileDraft[], problems: Problems): LoadedConfig {
  const known = new Map<string, ResolvedPolicy>();
  const resolved = drafts.map((draft) => {
    checkAgents(draft, problems);
    return { draft, policies: resolveExtends(draft, known, problems) };
  });
  problems.throwIfAny();
  const stated = [...new Set(drafts.flatMap(({ sections }) => sections))];
  const sources = drafts.flatMap(({ source }) => source ?? []).map(({ file, text }) => ({ file, text }));
  return {
    layers: resolved.map(layerOf),
    layersAsWritten: resolved.map(layerAsWritten),
    settings: mergeSettings(drafts.map(({ settings }) => settings)),
    hasSettings: stated.some((section) => !RULE_FILE_KEYS.has(section)),
    stated,
    statedKeys: [...new Set(drafts.flatMap(({ keys }) => keys))],
    revision: revisionOf(sources),
    sources,
  };
}

/** A file whose policies have what they extend. */
interface ResolvedFile {
  readonly draft: FileDraft;
  readonly policies: readonly ResolvedPolicy[];
}

function layerOf({ draft, policies }: ResolvedFile): LayerInput {
  return {
    name: draft.name,
    source: draft.source?.file ?? null,
    rules: draft.rules,
    policies: policies.map(({ input }) => input),
    hasRules: draft.hasRules,
    defaultAction: draft.defaultAction,
    defaultVerdict: draft.defaultVerdict,
  };
}

function layerAsWritten({ draft, policies }: ResolvedFile): AsWritten {
  const source = draft.source?.file ?? null;
  return { ...draft.asWritten, source, policies: policies.map(({ asWritten }) => asWritten) };
}

/** Two entries of one id would leave open which of them holds. */
function checkAgents({ settings, root, source }: FileDraft, problems: Problems): void {
  for (const section of ['agents', 'approvers'] as const) {
    const seen = new Set<string>();
    const written = child(root, section);
    for (const [i, { id }] of (settings[section] ?? []).entries()) {
      const node = written?.kind === 'list' ? child(written.items[i], 'id') : undefined;
      const message = `The id \`${id}\` is listed twice in \`${section}\`. Remove one.`;
      if (seen.has(id)) problems.add('validation', message, source, node?.offset ?? -1, id.length);
      seen.add(id);
    }
  }
}

function revisionOf(sources: readonly ConfigSource[]): string {
  const hash = nodeCrypto().createHash('sha256');
  // The length keeps two files apart from one that holds both texts.
  for (const { text } of sources) hash.update(`${text.length}:`).update(text);
  return hash.digest('hex').slice(0, 16);
}
