import colors from 'picocolors';
import type { AuditEntry } from '../core/entry.ts';
import type { Outcome } from '../core/verdict.ts';
import { printable } from '../explain/printable.ts';
import { cell, columnsOf } from './columns.ts';
import { dim, paintVerdict } from './output.ts';

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
  // Hand-written records and refused calls may hold anything in place of a name.
  const column = (text: unknown, width: number): string =>
    cell(typeof text === 'string' ? text : String(JSON.stringify(text)), width, !uncut);
  const time = roomy ? localTime(entry.timestamp) : localTime(entry.timestamp).slice('2026-'.length);
  const label = outcomeLabel(entry);
  const who = `${column(entry.agentId, widths.agent)} ${column(entry.toolName, widths.tool)}`;
  const why = `${column(whyOf(entry), widths.rule)} ${durationOf(entry).padStart(widths.duration)}`;
  const outcome = `${paintOutcome(entry, label)}${' '.repeat(Math.max(0, OUTCOME - columnsOf(label)))}`;
  const taken =
    time.length +
    Math.max(OUTCOME, columnsOf(label)) +
    columnsOf(who) +
    columnsOf(why) +
    ' '.repeat(4).length;
  const intent = column(entry.intent, uncut ? UNCUT_INTENT : Math.max(LEAST_INTENT, columns - taken));
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
