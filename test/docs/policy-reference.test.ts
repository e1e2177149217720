import { describe, expect, it } from 'vitest';
import { RISK_WEIGHTS } from '../../src/evaluators/risk/tables.ts';
import { FUNCTION_NAMES } from '../../src/policy/conditions/build-call.ts';
import { METHODS } from '../../src/policy/conditions/methods.ts';
import { SCOPE_NAMES, SCOPE_OBJECTS } from '../../src/policy/conditions/names.ts';
import { read } from '../architecture/repository.ts';

const page = read('docs/policy.md');

/** The parts of the shipped JSON Schema that are read here. */
interface Schema {
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

const file = JSON.parse(read('schema/plyra-guard.schema.json')) as Schema;

/** What is no setting but a part of the policy itself. */
const POLICY_KEYS = new Set(['version', 'name', 'default_action', 'rules', 'policies']);

interface Setting {
  readonly path: readonly string[];
  readonly schema: Schema;
}

const settings = Object.entries(file.properties ?? {})
  .filter(([name]) => !POLICY_KEYS.has(name))
  .flatMap(([name, schema]): Setting[] =>
    schema.properties === undefined
      ? [{ path: [name], schema }]
      : Object.entries(schema.properties).map(([key, inner]) => ({ path: [name, key], schema: inner })),
  );

interface Row {
  readonly key: string;
  readonly fallback: string;
}

/** The rows of the table of settings. */
const [, afterHeading = ''] = page.split('## Settings');
const rows = [...afterHeading.matchAll(/^\| `([a-z_.]+)` \| .+? \| (.+?) \| .+ \|$/gm)].map(
  ([, key = '', fallback = '']): Row => ({ key, fallback }),
);

function rowOf({ path }: Setting): Row | undefined {
  return rows.find(({ key }) => key === path.join('.'));
}

/** As the table writes a default: text without its quotes. */
function written(fallback: unknown): string {
  return `\`${typeof fallback === 'string' ? fallback : JSON.stringify(fallback)}\``;
}

describe('the settings in docs/policy.md', () => {
  it('are those of the schema', () => {
    expect(rows.map(({ key }) => key).sort()).toEqual(settings.map(({ path }) => path.join('.')).sort());
  });

  it.each(settings.filter(({ schema }) => 'default' in schema))('have the default of $path', (setting) => {
    expect(rowOf(setting)?.fallback).toBe(written(setting.schema.default));
  });
});

describe('the language in docs/policy.md', () => {
  const [beforeSettings = ''] = page.split('## Settings');

  it.each(['rules', 'policies'])('names every key of %s', (list) => {
    const keys = Object.keys(file.properties?.[list]?.items?.properties ?? {});
    expect(keys).not.toEqual([]);
    expect(keys.filter((key) => !beforeSettings.includes(`\`${key}\``))).toEqual([]);
  });

  it('names every name, function and method of conditions', () => {
    const [, conditions = ''] = page.split('## Conditions');
    const members = [...SCOPE_OBJECTS].flatMap(([owner, inner]) =>
      [...inner.keys()].map((one) => `${owner}.${one}`),
    );
    const known = [...SCOPE_NAMES.keys(), ...members, ...FUNCTION_NAMES, ...METHODS.keys()];
    const words = new Set(conditions.match(/[a-z_0-9.]+/g));
    expect(known.filter((word) => !words.has(word))).toEqual([]);
  });

  it('has the weights of the risk score', () => {
    const formula = Object.values(RISK_WEIGHTS).map((weight) => `${weight} × `);
    const line = page.split('\n').find((one) => one.startsWith('`0.3 × ')) ?? '';
    expect(line.match(/[\d.]+ × /g)).toEqual(formula);
  });
});
