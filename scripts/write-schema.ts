import { writeFileSync } from 'node:fs';
import { schemaFile } from '../src/config/schema-file.ts';

writeFileSync(new URL('../schema/plyra-guard.schema.json', import.meta.url), schemaFile());
