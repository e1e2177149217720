import { zod } from './lazy.ts';
import { jsonSchema } from './schema.ts';

/** The text of the JSON Schema that ships in the package. Needs nothing but the schema, so it can be checked. */
export function schemaFile(): string {
  return `${JSON.stringify(jsonSchema(zod()), null, 2)}\n`;
}
