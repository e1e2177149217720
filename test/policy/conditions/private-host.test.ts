import { describe, expect, test } from 'vitest';
import { compileCondition } from '../../../src/policy/conditions/compile.ts';
import { isPrivateHost } from '../../../src/policy/conditions/private-host.ts';
import { scopeOf } from './scope-of.ts';

describe('private', () => {
  test.each([
    'localhost',
    'LOCALHOST:8080',
    'localhost.',
    'http://localhost/x',
    'a.localhost',
    'printer.local',
    'db.internal',
    'metadata.google.internal.',
    '127.0.0.1',
    'http://127.0.0.1:80/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    '0x7f.1',
    'http://127.0.0.1./',
    'http://user:pass@10.0.0.1/',
    'http://example.com@192.168.0.1/',
    '172.16.0.1',
    '172.31.255.255',
    '169.254.169.254',
    'http://169.254.169.254/latest/meta-data',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    '[::1]:80',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    '::ffff:10.0.0.1',
    '::127.0.0.1',
    'fe80::1%eth0',
    'fd00::1',
    'http://[64:ff9b::7f00:1]/',
    'redis://127.1:6379',
    'ws://10.0.0.1',
    '//127.0.0.1/x',
    'http:\\\\127.0.0.1\\',
    'http:/127.0.0.1',
    'http://１２７.0.0.1/',
    'http://①②⑦.0.0.1/',
    'http://127。0。0。1/',
    'redis',
    'file:///etc/passwd',
    '168.63.129.16',
    ' http://127.0.0.1',
  ])('%s', (host) => {
    expect(isPrivateHost(host)).toBe(true);
  });
});

describe('public', () => {
  test.each([
    'example.com',
    'https://example.com/127.0.0.1',
    'http://127.0.0.1@example.com/',
    'https://localhost.example.com',
    'notlocal.com',
    'xinternal.org',
    '8.8.8.8',
    '172.32.0.1',
    '172.15.0.1',
    'http://[2606:4700::1111]/',
    '[2001:4860:4860::8888]:443',
    'example.com:8080',
    'postgres://u:p@db.example.com:5432/x',
    'https://mylocalhost.com',
  ])('%s', (host) => {
    expect(isPrivateHost(host)).toBe(false);
  });
});

test.each([
  'not a host',
  'http://',
  'http://[::1',
  '1.2.3.4.5',
  'a b.com',
  'http://256.256.256.256/',
  'x'.repeat(70_000),
])('no host can be read from %s, which is an error for the condition', (host) => {
  expect(isPrivateHost(host)).toBe(null);
  expect(() => compileCondition('is_private_host(parameters.h)').evaluate(scopeOf({ h: host }))).toThrow(
    'no host',
  );
});
