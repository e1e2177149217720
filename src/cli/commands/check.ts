import { readFileSync } from 'node:fs';
import { loadConfig } from '../../config/load.ts';
import { readYamlData } from '../../config/yaml-data.ts';
import { ConfigError, PolicyError } from '../../core/errors.ts';
import { printable } from '../../explain/printable.ts';
import { compileLayer } from '../../policy/layers.ts';
import type { FindingSeverity } from '../../policy/lint/finding.ts';
import { lintLayer } from '../../policy/lint/lint.ts';
import type { SourcePosition } from '../../policy/rule-input.ts';
import { EXIT } from '../exit-codes.ts';
import { withoutEffect } from '../not-in-effect.ts';
import { dim, paintSeverity, print, printableLines, printJson } from '../output.ts';

/** One thing to say about a file. `load` is an error that keeps it from loading. */
interface Remark {
  readonly severity: FindingSeverity;
  readonly code: string;
  readonly message: string;
  readonly ruleName: string | null;
  readonly otherRule: string | null;
  readonly position: SourcePosition | null;
}

/** Checks each file on its own and prints everything found. Returns 1 if there is an error in any of them. */
export function check(files: readonly string[], { json }: { readonly json?: boolean | undefined }): number {
  const checked = files.map((file) => ({ file, remarks: remarksOn(file) }));
  const failed = checked.some(({ remarks }) => remarks.some(({ severity }) => severity === 'error'));
  if (json === true) printJson({ ok: !failed, files: checked.map(fileJson) });
  else for (const { file, remarks } of checked) printRemarks(file, remarks);
  return failed ? EXIT.failure : EXIT.ok;
}

function remarksOn(file: string): Remark[] {
  try {
    const findings = loadConfig(file).layers.flatMap((layer) => lintLayer(compileLayer(layer)));
    return [...findings, ...notesOn(file)].sort(
      (a, b) => (a.position?.line ?? Infinity) - (b.position?.line ?? Infinity),
    );
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof PolicyError)) throw error;
    const { line, column } = error instanceof ConfigError ? error : {};
    const position = line === undefined ? null : { file, line, column: column ?? 1 };
    return [
      { severity: 'error', code: 'load', message: error.message, ruleName: null, otherRule: null, position },
    ];
  }
}

function notesOn(file: string): Remark[] {
  const { data, positionOf } = readYamlData(readFileSync(file, 'utf8'), file, process.env);
  return withoutEffect(data).map(({ path, message }) => {
    return {
      severity: 'note',
      code: 'no-effect',
      message,
      ruleName: null,
      otherRule: null,
      position: positionOf(path),
    };
  });
}

function printRemarks(file: string, remarks: readonly Remark[]): void {
  for (const { severity, code, message, position } of remarks) {
    if (code === 'load') {
      // The message has the place of each problem already, and the lines of source below it.
      print(`${paintSeverity(severity)}: ${printableLines(message)}`);
      continue;
    }
    const at = position === null ? '' : `:${position.line}:${position.column}`;
    print(`${printable(file)}${at}: ${paintSeverity(severity)}: ${printable(message)} ${dim(`[${code}]`)}`);
  }
  const errors = remarks.filter(({ severity }) => severity === 'error').length;
  const others = remarks.length - errors;
  const found =
    remarks.length === 0 ? 'nothing to remark' : `${count(errors, 'error')}, ${count(others, 'remark')}`;
  print(`${printable(file)}: ${errors > 0 ? 'not in order' : 'in order'}, ${found}`);
}

function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}

function fileJson({ file, remarks }: { readonly file: string; readonly remarks: readonly Remark[] }): object {
  return {
    file,
    ok: remarks.every(({ severity }) => severity !== 'error'),
    findings: remarks.map(({ severity, code, message, ruleName, otherRule, position }) => ({
      severity,
      code,
      message,
      rule_name: ruleName,
      other_rule: otherRule,
      line: position?.line ?? null,
      column: position?.column ?? null,
    })),
  };
}
