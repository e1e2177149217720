import colors from 'picocolors';
import type { AuditEntry } from '../core/entry.ts';
import type { Outcome } from '../core/verdict.ts';
import { printable } from '../explain/printable.ts';
import { dim, paintVerdict } from './output.ts';

/** Characters that take two columns of a terminal. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;
/** A terminal of fewer columns has narrower ones for the agent, the tool and the rule, and no year. */
const ROOMY = 120;
const LEAST_INTENT = 8;
const UNCUT_INTENT = 24;
const OUTCOME = 8;

/** Columns of the fields that are cut; everything else is as long as it is. */
const WIDTHS = Object.freeze({
  roomy: { agent: 12, tool: 16, rule: 28, duration: 8 },
  narrow: { agent: 8, tool: 12, rule: 16, duration: 7 },
});

/**
 * An entry as one line: local time, outcome, agent, tool, intent, rule or reason, duration. `columns` is the width of
 * the terminal, to which the intent is cut; without one nothing is cut. Nothing in the line acts on a terminal.
 */
export function logLine(entry: AuditEntry, columns: number | undefined): string {
  const uncut = columns === undefined;
  const roomy = uncut || columns >= ROOMY;
  const widths = roomy ? WIDTHS.roomy : WIDTHS.narrow;
  const cell = (text: unknown, width: number): string => {
    // Hand-written records and refused calls may hold anything in place of a name.
    const name = typeof text === 'string' ? text : String(JSON.stringify(text));
    return padded(uncut ? printable(name) : cut(name, width), width);
  };
  const time = roomy ? localTime(entry.timestamp) : localTime(entry.timestamp).slice('2026-'.length);
  const label = outcomeLabel(entry);
  const who = `${cell(entry.agentId, widths.agent)} ${cell(entry.toolName, widths.tool)}`;
  const why = `${cell(whyOf(entry), widths.rule)} ${durationOf(entry).padStart(widths.duration)}`;
  const outcome = `${paintOutcome(entry, label)}${' '.repeat(Math.max(0, OUTCOME - label.length))}`;
  const taken =
    time.length + Math.max(OUTCOME, label.length) + columnsOf(who) + columnsOf(why) + ' '.repeat(4).length;
  const intent = cell(entry.intent, uncut ? UNCUT_INTENT : Math.max(LEAST_INTENT, columns - taken));
  return `${dim(time)} ${outcome} ${who} ${intent} ${why}`.trimEnd();
}

/** A time as this machine's clock shows it: `2026-11-21 12:00:01`. */
export function localTime(time: unknown): string {
  if (!(time instanceof Date) || Number.isNaN(time.getTime())) return '????-??-?? ??:??:??';
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = `${String(time.getFullYear()).padStart(4, '0')}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** What became of the action: its outcome, or its state while it has none. */
function outcomeLabel({ state, outcome }: AuditEntry): string {
  const unfinished = state === 'interrupted' || state === 'running' || state === 'waiting';
  return printable(unfinished ? state.toUpperCase() : String(outcome));
}

function paintOutcome({ state, outcome }: AuditEntry, label: string): string {
  if (state === 'interrupted' || outcome === 'ERROR') return colors.red(label);
  return state === 'running' ? dim(label) : paintVerdict(outcome satisfies Exclude<Outcome, 'ERROR'>, label);
}

function whyOf({ state, error, mode, wouldVerdict, ruleName, reason, rolledBack }: AuditEntry): string {
  const undone = rolledBack ? 'rolled back; ' : '';
  if (state === 'failed' && error !== null) return `${undone}${error}`;
  const would = mode === 'monitor' && wouldVerdict !== null ? `would ${wouldVerdict}: ` : '';
  return `${undone}${would}${ruleName ?? reason}`;
}

function durationOf({ state, durationMs }: AuditEntry): string {
  if ((state !== 'done' && state !== 'failed') || typeof durationMs !== 'number') return '-';
  if (durationMs < 9.95) return `${durationMs.toFixed(1)} ms`;
  if (durationMs < 999.5) return `${durationMs.toFixed(0)} ms`;
  if (durationMs < 99_950) return `${(durationMs / 1000).toFixed(1)} s`;
  return `${(durationMs / 60_000).toFixed(0)} min`;
}

/** The beginning of a text, escaped, with `…` where something is left out; at most `width` columns. */
function cut(text: string, width: number): string {
  // A character is at most two units and takes a column or more: what lies further behind never shows.
  const shown = printable(text.slice(0, 2 * width + 2));
  if (columnsOf(shown) <= width) return shown;
  let kept = '';
  let columns = '…'.length;
  for (const character of shown) {
    columns += columnsOf(character);
    if (columns > width) break;
    kept += character;
  }
  return `${kept}…`;
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)));
}

function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += WIDE.test(character) ? 2 : 1;
  return columns;
}
