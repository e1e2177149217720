import type { z as zodNamespace } from 'zod';
import type { Zod } from './lazy.ts';
import { about, type SchemaValues } from './schema-values.ts';
import { webhookSection } from './schema-webhook.ts';
import type { ExporterName, ExporterSettings } from './settings.ts';

const EXPORTERS = ['stdout', 'jsonl', 'sidecar', 'otel', 'datadog', 'webhook'] as const;
/** What must be said of exporters that are not to be had by name alone. */
const NEEDED: Readonly<Partial<Record<ExporterName, string>>> = Object.freeze({
  jsonl: '`jsonl: {path: …}`',
  datadog: '`datadog: {service: …, env: …, api_key: …}`',
  webhook: '`webhook: {url: …, secret: …}`',
});

/** An entry of `observability.exporters`: a name, or a name with options. */
export function exporterSchema(v: SchemaValues, zod: Zod) {
  const { z } = zod;
  const oneOf = `a name (${EXPORTERS.join(', ')}) or \`{name: {option: value}}\``;
  const shapes = optionShapes(v, zod);
  const withOptions = v
    .object(Object.fromEntries(EXPORTERS.map((name) => [name, shapes[name].optional()])), oneOf)
    .refine((value) => Object.keys(value).length === 1, { error: oneOf })
    .meta({ minProperties: 1, maxProperties: 1 });
  const byName = z.enum(EXPORTERS, { error: oneOf }).superRefine((name, { addIssue }) => {
    const needed = NEEDED[name];
    if (needed !== undefined) addIssue({ code: 'custom', message: `given with its options, as ${needed}` });
  });
  return z.union([byName, withOptions], { error: oneOf }).transform((written): ExporterSettings => {
    const [name, options] = typeof written === 'string' ? [written, {}] : (Object.entries(written)[0] ?? []);
    return { name, options } as ExporterSettings;
  });
}

function optionShapes(v: SchemaValues, zod: Zod): Record<ExporterName, zodNamespace.ZodType> {
  const url = 'a URL that begins with `http://` or `https://`';
  const link = () =>
    v.text(url).refine((text) => /^https?:\/\/\S+$/i.test(text) && URL.canParse(text), { error: url });
  const word = 'a text without spaces and commas';
  const plain = () => v.text(word).regex(/^[^\s,]{1,200}$/, { error: word });
  const site = 'a host such as `datadoghq.eu`';
  return {
    stdout: v.object(
      {
        level: about(v.word(['info', 'warn', 'error']), 'The least that is written.', 'info'),
        stream: about(v.word(['stdout', 'stderr']), 'Where lines are written to.', 'stdout'),
      },
      'a mapping of options',
    ),
    jsonl: v.object(
      { path: v.filled('a path').meta({ description: 'The file that is appended to.' }) },
      'a mapping with `path`',
    ),
    sidecar: v.object(
      {
        url: about(link(), 'Where the sidecar listens.', 'http://localhost:8765'),
        token: about(secret(v), 'An access token with the role `ingest`.'),
      },
      'a mapping of options',
    ),
    otel: v.object(
      {
        endpoint: about(link(), 'An OTLP/HTTP receiver.', 'http://localhost:4318'),
        include_arguments: about(v.flag(), 'Whether spans carry arguments and results.', false),
      },
      'a mapping of options',
    ),
    datadog: v.object(
      {
        service: plain().meta({ description: 'The service in Datadog.' }),
        env: plain().meta({ description: 'The environment in Datadog.' }),
        api_key: secret(v),
        site: about(
          v.text(site).regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i, { error: site }),
          'The Datadog site.',
          'datadoghq.com',
        ),
        url: about(link(), 'An intake of your own in place of the site.'),
      },
      'a mapping with `service`, `env` and `api_key`',
    ),
    webhook: webhookSection(v, zod),
  };
}

/** A word that no message repeats. */
function secret(v: SchemaValues) {
  const expected = 'a text without spaces';
  return v.text(expected).superRefine((text, { addIssue }) => {
    if (/^[\x21-\x7e]{1,500}$/.test(text)) return;
    addIssue({ code: 'custom', message: expected, params: { isSecret: true } });
  });
}
