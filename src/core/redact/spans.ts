/** What stands in place of a secret. */
export const MARK = '[redacted]';

/** A part of a text, in UTF-16 units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Is told of a part of a text that must not be stored. `inPlace`: it says nothing of the action's other texts. */
export type Tell = (start: number, end: number, inPlace?: boolean) => void;

/** A text, and an offset in it up to which it may be shown. */
export interface Shown {
  readonly text: string;
  readonly limit: number;
}

/**
 * Puts one mark in place of every part that `spans` cover together; parts that touch are one. A mark that stands in
 * the text already counts as a part, so that none is ever cut. The limit moves along with the text around it; from
 * inside of a part it moves behind its mark.
 */
export function replaceSpans({ text, limit }: Shown, spans: readonly Span[]): Shown {
  const parts = [...spans, ...marksIn(text)].sort((a, b) => a.start - b.start);
  let out = '';
  let moved = limit;
  let at = 0;
  for (let i = 0; i < parts.length; ) {
    const { start } = parts[i] as Span;
    let { end } = parts[i] as Span;
    for (i++; i < parts.length && (parts[i] as Span).start <= end; i++) {
      end = Math.max(end, (parts[i] as Span).end);
    }
    out += text.slice(at, start) + MARK;
    at = end;
    if (limit >= end) moved = out.length + limit - end;
    else if (limit > start) moved = out.length;
    else if (limit === start) moved = out.length - MARK.length;
  }
  return { text: out + text.slice(at), limit: moved };
}

function marksIn(text: string): Span[] {
  const found: Span[] = [];
  for (let at = text.indexOf(MARK); at >= 0; at = text.indexOf(MARK, at + MARK.length)) {
    found.push({ start: at, end: at + MARK.length });
  }
  return found;
}

/** At most `most` characters of the beginning of a text; no mark and no pair of surrogates is cut in two. */
export function cutBehindMarks(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = Math.max(0, most);
  const mark = text.lastIndexOf(MARK, end - 1);
  if (mark >= 0 && mark < end && mark + MARK.length > end) end = mark;
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end--;
  return text.slice(0, end);
}
