import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { AdapterWrappingError } from '../../src/core/errors.ts';
import { ExecutionBlockedError } from '../../src/core/refusals.ts';
import { ROOT } from '../architecture/repository.ts';
import { mixedGuard, openGuard } from './guards.ts';

/** What the language passes to a method's decorator. */
const methodContext = (name: string | symbol): ClassMethodDecoratorContext =>
  ({ kind: 'method', name, static: false, private: false }) as ClassMethodDecoratorContext;

describe('a decorator, as the language calls it', () => {
  it('guards the method under its own name', () => {
    const guard = openGuard();
    const method = guard.wrap(function (this: void, path: string) {
      return path;
    }, methodContext('readFile'));
    expect(method('/tmp/a')).toBe('/tmp/a');
    expect(guard.getAuditLog()[0]).toMatchObject({ toolName: 'readFile', actionType: 'tool.readFile' });
    guard.wrap({ riskLevel: 'LOW' })(() => 1, methodContext(Symbol('secret')))();
    expect(guard.getAuditLog()[0]?.toolName).toBe('Symbol(secret)');
  });

  it('refuses everything but methods', () => {
    const context = { ...methodContext('x'), kind: 'getter' } as unknown as ClassMethodDecoratorContext;
    expect(() => openGuard().wrap(() => 1, context)).toThrow(AdapterWrappingError);
    expect(() => openGuard().protect('file.read')(() => 1, context)).toThrow('not a getter');
  });

  it('keeps `this` of the object', () => {
    const guard = mixedGuard();
    function join(this: { root: string }, name: string): string {
      return this.root + name;
    }
    const guarded = guard.protect('file.read')(join, methodContext('join'));
    expect(guarded.call({ root: '/tmp/' }, 'a')).toBe('/tmp/a');
    expect(() => guarded.call({ root: '' }, '/etc/passwd')).toThrow(ExecutionBlockedError);
  });
});

/** A program with standard decorators, which is compiled by the project's compiler and run by Node. */
const PROGRAM = `
import { ActionGuard, Policy } from ${JSON.stringify(join(ROOT, 'dist/index.js'))};
const policy = new Policy({ rules: [{ pattern: '^/etc/', action: 'block' }], defaultAction: 'allow' });
const guard = new ActionGuard({ policy });
class Files {
  readonly root: string = 'root:';
  @guard.wrap
  read(path: string): string { return this.root + path; }
  @guard.wrap({ intentFn: (_args, kwargs) => String(kwargs.path), params: ['path'] })
  async write(path: string, text: string): Promise<number> { return (this.root + path).length + text.length; }
  @guard.protect('file.delete', { riskLevel: 'HIGH', tags: ['destructive'] })
  delete(path: string): boolean { return path !== ''; }
  @guard.wrap
  *list(path: string): Generator<string, void> { yield this.root + path; }
}
const files = new Files();
const attempt = async (run: () => unknown): Promise<string> => {
  try { return String(await run()); } catch (error) { return (error as Error).name; }
};
const read: string = files.read('/tmp/a');
const answers = [
  read,
  await attempt(() => files.read('/etc/a')),
  await attempt(() => files.write('/tmp/a', 'x')),
  await attempt(() => files.write('/etc/a', 'x')),
  await attempt(() => files.delete('/tmp/a')),
  await attempt(() => files.delete('/etc/a')),
  [...files.list('/tmp/a')].join(),
  guard.history().map((action) => action.toolName).sort().join(),
];
console.log(JSON.stringify(answers));
`;

describe('a program with standard decorators', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plyra-decorators-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('compiles, keeps the types of its methods, and runs guarded', () => {
    const compilerOptions = { noEmit: false, outDir: '.', typeRoots: [join(ROOT, 'node_modules/@types')] };
    const config = { extends: join(ROOT, 'tsconfig.json'), compilerOptions, include: ['program.ts'] };
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    writeFileSync(join(folder, 'program.ts'), PROGRAM);
    const run = (...args: string[]): string => execFileSync(process.execPath, args, { encoding: 'utf8' });
    run(join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder);
    const out = run(join(folder, 'program.js'));
    expect(JSON.parse(out)).toEqual([
      ...[
        'root:/tmp/a',
        'ExecutionBlockedError',
        '12',
        'ExecutionBlockedError',
        'true',
        'ExecutionBlockedError',
      ],
      ...['root:/tmp/a', 'delete,delete,list,read,read,write,write'],
    ]);
  });
});
