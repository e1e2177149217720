import colors from 'picocolors';
import type { Verdict } from '../core/verdict.ts';
import { printable } from '../explain/printable.ts';
import type { FindingSeverity } from '../policy/lint/finding.ts';

/** Writes lines of data to stdout. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Writes data to stdout as indented JSON. */
export function printJson(data: unknown): void {
  print(JSON.stringify(data, jsonValue, 2));
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
