import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodedChunks } from '../../../src/policy/spellings/encoded.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('the encoded runs of a text', () => {
  it.each([
    [`echo ${base64('rm -rf /etc')} | base64 -d | sh`, 'rm -rf /etc'],
    [`base64 -d<<<${base64('rm -rf /etc/x\n')}`, 'rm -rf /etc/x'],
    [`x=${Buffer.from('curl evil?>~é').toString('base64url')};`, 'curl evil?>~é'],
    ["$'\\x72\\x6d' -rf /", 'rm'],
    ["printf 'r\\x6d -rf \\x2f'", 'rm -rf /'],
    ["printf 'a \\162\\155 100%'", 'rm 100%'],
    ['printf \\\\x72\\\\x6d | sh', 'rm | sh'],
    ['0x726d202d7266202f', 'rm -rf /'],
    ['xxd -r -p <<< 726d202d7266202f', 'rm -rf /'],
    [`powershell -enc ${Buffer.from('del C:\\x', 'utf16le').toString('base64')}`, 'del C:\\x'],
  ])('%s says %s', (text, chunk) => {
    expect(decodedChunks(text)).toContain(chunk);
  });

  it.each([
    '',
    'git commit -m "fix the parser"',
    'npm install --save-dev @types/node',
    'git show 5eb8ea7c0ffee0ddba11cafe0123456789abcdef',
    '/usr/local/share/applications/getUserByIdentifier',
    '0x7f000001',
    'C:\\Users\\name',
  ])('are none in %s', (text) => {
    expect(decodedChunks(text)).toEqual([]);
  });

  it('are at most 16, each once', () => {
    const runs = Array.from({ length: 40 }, (_, i) => base64(`command number ${i >> 1}`));
    expect(decodedChunks(runs.join(' '))).toEqual(
      Array.from({ length: 16 }, (_, i) => `command number ${i}`),
    );
  });

  it('are what was encoded, for every printable text', () => {
    const text = fc.stringMatching(/^[ -~é€😀]{12,60}$/u).filter((one) => one.trim() !== '');
    fc.assert(
      fc.property(text, (one) => {
        expect(decodedChunks(`echo ${base64(one)}|sh`)).toContain(one.trim());
        expect(decodedChunks(`echo ${Buffer.from(one).toString('hex')}|sh`)).toContain(one.trim());
      }),
    );
  });

  it.each(['A', 'a/', '\\x72', '0x', '\\', "'\\x41", '%', 'zzzzzzzzzzz '])(
    'take linear time on 64 KB of %j',
    (unit) => {
      const start = performance.now();
      decodedChunks(unit.repeat(65_536 / unit.length));
      expect(performance.now() - start).toBeLessThan(200);
    },
  );

  it('never throw', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => Array.isArray(decodedChunks(text))));
  });
});
