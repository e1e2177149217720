import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { zod } from '../../src/config/lazy.ts';
import { jsonSchema } from '../../src/config/schema.ts';
import { schemaFile } from '../../src/config/schema-file.ts';

interface Schema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** Objects with named properties, with where they are. */
function objects(schema: Schema, path = ''): (readonly [string, Schema])[] {
  const inner = [
    ...Object.entries(schema.properties ?? {}).flatMap(([key, one]) => objects(one, `${path}/${key}`)),
    ...(schema.items === undefined ? [] : objects(schema.items, `${path}[]`)),
    ...(schema.anyOf ?? []).flatMap((one) => objects(one, path)),
  ];
  return schema.properties === undefined ? inner : [[path, schema], ...inner];
}

describe('the JSON Schema for editors', () => {
  const schema = jsonSchema(zod()) as Schema;

  it('is committed as the code has it (npm run schema writes it)', () => {
    const committed = readFileSync(new URL('../../schema/plyra-guard.schema.json', import.meta.url), 'utf8');
    expect(committed).toBe(schemaFile());
  });

  it('has a title, allows no other keys, and describes the sections', () => {
    expect(schema.title).toBe('plyra-guard configuration');
    expect(schema.description).toBeTruthy();
    expect(objects(schema).filter(([, one]) => one.additionalProperties !== false)).toEqual([]);
    const undescribed = Object.entries(schema.properties ?? {}).filter(([, one]) => !one.description);
    expect(undescribed).toEqual([]);
  });

  it('quotes the defaults', () => {
    expect(schema.properties?.global?.properties?.max_risk_score).toMatchObject({ default: 0.85 });
    expect(schema.properties?.rollback?.properties?.max_bytes).toMatchObject({ default: '1GB' });
  });
});
