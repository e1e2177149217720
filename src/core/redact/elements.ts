import { isSureSecret } from './evidence.ts';
import type { SensitiveKeys } from './sensitive-keys.ts';
import type { Tell } from './spans.ts';

const ELEMENT = /<([A-Za-z_][\w.:-]{0,63})(?:\s[^<>]{0,256})?>/g;

/** Finds the texts of elements with a sensitive name: `<password>…</password>`. */
export function findElements(text: string, keys: SensitiveKeys, tell: Tell): void {
  let from = 0;
  for (const found of text.matchAll(ELEMENT)) {
    const start = found.index + found[0].length;
    if (found.index < from || keys.kindOf(found[1] ?? '') === 'none') continue;
    const isData = text.startsWith('<![CDATA[', start);
    const stop = isData ? text.indexOf(']]>', start) : text.indexOf('<', start);
    const end = stop < 0 ? text.length : stop;
    if (text.slice(start, start + 64).trim() !== '' && end > start) {
      const first = start + (isData ? 9 : 0);
      tell(first, end, !isSureSecret(found[1] ?? '', text.slice(first, end).trim(), keys));
    }
    from = end;
  }
}
