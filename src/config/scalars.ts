/** A scalar as YAML 1.1 knows them. */
export type ScalarValue = string | number | boolean | null;

/** The tags of scalars that PyYAML's SafeLoader reads and that a configuration may hold. */
export type ScalarTag = 'str' | 'int' | 'float' | 'bool' | 'null';

// The five expressions are those of PyYAML's resolver (yaml/resolver.py). They differ from YAML 1.2 on purpose: a
// policy file means the same here and there. `1e3` has no dot and is text, `012` is 10, `1:30` is 90, `on` is true.
const BOOL = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const INT =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** What PyYAML's SafeLoader reads a plain scalar as. Dates stay text: nothing in a configuration is a date. */
export function readPlain(text: string): ScalarValue {
  // Numbers beyond this length are no numbers that anyone wrote, and the sums below would take long.
  if (text.length > 400) return text;
  if (NULL.test(text)) return null;
  if (BOOL.test(text)) return readBool(text) ?? text;
  if (INT.test(text)) return readInt(text) ?? text;
  return FLOAT.test(text) ? readFloat(text) : text;
}

/** What a scalar with an explicit tag (`!!int '3'`) is; `undefined` where the text is no such thing. */
export function readTagged(tag: ScalarTag, text: string): ScalarValue | undefined {
  if (tag === 'str') return text;
  if (tag === 'null') return null;
  if (tag === 'bool') return readBool(text);
  if (tag === 'int') return INT.test(text) ? readInt(text) : undefined;
  return FLOAT.test(text) || INT.test(text) ? readFloat(text) : undefined;
}

function readBool(text: string): boolean | undefined {
  if (!BOOL.test(text)) return undefined;
  return /^(?:yes|true|on)$/i.test(text);
}

function readInt(written: string): number | undefined {
  const sign = written.startsWith('-') ? -1 : 1;
  const digits = written.replaceAll('_', '').replace(/^[-+]/, '');
  // `+ 0` turns -0 into 0, as an integer has it.
  const signed = (value: number): number | undefined => (Number.isNaN(value) ? undefined : sign * value + 0);
  if (digits === '0') return 0;
  if (digits.startsWith('0b') || digits.startsWith('0x'))
    return signed(Number(digits.length > 2 ? digits : NaN));
  if (digits.startsWith('0')) return signed(Number.parseInt(digits, 8));
  return signed(digits.includes(':') ? base60(digits) : Number(digits));
}

function readFloat(written: string): number {
  const sign = written.startsWith('-') ? -1 : 1;
  const digits = written.replaceAll('_', '').replace(/^[-+]/, '').toLowerCase();
  if (digits === '.inf') return sign * Number.POSITIVE_INFINITY;
  if (digits === '.nan') return Number.NaN;
  return sign * (digits.includes(':') ? base60(digits) : Number(digits));
}

function base60(digits: string): number {
  return digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
