import { describe, expect, it } from 'vitest';
import { Pipeline } from '../../src/call/pipeline.ts';
import { ConfigValidationError } from '../../src/core/errors.ts';
import type { Evaluator } from '../../src/core/evaluator.ts';

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
    const mine = named('a');
    lane.remove('a');
    lane.add(mine, { before: 'b' });
    expect(names()).toEqual(['a', 'b']);
    expect(lane.list[0]).toBe(mine);
    lane.setBuiltIns([named('a'), named('b')]);
    expect(names()).toEqual(['a', 'b']);
    expect(lane.list[0]).toBe(mine);
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

  it('refuses a taken name, an unknown place and what is no evaluator', () => {
    const { lane } = pipeline('policy_engine');
    expect(() => lane.add(named('policy_engine'))).toThrow(
      'There is already an evaluator called `policy_engine`.',
    );
    expect(() => lane.add(named('x'), { before: 'policy_engin' })).toThrow('Did you mean `policy_engine`?');
    expect(() => lane.remove('zzz')).toThrow('There are: policy_engine.');
    for (const odd of [undefined, null, {}, { name: 'x' }, { name: '', evaluate: () => undefined }, 'x']) {
      expect(() => lane.add(odd as Evaluator)).toThrow(ConfigValidationError);
    }
  });
});
