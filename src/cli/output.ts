import colors from 'picocolors';
import type { Verdict } from '../core/verdict.ts';
import { printable, printableJson } from '../explain/printable.ts';
import type { FindingSeverity } from '../policy/lint/finding.ts';

/** Writes lines of data to stdout. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Writes data to stdout as indented JSON, in which nothing acts on a terminal. */
export function printJson(data: unknown): void {
  print(printableJson(JSON.stringify(data, jsonValue, 2)));
}

/** Data as one line of JSON, with its line end, in which nothing acts on a terminal. */
export function jsonLine(data: unknown): string {
  return `${printableJson(JSON.stringify(data, jsonValue))}\n`;
}

/** Writes messages for people to stderr. */
export function say(...lines: readonly string[]): void {
  process.stderr.write(`${lines.join('\n')}\n`);
}

/** BigInts and the like become text: arguments may hold them, and JSON cannot. */
function jsonValue(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' || typeof value === 'symbol' ? String(value) : value;
}

/** Escapes everything but the line ends: for messages of several lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** A verdict in its colour, where the terminal has colours and NO_COLOR is not set. */
export function paintVerdict(verdict: Verdict, text: string = verdict): string {
  if (verdict === 'ALLOW') return colors.green(text);
  return verdict === 'BLOCK' ? colors.red(text) : colors.yellow(text);
}

/** A severity in its colour. */
export function paintSeverity(severity: FindingSeverity): string {
  if (severity === 'error') return colors.red(severity);
  return severity === 'warning' ? colors.yellow(severity) : colors.dim(severity);
}

/** Text in the colour for good or bad. */
export function paintPassed(passed: boolean, text: string): string {
  return passed ? colors.green(text) : colors.red(text);
}

/** Text that is less important. */
export function dim(text: string): string {
  return colors.dim(text);
}

/** `1 record`, `2 records`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
