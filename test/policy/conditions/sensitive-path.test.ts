import { describe, expect, test } from 'vitest';
import { isSensitivePath } from '../../../src/policy/conditions/sensitive-path.ts';

describe('sensitive', () => {
  test.each([
    '/etc/passwd',
    '/etc',
    '/etc/',
    '//etc/passwd',
    '/./etc/passwd',
    '/tmp/../etc/passwd',
    '/tmp/x/../../etc/shadow',
    '../../../etc/passwd',
    '/ETC/passwd',
    '\\etc\\passwd',
    '/%65tc/passwd',
    '/tmp/%2e%2e/etc/passwd',
    '/ｅtc/passwd',
    '/e\u200btc/passwd',
    'file:///etc/passwd',
    'file:/etc/passwd',
    '/proc/self/root/etc',
    '/boot/grub',
    '/sys/kernel',
    '/root',
    '/root/.bashrc',
    '/usr/bin/env',
    '/private/etc/hosts',
    'C:\\Windows\\System32',
    '\\\\?\\C:\\Windows',
    '~/.ssh/id_rsa',
    '/home/u/.ssh/config',
    '.env',
    'app/.env.production',
    '/home/u/.aws/credentials',
    'deploy/server.pem',
    'id_ed25519',
    'tls/private.key',
  ])('%s', (path) => {
    expect(isSensitivePath(path)).toBe(true);
  });
});

describe('not sensitive', () => {
  test.each([
    '',
    '/',
    '/etcetera',
    '/etcetera/x',
    '/procfoo',
    '/tmp/etc/passwd',
    'etc/passwd',
    '/data/boot.txt',
    '/home/u/environment',
    'src/env.ts',
    '.env.example',
    'docs/keys.md',
    '/usr/share/doc',
    '/home/u/rootkit.txt',
    'id_rsa.pub',
    '/etc/../tmp/a',
  ])('%s', (path) => {
    expect(isSensitivePath(path)).toBe(false);
  });
});
