import { describe, expect, it } from 'vitest';
import { webhookUrlProblem } from '../../src/policy/webhook-url.ts';

describe('webhookUrlProblem', () => {
  it.each(['https://hooks.example/x', 'https://1.1.1.1', 'HTTPS://Hooks.Example:8443/x?y'])(
    'passes %s',
    (url) => {
      expect(webhookUrlProblem(url, false)).toBeUndefined();
    },
  );

  it.each([
    '',
    'hooks.example',
    'file:///etc/passwd',
    'ftp://x.example',
    'https://',
    'https://[::1',
    'https://a b',
  ])('finds that %j is no URL for it, also with `allow_private`', (url) => {
    expect(webhookUrlProblem(url, false)).toContain('begins with `https://`');
    expect(webhookUrlProblem(url, true)).toContain('begins with `https://`');
  });

  it.each([
    'https://127.0.0.1',
    'https://0.0.0.0',
    'https://[::1]',
    'https://[::]',
    'https://[::ffff:127.0.0.1]',
    'https://[fe80::1]',
    'https://169.254.169.254/latest/meta-data',
    'https://2130706433',
    'https://0177.0.0.1',
    'https://127.1',
    'https://user@10.0.0.1',
    'https://hooks.example@192.168.0.1',
    'https://localhost.',
    'https://vault.internal',
    'http://127.0.0.1',
  ])('finds that %s is private', (url) => {
    expect(webhookUrlProblem(url, false)).toContain('public host');
    expect(webhookUrlProblem(url, true)).toBeUndefined();
  });

  it('takes http only where it is allowed', () => {
    expect(webhookUrlProblem('http://hooks.example/x', false)).toContain('over `http:` others read');
    expect(webhookUrlProblem('http://hooks.example/x', true)).toBeUndefined();
  });
});
