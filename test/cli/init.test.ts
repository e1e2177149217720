import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workspace } from './run-cli.ts';

test('init writes a policy that names its schema, loads without a remark, and works', () => {
  const { run, folder } = workspace();
  expect(run(['init'])).toMatchObject({ code: 0, stderr: '' });
  const text = readFileSync(join(folder, 'policy.yaml'), 'utf8');
  expect(text.split('\n')[0]).toBe(
    '# yaml-language-server: $schema=./node_modules/plyra-guard/schema/plyra-guard.schema.json',
  );
  expect(run(['check', 'policy.yaml']).stdout).toBe('policy.yaml: in order, nothing to remark\n');
  const verdicts = ['/tmp/a', '/etc/passwd', 'config/.env', 'DROP TABLE users', 'other'].map(
    (intent) => run(['evaluate', intent, '--config', 'policy.yaml']).code,
  );
  expect(verdicts).toEqual([0, 3, 3, 4, 3]);
});

test('init never overwrites a file without --force', () => {
  const { run, folder } = workspace({ 'mine.yaml': 'precious' });
  const refused = run(['init', 'mine.yaml']);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain('--force');
  expect(readFileSync(join(folder, 'mine.yaml'), 'utf8')).toBe('precious');
  expect(run(['init', 'mine.yaml', '--force']).code).toBe(0);
  expect(readFileSync(join(folder, 'mine.yaml'), 'utf8')).toContain('rules:');
});

test('init in another folder names the schema relative to the file', () => {
  const { run, json, folder } = workspace();
  expect(json('init', 'config/guard/policy.yaml')).toEqual({ file: 'config/guard/policy.yaml' });
  expect(readFileSync(join(folder, 'config/guard/policy.yaml'), 'utf8')).toContain(
    '$schema=../../node_modules/',
  );
  expect(run(['check', 'config/guard/policy.yaml']).code).toBe(0);
});

test.each([
  ['/proc/foo/x.yaml', 'no folder can be made there'],
  ['file.txt/below/x.yaml', 'a part of the path is a file'],
])('init %s says why it cannot be written', (file, message) => {
  const { run } = workspace({ 'file.txt': '' });
  const refused = run(['init', file]);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain(message);
});
