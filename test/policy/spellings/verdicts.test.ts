import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ActionGuard, type EvaluationResult, Policy, type RuleInput } from '../../../src/index.ts';

const RULES: readonly RuleInput[] = [
  { pattern: '^/srv/plyra-open/', action: 'allow' },
  { pattern: '^/srv/plyra-shut/', action: 'block' },
  { pattern: '^rm -rf', action: 'block' },
  { pattern: '^echo ', action: 'allow' },
  { pattern: '^https://api\\.example\\.com/', action: 'allow' },
  { pattern: '^DROP TABLE', action: 'block' },
  { pattern: '^SELECT ', action: 'allow' },
];
const guard = new ActionGuard({
  policy: new Policy({ rules: RULES, defaultAction: 'escalate' }),
  snapshotPath: null,
});

type Kind = 'path' | 'url' | 'command' | 'sql';
const ACTIONS = { path: 'file.read', url: 'http.get', command: 'shell.run', sql: 'db.query' } as const;

function judged(kind: Kind, value: string): EvaluationResult {
  return guard.evaluate({ actionType: ACTIONS[kind], parameters: { [kind]: value } });
}

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
const detour = fc.constantFrom('/./', '//', '/x/../', '/./././', '/a/b/../../');
const quoted = fc.constantFrom(
  (text: string) => `'${text}'`,
  (text: string) => `"${text}"`,
  (text: string) => `\\${text}`,
  (text: string) => `${text.slice(0, 1)}''${text.slice(1)}`,
  (text: string) => `$'${[...text].map((c) => `\\x${c.charCodeAt(0).toString(16)}`).join('')}'`,
);
const wrapped = fc.constantFrom(
  (line: string) => line,
  (line: string) => `sudo -n ${line}`,
  (line: string) => `env A=1 ${line}`,
  (line: string) => `(cd . && ${line})`,
  (line: string) => `true | xargs ${line}`,
  (line: string) => `if true; then ${line}; fi`,
  (line: string) => `x=$(${line})`,
  (line: string) => `timeout 5 ${line}`,
);

describe('the verdict on a path', () => {
  it('is that of the plain one, however it is spelled', () => {
    const base = fc.constantFrom('/srv/plyra-open', '/srv/plyra-shut', '/srv/plyra-other');
    fc.assert(
      fc.property(base, fc.array(fc.tuple(detour, word), { minLength: 1, maxLength: 4 }), (start, parts) => {
        const plain = `${start}/${parts.map(([, name]) => name).join('/')}`;
        const spelled = start + parts.map(([way, name]) => way + name).join('');
        expect(judged('path', spelled).verdict).toBe(judged('path', plain).verdict);
      }),
    );
  });

  it('is never permissive for one that leads from an open folder to a shut one', () => {
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 3 }),
        fc.array(detour, { maxLength: 3 }),
        word,
        (down, ways, name) => {
          const up = '../'.repeat(down.length + 1);
          const inside = down.map((part) => `${part}/`).join('');
          const spelled = `/srv/plyra-open/${inside}${up}${ways.join('')}plyra-shut/${name}`;
          expect(judged('path', spelled).verdict).toBe('BLOCK');
        },
      ),
    );
  });
});

describe('the verdict on a command', () => {
  const flags = fc.constantFrom('-rf', '-fr', '-r -f', '-f -R', '--recursive --force', '--force -r', '-rvf');

  it('is that of the plain one, however its name is quoted, its flags are written and it is wrapped', () => {
    fc.assert(
      fc.property(quoted, flags, word, wrapped, (quote, how, target, wrap) => {
        expect(judged('command', wrap(`${quote('rm')} ${how} ${target}`)).verdict).toBe('BLOCK');
      }),
    );
  });

  it('is the worst of all commands of a line', () => {
    const separator = fc.constantFrom(' && ', '; ', ' | ', ' || ', '\n', ' & ');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), separator, fc.nat(4), (words, between, at) => {
        const lines = words.map((one) => `echo ${one}`);
        expect(judged('command', ['echo a', ...lines].join(between)).verdict).toBe('ALLOW');
        lines.splice(Math.min(at, lines.length), 0, 'rm -r -f x');
        expect(judged('command', lines.join(between)).verdict).toBe('BLOCK');
      }),
    );
  });
});

describe('the verdict on a URL', () => {
  it('is that of the plain one, in any case and with what a browser leaves out', () => {
    const host = fc.constantFrom(
      'api.example.com',
      'API.Example.COM',
      'api.example.com.',
      'api.example.com:443',
      'u:p@api.example.com',
    );
    fc.assert(
      fc.property(host, word, detour, (given, name, way) => {
        expect(judged('url', `https://${given}/${name}`).verdict).toBe('ALLOW');
        expect(judged('url', `https://${given}${way}${name}`).verdict).toBe('ALLOW');
        expect(judged('url', `https://${name}.org/${given}`).verdict).toBe('ESCALATE');
      }),
    );
  });
});

describe('the verdict on a statement', () => {
  it('is that of the plain one, in any case, with any white space and comments', () => {
    const gap = fc.constantFrom(' ', '\t', '\n', '  ', '/**/', ' /* x */ ', ' -- x\n');
    const casing = fc.constantFrom(
      (text: string) => text,
      (text: string) => text.toLowerCase(),
    );
    fc.assert(
      fc.property(gap, gap, casing, word, (first, second, written, table) => {
        expect(judged('sql', written(`DROP${first}TABLE${second}t_${table}`)).verdict).toBe('BLOCK');
        expect(judged('sql', written(`SELECT${first}1; DROP${second}TABLE t_${table}`)).verdict).toBe(
          'BLOCK',
        );
        expect(judged('sql', written(`SELECT${first}1${second}FROM t_${table}`)).verdict).toBe('ALLOW');
      }),
    );
  });
});

it('any text under any kind is judged, and nothing throws', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'/.~$(){}[]<>|&;\'"`\\%#*?=:@- \n\0\u202eaé％'), maxLength: 40 }),
  );
  const kind = fc.constantFrom<Kind>('path', 'url', 'command', 'sql');
  fc.assert(
    fc.property(kind, text, (as, value) => {
      const { metadata, verdict } = judged(as, value);
      expect([metadata.fault, typeof verdict]).toEqual([undefined, 'string']);
      expect(guard.evaluate(value).metadata.fault).toBeUndefined();
    }),
    { numRuns: 2_000 },
  );
});
