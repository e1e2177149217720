import type { Verdict } from '../core/verdict.ts';
import type { ConditionPolicyInput, RuleAction, RuleInput, SourcePosition } from '../policy/rule-input.ts';
import { type AsWritten, asWritten, writtenOr } from './as-written.ts';
import { DEFAULT_NAME } from './defaults.ts';
import { camelKeys, snakeKey } from './key-case.ts';
import { child, type Located } from './located.ts';
import type { FileShape } from './schema.ts';
import type { SourceText } from './source-text.ts';
import type { StatedSettings } from './stated.ts';

/** A policy as written, before the policies that it extends are known. */
export interface PolicyDraft {
  readonly input: ConditionPolicyInput;
  readonly asWritten: AsWritten;
  readonly parents: readonly { readonly name: string; readonly offset: number }[];
  readonly nameOffset: number;
}

/** One file, checked against the schema. */
export interface FileDraft {
  /** `null` for a configuration object. */
  readonly source: SourceText | null;
  readonly root: Located;
  readonly name: string;
  readonly rules: readonly RuleInput[];
  readonly hasRules: boolean;
  readonly policies: readonly PolicyDraft[];
  readonly defaultAction: RuleAction | null;
  readonly defaultVerdict: Verdict | null;
  /** The file's name, rules and defaults. */
  readonly asWritten: AsWritten;
  readonly settings: StatedSettings;
  /** Top-level keys that the file states. */
  readonly sections: readonly string[];
  /** All keys of settings that it states, dotted: `sidecar.port`. */
  readonly keys: readonly string[];
}

/** Keys that a plain rule file may have: with any other a file is a guard configuration. */
export const RULE_FILE_KEYS: ReadonlySet<string> = new Set(['version', 'name', 'default_action', 'rules']);

/** Splits a checked file into its rules, its policies and its settings. */
export function draftOf(shape: FileShape, root: Located, source: SourceText | null): FileDraft {
  const { version: _, name, default_action, rules, policies, ...settings } = shape;
  const sections = root.kind === 'map' ? [...root.entries.keys()] : [];
  const stated = {
    name: name ?? DEFAULT_NAME,
    rules: (rules ?? []).map((rule, i) => ruleInput(rule, itemOf(root, 'rules', i), source)),
    hasRules: rules !== undefined,
    defaultAction: default_action ?? null,
    defaultVerdict: (settings.global?.default_verdict as Verdict | undefined) ?? null,
  };
  return {
    ...stated,
    source,
    root,
    policies: (policies ?? []).map((policy, i) => policyDraft(policy, itemOf(root, 'policies', i), source)),
    asWritten: {
      ...stated,
      name: writtenOr(stated.name, child(root, 'name')),
      rules: stated.rules.map((rule, i) => asWritten(rule, itemOf(root, 'rules', i))),
      defaultAction: writtenOr(stated.defaultAction, child(root, 'default_action')),
      defaultVerdict: writtenOr(stated.defaultVerdict, child(child(root, 'global'), 'default_verdict')),
    },
    // The schema has checked every key and type of these; only the case of the keys differs.
    settings: camelKeys(settings) as StatedSettings,
    sections,
    keys: sections.flatMap((section) => [section, ...innerKeys(section, child(root, section))]),
  };
}

function itemOf(root: Located, key: string, index: number): Located | undefined {
  const list = child(root, key);
  return list?.kind === 'list' ? list.items[index] : undefined;
}

function innerKeys(section: string, node: Located | undefined): string[] {
  return node?.kind === 'map' ? [...node.entries.keys()].map((key) => `${section}.${snakeKey(key)}`) : [];
}

function ruleInput(
  rule: NonNullable<FileShape['rules']>[number],
  node: Located | undefined,
  source: SourceText | null,
): RuleInput {
  return withPosition(camelKeys(rule) as RuleInput, child(node, 'pattern') ?? node, source);
}

function policyDraft(
  policy: NonNullable<FileShape['policies']>[number],
  node: Located | undefined,
  source: SourceText | null,
): PolicyDraft {
  const { extends: parents, ...fields } = policy;
  const written = child(node, 'extends');
  const offsets =
    written?.kind === 'list' ? written.items.map(({ offset }) => offset) : [written?.offset ?? -1];
  const input = withPosition(
    camelKeys(fields) as ConditionPolicyInput,
    child(node, 'condition') ?? node,
    source,
  );
  const names = parents === undefined ? [] : Array.isArray(parents) ? parents : [parents];
  return {
    input,
    asWritten: asWritten(input, node),
    parents: names.map((name, i) => ({ name, offset: offsets[i] ?? -1 })),
    nameOffset: child(node, 'name')?.offset ?? -1,
  };
}

function withPosition<I extends { readonly position?: SourcePosition | undefined }>(
  input: I,
  node: Located | undefined,
  source: SourceText | null,
): I {
  if (source === null || node === undefined || node.offset < 0) return input;
  return { ...input, position: source.position(node.offset) };
}
