import { describe, expect, it } from 'vitest';
import type { RefusalValue } from '../../src/core/refuse.ts';
import { mixedGuard } from './guards.ts';

describe("onBlock: 'return'", () => {
  it('hands out the refusal as data for the model', async () => {
    const guard = mixedGuard();
    const remove = guard.wrap((path: string) => path.length, { onBlock: 'return' });
    const refused = remove('/etc/passwd') as RefusalValue;
    expect(refused).toMatchObject({
      ...{ refused: true, error: 'action_blocked', verdict: 'BLOCK', policy: 'mixed', rule: 'block:^/etc/' },
      ...{ reason: 'System files stay as they are', retryable: false },
    });
    expect(refused.message).toContain('Instead: use /tmp.');
    expect(remove('/tmp/a')).toBe(6);
    const later = guard.wrap(async (path: string) => path, { onBlock: 'return' });
    expect(await later('later')).toMatchObject({ error: 'action_deferred', retryable: true });
  });

  it('is the only thing that a refused generator yields', async () => {
    const guard = mixedGuard();
    const list = guard.wrap(
      function* list(path: string) {
        yield path;
      },
      { onBlock: 'return' },
    ) as unknown as (path: string) => Generator<unknown>;
    expect([...list('/etc/')]).toMatchObject([{ refused: true }]);
    expect([...list('/tmp/')]).toEqual(['/tmp/']);
  });

  it('does not swallow what the tool throws', () => {
    const fail = mixedGuard().wrap(
      (): number => {
        throw new Error('disk full');
      },
      { onBlock: 'return' },
    );
    expect(() => fail()).toThrow('disk full');
  });
});
