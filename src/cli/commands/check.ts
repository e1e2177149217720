import { loadConfig } from '../../config/load.ts';
import { ConfigError, PolicyError } from '../../core/errors.ts';
import { printable } from '../../explain/printable.ts';
import { compileLayer } from '../../policy/layers.ts';
import type { FindingSeverity } from '../../policy/lint/finding.ts';
import { lintLayer } from '../../policy/lint/lint.ts';
import { EXIT } from '../exit-codes.ts';
import { count, dim, paintSeverity, print, printableLines, printJson } from '../output.ts';

/** One thing to say about a file. `load` is an error that keeps it from loading. */
interface Remark {
  readonly severity: FindingSeverity;
  readonly code: string;
  readonly message: string;
  readonly ruleName: string | null;
  readonly otherRule: string | null;
  readonly position: { readonly line: number; readonly column: number } | null;
}

interface Checked {
  readonly file: string;
  readonly remarks: readonly Remark[];
  /** The whole message, with lines of source, for a file that does not load. */
  readonly loadError: string | null;
}

/** Checks each file on its own and prints everything found. Returns 1 if there is an error in any of them. */
export function check(files: readonly string[], { json }: { readonly json?: boolean | undefined }): number {
  const checked = files.map(checkFile);
  const failed = checked.some(({ remarks }) => remarks.some(({ severity }) => severity === 'error'));
  if (json === true) printJson({ ok: !failed, files: checked.map(fileJson) });
  else for (const one of checked) printRemarks(one);
  return failed ? EXIT.failure : EXIT.ok;
}

function checkFile(file: string): Checked {
  try {
    const { layers } = loadConfig(file);
    const remarks: Remark[] = layers.flatMap((layer) => lintLayer(compileLayer(layer)));
    // What is about the whole file comes last.
    remarks.sort((a, b) => (a.position?.line ?? Number.MAX_VALUE) - (b.position?.line ?? Number.MAX_VALUE));
    return { file, remarks, loadError: null };
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof PolicyError)) throw error;
    return { file, remarks: loadRemarks(error), loadError: error.message };
  }
}

/** A file that does not load has all its problems in the error's details. */
function loadRemarks(error: ConfigError | PolicyError): Remark[] {
  const { problems } = error.details;
  const list: unknown[] =
    Array.isArray(problems) && problems.length > 0
      ? problems
      : [{ ...error.details, message: error.message }];
  return list.map((problem) => {
    const { message, line, column } = problem as { message: unknown; line?: unknown; column?: unknown };
    const position =
      typeof line === 'number' ? { line, column: typeof column === 'number' ? column : 1 } : null;
    return {
      severity: 'error',
      code: 'load',
      message: String(message),
      ruleName: null,
      otherRule: null,
      position,
    };
  });
}

function printRemarks({ file, remarks, loadError }: Checked): void {
  if (loadError !== null) print(`${paintSeverity('error')}: ${printableLines(loadError)}`);
  for (const { severity, code, message, position } of loadError === null ? remarks : []) {
    const at = position === null ? '' : `:${position.line}:${position.column}`;
    print(`${printable(file)}${at}: ${paintSeverity(severity)}: ${printable(message)} ${dim(`[${code}]`)}`);
  }
  const errors = remarks.filter(({ severity }) => severity === 'error').length;
  const others = remarks.length - errors;
  const found =
    remarks.length === 0 ? 'nothing to remark' : `${count(errors, 'error')}, ${count(others, 'remark')}`;
  print(`${printable(file)}: ${errors > 0 ? 'not in order' : 'in order'}, ${found}`);
}

function fileJson({ file, remarks }: Checked): object {
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
