import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordDraft } from '../../src/core/chain.ts';
import { bodyText } from '../../src/core/wire.ts';
import { decidedText } from '../../src/core/wire-decided.ts';
import { ActionGuard } from '../../src/guard.ts';
import { Policy } from '../../src/policy/policy.ts';
import type { MemoryStore } from '../../src/stores/memory.ts';
import { memoryStore } from './guards.ts';

type Body = Readonly<Record<string, unknown>>;

/** A store in memory that shows what it was given. */
function watchedStore(): { readonly store: MemoryStore; readonly drafts: RecordDraft[] } {
  const store = memoryStore();
  const drafts: RecordDraft[] = [];
  const append = store.append.bind(store);
  store.append = (more) => {
    drafts.push(...more);
    append(more);
  };
  return { store, drafts };
}

/** The same body as data of which no text was made before, with a field that makes it go the general way. */
function asStranger(body: Body): Body {
  const results = body.evaluatorResults as readonly object[] | undefined;
  const fresh = results === undefined ? {} : { evaluatorResults: results.map((result) => ({ ...result })) };
  return { ...body, ...fresh, stranger: undefined };
}

const POLICY = new Policy({
  name: 'watched',
  defaultAction: 'allow',
  rules: [
    { pattern: 'warn', action: 'warn', reason: 'Take care of "quotes"', suggestion: 'with hunter2hunter2' },
    { pattern: 'stop', action: 'block', reason: 'Ask for hunter2hunter2' },
  ],
});

describe('the text of a record', () => {
  it('is the one that its fields have one by one, whatever the call', () => {
    const { store, drafts } = watchedStore();
    const guard = new ActionGuard({ policy: POLICY, store });
    const tool = guard.wrap((given: { readonly text: string; readonly more: unknown }) => {
      if (given.text.endsWith('!')) throw new Error(`cannot: ${given.text}`);
      return given.more;
    });
    const texts = fc.tuple(
      fc.constantFrom('', 'warn ', 'stop ', '[1] ', 'password: '),
      fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('hunter2hunter2')),
    );
    const more = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.dictionary(fc.constantFrom('password', 'value', 'a', 'b', '$c'), fc.constantFrom('x', 5, -0, 1e15)),
    );
    fc.assert(
      fc.property(texts, more, (parts, anything) => {
        drafts.length = 0;
        try {
          tool({ text: parts.join(''), more: anything });
        } catch {
          // Refused, or the tool threw.
        }
        expect(drafts.length).toBeGreaterThan(0);
        for (const { kind, body } of drafts) {
          const made = body();
          expect(bodyText(kind, made)).toBe(bodyText(kind, asStranger(made)));
          if (kind === 'decided') expect(decidedText(made)).toBe(bodyText(kind, made));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('hides a secret of its own call in what was said of another call before', () => {
    const { store, drafts } = watchedStore();
    const guard = new ActionGuard({ policy: POLICY, store });
    const tool = guard.wrap((given: { readonly text: string; readonly password?: string }) => given.text);
    const toldOf = (given: { readonly text: string; readonly password?: string }): string => {
      drafts.length = 0;
      expect(tool(given)).toBe(given.text);
      return drafts.map(({ kind, body }) => bodyText(kind, body())).join();
    };
    expect(toldOf({ text: 'warn me' })).toContain('with hunter2hunter2');
    const secretive = toldOf({ text: 'warn me', password: 'hunter2hunter2' });
    expect(secretive).toContain('with [redacted]');
    expect(secretive).not.toContain('hunter2');
    expect(toldOf({ text: 'warn me' })).toContain('with hunter2hunter2');
  });

  it('tells of an evaluator under a built-in name what it says now, not what it said before', () => {
    const { store, drafts } = watchedStore();
    const guard = new ActionGuard({ policy: POLICY, store });
    guard.removeEvaluator('risk_scorer');
    const metadata = Object.freeze({ seen: Object.freeze({ count: 0 }) });
    let said = '';
    guard.addEvaluator({
      name: 'risk_scorer',
      evaluate: () => ({ verdict: 'ALLOW', reason: said, metadata }),
    });
    const tool = guard.wrap((text: string) => text);
    for (said of ['first', 'second', 'third']) tool('plain');
    const texts = drafts
      .filter(({ kind }) => kind === 'decided')
      .map(({ kind, body }) => bodyText(kind, body()));
    expect(texts.map((text) => /first|second|third/.exec(text)?.[0])).toEqual(['first', 'second', 'third']);
  });
});
