import { expect, it, vi } from 'vitest';
import { lazyConstant } from '../../src/core/lazy-constant.ts';

it('makes a constant when it is first asked for, and once', () => {
  const make = vi.fn(() => ({ made: true }));
  const constant = lazyConstant(make);
  expect(make).not.toHaveBeenCalled();
  expect(constant()).toBe(constant());
  expect(make).toHaveBeenCalledTimes(1);
});

it('asks again where making failed', () => {
  let fails = true;
  const constant = lazyConstant(() => {
    if (fails) throw new Error('not yet');
    return [1];
  });
  expect(constant).toThrow('not yet');
  fails = false;
  expect(constant()).toEqual([1]);
});
