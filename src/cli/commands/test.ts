import { printable, printableStart } from '../../explain/printable.ts';
import { columnsOf, padded } from '../columns.ts';
import { EXIT } from '../exit-codes.ts';
import { dim, paintPassed, print, printJson } from '../output.ts';
import { readCases } from '../read-cases.ts';
import { type CaseResult, type FileResult, runCases } from '../run-cases.ts';

/** Longest name of a case or rule in the table, in characters. */
const MOST = 60;

/** Runs files of cases and prints a table of each. Returns 1 if a case failed. */
export function test(files: readonly string[], { json }: { readonly json?: boolean | undefined }): number {
  const ran = files.map((file) => runCases(readCases(file)));
  const results = ran.flatMap((file) => file.results);
  const failed = results.filter(({ passed }) => !passed).length;
  if (json === true) {
    printJson({ ok: failed === 0, passed: results.length - failed, failed, files: ran.map(fileJson) });
  } else {
    for (const file of ran) printFile(file);
    print(`${results.length - failed} passed, ${paintPassed(failed === 0, `${failed} failed`)}`);
  }
  return failed === 0 ? EXIT.ok : EXIT.failure;
}

function printFile({ file, results, unreached }: FileResult): void {
  print(printable(file));
  const rows = results.map((result) => [
    result.verdict,
    result.ruleName === null ? '-' : printableStart(result.ruleName, MOST),
    printableStart(result.policyCase.name, MOST),
  ]);
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => columnsOf(row[column] ?? ''))));
  for (const [i, result] of results.entries()) {
    const [verdict = '', rule = '', name = ''] = rows[i] ?? [];
    const mark = paintPassed(result.passed, result.passed ? 'pass' : 'FAIL');
    print(`  ${mark}  ${padded(verdict, widths[0] ?? 0)}  ${padded(rule, widths[1] ?? 0)}  ${name}`);
    if (!result.passed) print(`        ${expectation(result)}`);
  }
  if (unreached.length > 0)
    print(dim(`  no case reached: ${unreached.map((name) => printableStart(name, MOST)).join(', ')}`));
}

function expectation({ policyCase, reason }: CaseResult): string {
  const { expect, rule, line } = policyCase;
  const by = rule === undefined ? '' : rule === null ? ' by no rule' : ` by "${printableStart(rule, MOST)}"`;
  return `line ${line}: expected ${expect}${by}; the reason was: ${reason === '' ? '(none)' : printable(reason)}`;
}

function fileJson({ file, config, results, unreached }: FileResult): object {
  return {
    file,
    config,
    cases: results.map(({ policyCase, verdict, ruleName, reason, passed }) => ({
      name: policyCase.name,
      line: policyCase.line,
      passed,
      expected: policyCase.expect,
      expected_rule: policyCase.rule ?? null,
      verdict,
      rule_name: ruleName,
      reason,
    })),
    unreached,
  };
}
