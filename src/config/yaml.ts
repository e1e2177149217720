import { MAX_BYTES } from './caps.ts';
import { Composer } from './compose.ts';
import { yaml as loadYaml } from './lazy.ts';
import type { Located } from './located.ts';
import { exceedsCap } from './nesting.ts';
import type { ScalarReader } from './read-scalar.ts';
import { reportSyntaxErrors } from './syntax-errors.ts';

/** What PyYAML refuses in a stream; nobody sees these in an editor. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find.
const NOT_PRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0080-\u0084\u0086-\u009f\ufffe\uffff]/;

/**
 * Parses one YAML document into located values, as PyYAML's SafeLoader would read it. What is wrong is added to the
 * reader's problems; then the result is `undefined`.
 */
export function parseYaml(reader: ScalarReader): Located | undefined {
  const { source, problems } = reader;
  const { text } = source;
  const before = problems.count;
  if (text.length > MAX_BYTES || new TextEncoder().encode(text).length > MAX_BYTES) {
    problems.add('schema', `The file is larger than ${MAX_BYTES / 1024 / 1024} MB.`, source, 0);
    return undefined;
  }
  const hidden = NOT_PRINTABLE.exec(text);
  if (hidden !== null) {
    const code = hidden[0].charCodeAt(0).toString(16).padStart(4, '0').toUpperCase();
    problems.add('schema', `The character U+${code} is not allowed in YAML.`, source, hidden.index);
    return undefined;
  }
  const located = parse(reader);
  return problems.count > before ? undefined : located;
}

function parse(reader: ScalarReader): Located | undefined {
  const { source, problems } = reader;
  const yaml = loadYaml();
  const tooMuch = exceedsCap(source.text, yaml);
  if (tooMuch !== undefined) {
    problems.add('schema', tooMuch.message, source, tooMuch.offset);
    return undefined;
  }
  // `failsafe` leaves every scalar a text: their types are ours to resolve. Duplicate keys are found while composing,
  // in linear time.
  const documents = yaml.parseAllDocuments(source.text, {
    schema: 'failsafe',
    version: '1.1',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const [first, second] = 'empty' in documents ? [] : documents;
  if (second !== undefined) {
    const at = second.range?.[0] ?? 0;
    problems.add('schema', 'A file holds one document: remove the `---` between two.', source, at, 3);
    return undefined;
  }
  if (first === undefined || first.contents === null) {
    if (first !== undefined) reportSyntaxErrors(first.errors, source, problems);
    const message =
      'The file says nothing. A rule file has `rules`, a guard configuration `policies` or settings; write `{}` for all defaults.';
    if (first === undefined || first.errors.length === 0) problems.add('schema', message, source, 0);
    return undefined;
  }
  reportSyntaxErrors(first.errors, source, problems);
  return first.errors.length > 0 ? undefined : new Composer(yaml, reader).compose(first.contents, 0);
}
