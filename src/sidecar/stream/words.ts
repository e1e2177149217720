import type { AuditEntry } from '../../core/entry.ts';

/** Whether every word of a search occurs, or begins a word, in an entry's intent or reason; letter case does not count. */
export function matchesWords(search: string): (entry: AuditEntry) => boolean {
  const wanted = wordsOf(search);
  return (entry) => {
    if (wanted.length === 0) return true;
    const words = wordsOf(`${String(entry.intent)} ${String(entry.reason)}`);
    return wanted.every((one) => words.some((word) => word.startsWith(one)));
  };
}

/** Letters and digits that stand together, in lower case. */
function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
