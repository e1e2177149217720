import type { Runtime } from './runtime.ts';

const runtimes = new WeakMap<object, Runtime>();

/** Notes what a guard consists of, for the doors that serve it. */
export function noteRuntime(guard: object, runtime: Runtime): Runtime {
  runtimes.set(guard, runtime);
  return runtime;
}

/** What a guard consists of; `undefined` for anything else. */
export function runtimeOf(guard: object): Runtime | undefined {
  return runtimes.get(guard);
}
