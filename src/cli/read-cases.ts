import { dirname, resolve } from 'node:path';
import { readSource } from '../config/read-file.ts';
import { readYamlData, type YamlData } from '../config/yaml-data.ts';
import { ARGUMENT_KINDS, type ArgumentKind, isArgumentKind } from '../core/argument-kind.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigSchemaError } from '../core/errors.ts';
import type { ActionIntentInput } from '../core/intent.ts';
import { isVerdict, type Verdict } from '../core/verdict.ts';
import { intentOfData } from './read-intent.ts';
import { UsageError } from './usage-error.ts';

/** One case: an intent and what is to come of it. */
export interface PolicyCase {
  readonly name: string;
  readonly intent: string | ActionIntentInput;
  /** What an intent that is text is read as; `undefined`: by how it begins. */
  readonly as: ArgumentKind | undefined;
  readonly expect: Verdict;
  /** The rule or policy that is to decide, `null` for none of them; `undefined`: any. */
  readonly rule: string | null | undefined;
  readonly line: number;
}

/** A file of cases. */
export interface CaseFile {
  readonly file: string;
  /** Paths of the policy files; empty for the built-in policy. */
  readonly config: readonly string[];
  readonly cases: readonly PolicyCase[];
}

const FILE_KEYS = Object.freeze(['config', 'cases']);
const CASE_KEYS = Object.freeze(['name', 'intent', 'as', 'expect', 'rule']);
const WORDS = Object.freeze(['allow', 'warn', 'defer', 'escalate', 'block']);

/**
 * Reads a file of cases: `{config, cases: [{name, intent, as, expect, rule}]}`, paths relative to the file.
 * Throws ConfigFileNotFoundError; ConfigSchemaError, also where there is no case, with file, line and column.
 */
export function readCases(file: string): CaseFile {
  const { text } = readSource(file);
  const yaml = readYamlData(text, file, null);
  const reader = new CaseReader(file, yaml);
  const top = reader.mapping(yaml.data, [], FILE_KEYS);
  if (!Array.isArray(top.cases)) reader.fail([], 'A file of cases has `cases`, a list of {intent, expect}.');
  const items = top.cases as unknown[];
  // A run of nothing must not look like a run in which all is well.
  if (items.length === 0) reader.fail(['cases'], '`cases` is empty, so nothing would be tested. Add a case.');
  const cases = items.map((item, i) => reader.readCase(item, i));
  return { file, config: reader.configPaths(top.config).map((path) => resolve(dirname(file), path)), cases };
}

class CaseReader {
  readonly #file: string;
  readonly #yaml: YamlData;

  constructor(file: string, yaml: YamlData) {
    this.#file = file;
    this.#yaml = yaml;
  }

  fail(path: readonly (string | number)[], message: string): never {
    const { line, column } = this.#yaml.positionOf(path) ?? { line: 1, column: 1 };
    throw new ConfigSchemaError(`${this.#file}:${line}:${column}: ${message}`, {
      file: this.#file,
      line,
      column,
    });
  }

  mapping(
    data: unknown,
    path: readonly (string | number)[],
    keys: readonly string[],
  ): Readonly<Record<string, unknown>> {
    if (typeof data !== 'object' || data === null || Array.isArray(data)) {
      this.fail(path, `A mapping with the keys ${keys.join(', ')} is expected here.`);
    }
    for (const key of Object.keys(data)) {
      if (!keys.includes(key))
        this.fail([...path, key], `There is no key \`${key}\` here.${didYouMean(key, keys)}`);
    }
    return data as Readonly<Record<string, unknown>>;
  }

  configPaths(config: unknown): readonly string[] {
    if (config === undefined || config === null) return [];
    const paths: unknown[] = Array.isArray(config) ? config : [config];
    if (paths.every((path) => typeof path === 'string')) return paths;
    return this.fail(
      ['config'],
      '`config` is the path of a policy file, relative to this file, or a list of them.',
    );
  }

  readCase(data: unknown, index: number): PolicyCase {
    const path = ['cases', index];
    const { name, intent, as, expect, rule } = this.mapping(data, path, CASE_KEYS);
    const verdict = typeof expect === 'string' ? expect.toUpperCase() : expect;
    if (!isVerdict(verdict)) {
      const given = typeof expect === 'string' ? didYouMean(expect, WORDS) : '';
      return this.fail([...path, 'expect'], `A case expects one of ${WORDS.join(', ')}.${given}`);
    }
    if (name !== undefined && typeof name !== 'string') this.fail([...path, 'name'], 'A name is text.');
    if (rule !== undefined && rule !== null && typeof rule !== 'string') {
      this.fail([...path, 'rule'], 'A rule is named by text, or null where none decides.');
    }
    if (as !== undefined && !isArgumentKind(as)) {
      this.fail([...path, 'as'], `\`as\` is one of ${ARGUMENT_KINDS.join(', ')}.`);
    }
    const read = this.#intent(intent, [...path, 'intent']);
    const title = name ?? (typeof read === 'string' ? read : read.actionType);
    const line = this.#yaml.positionOf(path)?.line ?? 1;
    return { name: title, intent: read, as, expect: verdict, rule, line };
  }

  #intent(intent: unknown, path: readonly (string | number)[]): string | ActionIntentInput {
    if (typeof intent === 'string') return intent;
    try {
      return intentOfData(intent);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return this.fail(path, `An intent is text or an action. ${error.message}`);
    }
  }
}
