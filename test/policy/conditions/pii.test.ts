import { describe, expect, test } from 'vitest';
import { compileCondition } from '../../../src/policy/conditions/compile.ts';
import { containsPii } from '../../../src/policy/conditions/pii.ts';
import { scopeOf } from './scope-of.ts';

describe('contains_pii finds', () => {
  test.each([
    'write to jane.doe@example.com please',
    'SSN 123-45-6789',
    'ssn: 123 45 6789',
    '123.45.6789',
    'my ssn is 123456789',
    '123\u200b-45-\u200b6789',
    '１２３-４５-６７８９',
    '123\u201345\u20136789',
    '4111111111111111',
    'card 4111 1111 1111 1111 exp 12/29',
    '4111-1111-1111-1111',
    '4111\u200b1111\u200b11111111',
    '3782 822463 10005',
    '6011000990139424',
    '5555.5555.5555.4444',
    '2223003122003222',
    '4-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1',
    'order 17: 4111 1111 1111 1111',
    'DE89 3704 0044 0532 0130 00',
    'pay to GB82WEST12345698765432 today',
    'call +49 30 1234 5678',
    'call (212) 555-0123',
    '212-555-0123',
  ])('%s', (text) => {
    expect(containsPii(text)).toBe(true);
  });
});

describe('contains_pii leaves alone', () => {
  test.each([
    '',
    'nothing here',
    'order 4111111111111112',
    'order 1234567890123456',
    'ref 41111111111111111111111',
    'version 1.2.3 of 2024-11-21 at 10:20:30',
    'user@localhost',
    '@decorator and a @ b.c',
    '000-45-6789',
    '123-00-6789',
    '912-45-6789',
    '123456789',
    'GB82WEST12345698765431',
    'id 550e8400-e29b-41d4-a716-446655440000',
    '192.168.100.200',
    '1700000000000',
    '2024-11-21T10:20:30.123Z',
    '+1 more',
    '3.14159265358979',
  ])('%s', (text) => {
    expect(containsPii(text)).toBe(false);
  });
});

test('contains_pii looks through nested arguments, and fails on what it cannot read', () => {
  const condition = compileCondition('contains_pii(parameters)');
  expect(condition.evaluate(scopeOf({ a: [{ b: 'jane@example.com' }] }))).toBe(true);
  expect(condition.evaluate(scopeOf({ card: 4111111111111111 }))).toBe(true);
  expect(condition.evaluate(scopeOf({ 'jane@example.com': 1 }))).toBe(true);
  expect(condition.evaluate(scopeOf({ a: [null, 1, 'x'] }))).toBe(false);
  expect(() => condition.evaluate(scopeOf({ a: new Date() }))).toThrow('cannot be searched');
  expect(compileCondition('contains_pii(parameters.nope)').evaluate(scopeOf())).toBe(false);
});

test('contains_pii reads hostile text in linear time', () => {
  for (const part of ['a@', '1 ', '4-', 'DE89 ', '+1', '1@1.', 'x'.repeat(64), '4111 1111 1111 111']) {
    expect(typeof containsPii(part.repeat(20_000 / part.length))).toBe('boolean');
  }
});
