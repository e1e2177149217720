import { describe, expect, test } from 'vitest';
import { makeRedactor } from '../../../src/core/redact.ts';

const redaction = makeRedactor({ keys: [], patterns: [] }).forAction({});
const text = (written: string): string => redaction.text(written);

/** Letters and digits that no issuer gave out, so many as are needed. */
const random = (length: number): string => 'Zx7Qp2Lm9Vt4Kc8Rn3'.repeat(8).slice(0, length);
const hex = (length: number): string => '9f86d081884c7d659a2feaa0c55ad015'.repeat(3).slice(0, length);

describe('tokens that their issuers made to be recognised', () => {
  test.each([
    `sk-${random(48)}`,
    `sk-proj-${random(40)}_${random(20)}`,
    `sk-svcacct-${random(40)}`,
    `sk-ant-api03-${random(80)}-${random(8)}`,
    `sk-or-v1-${hex(64)}`,
    ...['ghp', 'gho', 'ghu', 'ghs', 'ghr'].map((kind) => `${kind}_${random(36)}`),
    `github_pat_${random(22)}_${random(59)}`,
    `glpat-${random(20)}`,
    `glrt-${random(20)}`,
    `xoxb-123456789012-1234567890123-${random(24)}`,
    `xoxp-123456789012-${random(24)}`,
    `xapp-1-A0123456789-1234567890-${hex(64)}`,
    `$2b$12$${random(53)}`,
    `$6$rounds=5000$salt$${random(86)}`,
    `$argon2id$v=19$m=65536,t=3,p=4$${random(22)}$${random(43)}`,
    `AKIA${'IOSFODNN7EXAMPLE'}`,
    `ASIA${'IOSFODNN7EXAMPLE'}`,
    `AIza${random(35)}`,
    `ya29.${random(60)}`,
    `GOCSPX-${random(28)}`,
    `1//0${random(40)}`,
    `sk_live_${random(24)}`,
    `rk_live_${random(24)}`,
    `sk_test_${random(24)}`,
    `whsec_${random(32)}`,
    `npm_${random(36)}`,
    `plyra_ingest_${random(43)}`,
    `plyra_viewer_${random(43)}`,
    `plyra_approver_${random(43)}`,
    `plyra_admin_${random(43)}`,
    `pypi-AgEIcHlwaS5vcmc${random(60)}`,
    `hf_${random(34)}`,
    `SG.${random(22)}.${random(43)}`,
    `SK${hex(32)}`,
    `shpat_${hex(32)}`,
    `shpss_${hex(32)}`,
    `dop_v1_${hex(64)}`,
    `dapi${hex(32)}`,
    `lin_api_${random(40)}`,
    `secret_${random(43)}`,
    `ntn_${random(43)}`,
    `123456789:AA${random(33)}`,
    `MTk${random(21)}.${random(6)}.${random(27)}`,
    `key-${hex(32)}`,
    `${hex(32)}-us12`,
    `abc8Q~${random(34)}`,
    `hvs.${random(24)}`,
    `dckr_pat_${random(27)}`,
    `gsk_${random(52)}`,
    `xai-${random(80)}`,
    `figd_${random(40)}`,
    `glsa_${random(32)}_${hex(8)}`,
    `NRAK-${random(27)}`,
    `AGE-SECRET-KEY-1${'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'.repeat(2).slice(0, 58)}`,
  ])('%s', (token) => {
    expect(text(token)).toBe('[redacted]');
    expect(text(`use ${token}, please`)).toBe('use [redacted], please');
    expect(text(`{"a":"${token}"}`)).toBe('{"a":"[redacted]"}');
    expect(text(`x=${token}\n`)).toBe('x=[redacted]\n');
    expect(text(`https://h/a/${token}?b=1`)).toBe('https://h/a/[redacted]?b=1');
  });

  test.each([
    [`https://hooks.slack.com/services/T00000000/B00000000/${random(24)}`, 'https://[redacted]'],
    [`https://discord.com/api/webhooks/123456789012345678/${random(68)}`, 'https://[redacted]'],
    [
      `https://api.telegram.org/bot123456789:AA${random(33)}/sendMessage`,
      'https://api.telegram.org/[redacted]/sendMessage',
    ],
    [`eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${random(43)} x`, '[redacted] x'],
    ['eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.', '[redacted]'],
    [`tokeneyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${random(43)}`, 'token[redacted]'],
    [`eyJhbGciOiJSU0EifQ.${random(20)}.${random(16)}.${random(40)}.${random(22)}`, '[redacted]'],
  ])('%s', (written, stored) => {
    expect(text(written)).toBe(stored);
  });
});

describe('private keys', () => {
  const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n';

  test.each([
    'RSA PRIVATE KEY',
    'PRIVATE KEY',
    'EC PRIVATE KEY',
    'OPENSSH PRIVATE KEY',
    'ENCRYPTED PRIVATE KEY',
    'PGP PRIVATE KEY BLOCK',
  ])('%s', (kind) => {
    expect(text(`a\n-----BEGIN ${kind}-----\n${body}-----END ${kind}-----\nb`)).toBe('a\n[redacted]\nb');
    expect(text(`a\n-----BEGIN ${kind}-----\n${body}`)).toBe('a\n[redacted]');
    expect(text(`${body}-----END ${kind}-----\nb`)).toBe('[redacted]\nb');
    const inJson = JSON.stringify({ content: `-----BEGIN ${kind}-----\n${body}-----END ${kind}-----\n` });
    expect(text(inJson)).toBe('{"content":"[redacted]\\n"}');
  });

  test('not public keys and certificates', () => {
    const harmless = `-----BEGIN PUBLIC KEY-----\n${body}-----END PUBLIC KEY-----`;
    expect(text(harmless)).toBe(harmless);
    const both = `-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n${body}`;
    expect(text(both)).toBe('-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n[redacted]');
  });
});

describe('numbers of cards and people', () => {
  test.each([
    '4111111111111111',
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
    '4111.1111.1111.1111',
    '4111\u200b1111\u200b11111111',
    '4111 \u200b1111 \u200b1111 \u200b1111',
    '4-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1',
    '41 11 11 11 11 11 11 11',
    '4111\u20131111\u20131111\u20131111',
    '4111\u00a01111\u00a01111\u00a01111',
    '４１１１１１１１１１１１１１１１',
    '3782 822463 10005',
    '378282246310005',
    '5555555555554444',
    '2223003122003222',
    '6011000990139424',
    '3530111333300000',
    '123-45-6789',
    '123 45 6789',
    '123.45.6789',
    '123\u200b-45-\u200b6789',
    '123 - 45 - 6789',
    'DE89370400440532013000',
    'DE89 3704 0044 0532 0130 00',
    'de89 3704 0044 0532 0130 00',
    'GB82WEST12345698765432',
    'GB82 WEST 1234 5698 7654 32',
    'FR14 2004 1010 0505 0001 3M02 606',
    'DE89\u200b37040044\u200b0532013000',
  ])('%s', (number) => {
    expect(text(number)).toBe('[redacted]');
    expect(text(`paid with ${number}.`)).toBe('paid with [redacted].');
    expect(text(`"${number}"`)).toBe('"[redacted]"');
  });

  test.each([
    ['4111 1111 1111 1111 12/29 123', '[redacted] 12/29 123'],
    ['order 17 4111 1111 1111 1111', 'order 17 [redacted]'],
    ['visa4111111111111111', 'visa[redacted]'],
    ['my ssn is 123456789', 'my ssn is [redacted]'],
    ['Social Security Number 123456789', 'Social Security Number [redacted]'],
  ])('%s', (written, stored) => {
    expect(text(written)).toBe(stored);
  });
});

describe('credentials of requests and URLs', () => {
  test.each([
    ['Bearer abc123def456', 'Bearer [redacted]'],
    ['bearer  mF_9.B5f-4.1JqM', 'bearer  [redacted]'],
    ['sent Basic dXNlcjpwYXNz now', 'sent Basic [redacted] now'],
    ['https://bob:hunter2@example.org/x', 'https://bob:[redacted]@example.org/x'],
    ['redis://:hunter2@cache:6379/0', 'redis://:[redacted]@cache:6379/0'],
    ['postgres://bob:p/w:d@db/x', 'postgres://bob:[redacted]@db/x'],
    ['mongodb+srv://bob:a@b@c.net/x', 'mongodb+srv://bob:[redacted]@c.net/x'],
    [
      'git clone https://x-access-token:abc@github.com/a/b',
      'git clone https://x-access-token:[redacted]@github.com/a/b',
    ],
    ['http://a:b@c,http://d:e@f', 'http://a:[redacted]@c,http://d:[redacted]@f'],
    ['https://h/x?access_token=abc&y=1', 'https://h/x?access_token=[redacted]&y=1'],
    ['https://h/x?y=1&sig=abc%3D', 'https://h/x?y=1&sig=[redacted]'],
    ['https://h/x?X-Amz-Signature=abc&z', 'https://h/x?X-Amz-Signature=[redacted]'],
    ['https://h/#token=abc', 'https://h/#token=[redacted]'],
  ])('%s', (written, stored) => {
    expect(text(written)).toBe(stored);
  });
});
