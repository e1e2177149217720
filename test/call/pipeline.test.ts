import { describe, expect, it } from 'vitest';
import { Pipeline } from '../../src/call/pipeline.ts';
import { ConfigValidationError } from '../../src/core/errors.ts';
import { evaluate } from '../../src/core/evaluate.ts';
import type { Evaluator } from '../../src/core/evaluator.ts';
import { factsOf, intentOf } from '../evaluators/action.ts';

const named = (name: string): Evaluator => ({ name, evaluate: () => undefined });

function pipeline(...names: string[]): { lane: Pipeline; names: () => string[] } {
  const lane = new Pipeline();
  lane.setBuiltIns(names.map(named));
  return { lane, names: () => lane.list.map(({ name }) => name) };
}

describe('Pipeline', () => {
  it('puts custom evaluators at the end, or before or behind another', () => {
    const { lane, names } = pipeline('a', 'b');
    lane.add(named('last'));
    lane.add(named('first'), { before: 'a' });
    lane.add(named('between'), { after: 'a' });
    expect(names()).toEqual(['first', 'a', 'between', 'b', 'last']);
  });

  it('can put a custom evaluator behind another custom one', () => {
    const { lane, names } = pipeline('a');
    lane.add(named('x'));
    lane.add(named('y'), { before: 'x' });
    expect(names()).toEqual(['a', 'y', 'x']);
  });

  it('replaces a built-in evaluator for good, also over a reload', () => {
    const { lane, names } = pipeline('a', 'b');
    const mine: Evaluator = { name: 'a', evaluate: () => ({ verdict: 'WARN' }) };
    lane.remove('a');
    lane.add(mine, { before: 'b' });
    expect(names()).toEqual(['a', 'b']);
    const replacing = lane.list[0];
    expect(replacing?.evaluate(intentOf(), factsOf())).toEqual({ verdict: 'WARN' });
    lane.setBuiltIns([named('a'), named('b')]);
    expect(names()).toEqual(['a', 'b']);
    expect(lane.list[0]).toBe(replacing);
  });

  it('keeps custom evaluators and removals over a reload', () => {
    const { lane, names } = pipeline('a', 'b');
    lane.remove('a');
    lane.add(named('x'));
    lane.setBuiltIns(['a', 'b', 'c'].map(named));
    expect(names()).toEqual(['b', 'c', 'x']);
    lane.remove('x');
    lane.add(named('x'));
    expect(names()).toEqual(['b', 'c', 'x']);
  });

  it('hands out a list that later changes leave alone', () => {
    const { lane } = pipeline('a');
    const before = lane.list;
    lane.add(named('x'));
    expect(before.map(({ name }) => name)).toEqual(['a']);
  });

  it('keeps the names of built-in evaluators for them, also while one is switched off', () => {
    const { lane, names } = pipeline('policy_engine');
    expect(() => lane.add(named('human_gate'))).toThrow('`human_gate` is the name of a built-in evaluator.');
    lane.remove('policy_engine');
    lane.add(named('policy_engine'));
    lane.remove('human_gate');
    lane.add(named('human_gate'));
    expect(names()).toEqual(['policy_engine', 'human_gate']);
  });

  it('reads name and methods once, so that no evaluator takes another name later', () => {
    let reads = 0;
    const shifty = {
      get name() {
        return reads++ === 0 ? 'mine' : 'policy_engine';
      },
      evaluate: () => ({ verdict: 'ALLOW' as const }),
    };
    const { lane, names } = pipeline();
    lane.add(shifty);
    expect(names()).toEqual(['mine']);
    shifty.evaluate = () => {
      throw new Error('swapped');
    };
    expect(evaluate(intentOf(), lane.list, factsOf())).toMatchObject({
      verdict: 'ALLOW',
      evaluatorName: 'mine',
    });
    expect(Object.isFrozen(lane.list[0])).toBe(true);
  });

  it('calls the methods of a custom evaluator on itself, and hands on what `after` returns', () => {
    const told: unknown[] = [];
    class Counting implements Evaluator {
      readonly name = 'counting';
      #asked = 0;
      evaluate() {
        this.#asked++;
        return undefined;
      }
      async after() {
        told.push(this.#asked);
      }
    }
    const { lane } = pipeline();
    lane.add(new Counting());
    lane.list[0]?.evaluate(intentOf(), factsOf());
    expect(lane.list[0]?.after?.(intentOf(), 'ALLOW')).toBeInstanceOf(Promise);
    expect(told).toEqual([1]);
  });

  it.each([true, false])(
    'never lets a replaced policy engine silence the risk scorer (frozen: %s)',
    (frozen) => {
      const { lane } = pipeline('policy_engine');
      lane.remove('policy_engine');
      const metadata = frozen ? Object.freeze({ override: true }) : { override: true };
      lane.add({ name: 'policy_engine', evaluate: () => ({ verdict: 'ALLOW', metadata }) });
      const risky: Evaluator = {
        name: 'risk_scorer',
        evaluate: () => ({ verdict: 'BLOCK', reason: 'risk' }),
      };
      expect(evaluate(intentOf(), [...lane.list, risky], factsOf())).toMatchObject({ verdict: 'BLOCK' });
    },
  );

  it('refuses a taken name, an unknown place and what is no evaluator', () => {
    const { lane } = pipeline('policy_engine');
    expect(() => lane.add(named('policy_engine'))).toThrow(
      'There is already an evaluator called `policy_engine`.',
    );
    expect(() => lane.add(named('x'), { before: 'policy_engin' })).toThrow('Did you mean `policy_engine`?');
    expect(() => lane.remove('zzz')).toThrow('There are: policy_engine.');
    const after = { ...named('y'), after: 5 } as unknown as Evaluator;
    expect(() => lane.add(after)).toThrow('The `after` of the evaluator `y` must be a method.');
    for (const odd of [undefined, null, {}, { name: 'x' }, { name: '', evaluate: () => undefined }, 'x']) {
      expect(() => lane.add(odd as Evaluator)).toThrow(ConfigValidationError);
    }
  });
});
