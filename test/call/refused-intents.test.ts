import { describe, expect, it } from 'vitest';
import { RefusedIntents } from '../../src/call/refused-intents.ts';

describe('refused intents', () => {
  it('are counted by session', () => {
    const refused = new RefusedIntents();
    expect(refused.isEmpty).toBe(true);
    expect([refused.add('s', 'a'), refused.add('s', 'a'), refused.add('s', 'b')]).toEqual([1, 2, 1]);
    expect(refused.add('t', 'a')).toBe(1);
    expect(refused.count('s', 'a')).toBe(2);
    expect([refused.has('s'), refused.has('u'), refused.count('u', 'a')]).toEqual([true, false, 0]);
  });

  it('are forgotten one by one, and a session with its last', () => {
    const refused = new RefusedIntents();
    refused.add('s', 'a');
    refused.add('s', 'b');
    refused.forget('s', 'a');
    expect([refused.count('s', 'a'), refused.count('s', 'b')]).toEqual([0, 1]);
    refused.forget('s', 'unknown');
    refused.forget('unknown', 'b');
    refused.forget('s', 'b');
    expect(refused.isEmpty).toBe(true);
  });

  it('beyond the bound push out the one that was refused longest ago', () => {
    const refused = new RefusedIntents({ sessions: 2, intents: 2 });
    for (const intent of ['a', 'b', 'a', 'c']) refused.add('s', intent);
    expect(['a', 'b', 'c'].map((intent) => refused.count('s', intent))).toEqual([2, 0, 1]);
  });

  it('of more sessions than fit push out the session in which something was refused longest ago', () => {
    const refused = new RefusedIntents({ sessions: 2, intents: 2 });
    for (const session of ['s', 't', 's', 'u']) refused.add(session, 'a');
    expect(['s', 't', 'u'].map((session) => refused.count(session, 'a'))).toEqual([2, 0, 1]);
  });

  it('are at most a hundred of a thousand sessions', () => {
    const refused = new RefusedIntents();
    for (let i = 0; i <= 100; i++) refused.add('s', `intent ${i}`);
    expect([refused.count('s', 'intent 0'), refused.count('s', 'intent 1')]).toEqual([0, 1]);
    for (let i = 0; i < 1_000; i++) refused.add(`session ${i}`, 'a');
    expect([refused.has('s'), refused.has('session 0')]).toEqual([false, true]);
  });
});
