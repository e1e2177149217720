import { describe, expect, it } from 'vitest';
import { driveAsync, driveAsyncGenerator } from '../../src/call/drive-async.ts';
import { driveSync, driveSyncGenerator } from '../../src/call/drive-sync.ts';
import {
  DeadlineError,
  type EffectKind,
  PromiseOnSyncPathError,
  perform,
  type Steps,
} from '../../src/call/effect.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { thenable } from '../core/thenable.ts';
import { advance, instantClock, settled } from './clocks.ts';

/** Performs one effect and says what came of it. */
function* one(kind: EffectKind, run: () => unknown, deadlineMs: number | null = null): Steps<unknown> {
  try {
    return { value: yield* perform(kind, run, deadlineMs) };
  } catch (error) {
    return { error };
  }
}

/** Acts, then notes how the act ended. */
function* acting(
  run: () => unknown,
  notes: string[],
  after: () => unknown = () => undefined,
): Steps<unknown> {
  try {
    const result = yield* perform('act', run);
    yield* perform('journal', after, 5_000);
    notes.push('done');
    return result;
  } catch (error) {
    notes.push(`failed: ${(error as Error).message}`);
    throw error;
  }
}

const boom = (): never => {
  throw new Error('boom');
};

describe('both drivers', () => {
  it('give back values and errors to the steps', async () => {
    expect(
      driveSync(
        one('facts', () => 5),
        instantClock,
      ),
    ).toEqual({ value: 5 });
    expect(driveSync(one('facts', boom), instantClock)).toEqual({ error: new Error('boom') });
    expect(
      await driveAsync(
        one('facts', () => 5),
        instantClock,
      ),
    ).toEqual({ value: 5 });
    expect(await driveAsync(one('facts', boom), instantClock)).toEqual({ error: new Error('boom') });
  });
});

describe('driveSync', () => {
  it.each<EffectKind>(['facts', 'evaluate', 'ask', 'reserve', 'journal', 'settle'])(
    'makes a promise from %s an error, and leaves no rejection unhandled',
    async (kind) => {
      const rejected = (): unknown => Promise.reject(new Error('late'));
      expect(driveSync(one(kind, rejected), instantClock)).toEqual({
        error: new PromiseOnSyncPathError(kind),
      });
      await settled();
    },
  );

  it('survives a thenable whose `then` throws', () => {
    const odd = (): unknown => thenable(boom);
    expect(driveSync(one('journal', odd), instantClock)).toEqual({
      error: new PromiseOnSyncPathError('journal'),
    });
  });

  it('waits for what the tool itself returns, and for everything after it', async () => {
    const notes: string[] = [];
    const steps = acting(
      () => Promise.resolve('later'),
      notes,
      () => Promise.resolve(),
    );
    const result = driveSync(steps, instantClock);
    expect(result).toBeInstanceOf(Promise);
    expect(notes).toEqual([]);
    expect(await result).toBe('later');
    expect(notes).toEqual(['done']);
  });
});

describe('driveAsync', () => {
  it('gives up on an answer that does not come in time, and takes the timer back when it does', async () => {
    const clock = new FakeClock();
    const late = driveAsync(
      one('evaluate', () => new Promise(() => undefined), 1_000),
      clock,
    );
    await advance(clock, 999);
    expect(clock.pending).toBe(1);
    await advance(clock, 1);
    expect(await late).toEqual({ error: new DeadlineError('evaluate', 1_000) });
    await driveAsync(
      one('evaluate', () => Promise.resolve(1), 1_000),
      clock,
    );
    await settled();
    expect(clock.pending).toBe(0);
  });

  it('waits for ever without a deadline', async () => {
    const clock = new FakeClock();
    let answer: (value: string) => void = () => undefined;
    const waiting = driveAsync(
      one('act', () => new Promise((resolve) => (answer = resolve))),
      clock,
    );
    await advance(clock, 1e9);
    answer('finally');
    expect(await waiting).toEqual({ value: 'finally' });
  });

  it('takes a thenable whose `then` returns nothing', async () => {
    const minimal = thenable((resolve: (value: number) => void) => resolve(7));
    expect(
      await driveAsync(
        one('evaluate', () => minimal, 1_000),
        new FakeClock(),
      ),
    ).toEqual({ value: 7 });
  });
});

describe('driveSyncGenerator', () => {
  function* counting(): Generator<number, string> {
    yield 1;
    yield 2;
    return 'end';
  }

  it('hands out what the tool yields and returns', () => {
    const notes: string[] = [];
    const run = driveSyncGenerator(acting(counting, notes));
    expect([run.next(), run.next(), run.next()]).toEqual([
      { value: 1, done: false },
      { value: 2, done: false },
      { value: 'end', done: true },
    ]);
    expect(notes).toEqual(['done']);
  });

  it('notes the end of a tool whose consumer stops early, with what the tool cleans up', () => {
    const notes: string[] = [];
    function* cleaning(): Generator<number> {
      try {
        yield 1;
        yield 2;
      } finally {
        notes.push('cleaned');
      }
    }
    for (const value of driveSyncGenerator(acting(cleaning, notes))) {
      expect(value).toBe(1);
      break;
    }
    expect(notes).toEqual(['cleaned', 'done']);
  });

  it('notes the failure of a tool that throws midway', () => {
    const notes: string[] = [];
    function* failing(): Generator<number> {
      yield 1;
      boom();
    }
    expect(() => [...driveSyncGenerator(acting(failing, notes))]).toThrow('boom');
    expect(notes).toEqual(['failed: boom']);
  });

  it('passes on what the consumer sends and throws', () => {
    const notes: string[] = [];
    function* asking(): Generator<string, string, string> {
      try {
        return yield 'what?';
      } catch (error) {
        return (error as Error).message;
      }
    }
    const answered = driveSyncGenerator(acting(asking, notes)) as Generator<unknown, unknown, string>;
    answered.next();
    expect(answered.next('this')).toEqual({ value: 'this', done: true });
    const interrupted = driveSyncGenerator(acting(asking, notes));
    interrupted.next();
    expect(interrupted.throw(new Error('stop'))).toEqual({ value: 'stop', done: true });
  });

  it('reports a record that could not be written when the consumer stopped early, and a late rejection ends nothing', async () => {
    const notes: string[] = [];
    const rejecting = (): unknown => Promise.reject(new Error('store is gone'));
    const run = driveSyncGenerator(acting(counting, notes, rejecting));
    run.next();
    expect(() => run.return(undefined)).toThrow(PromiseOnSyncPathError);
    await settled();
    expect(notes).toHaveLength(1);
  });

  it('yields the one value of steps that never act', () => {
    function* refusing(): Steps<unknown> {
      yield* perform('journal', () => undefined);
      return 'refused';
    }
    expect([...driveSyncGenerator(refusing())]).toEqual(['refused']);
  });
});

describe('driveAsyncGenerator', () => {
  async function* counting(): AsyncGenerator<number> {
    yield 1;
    yield 2;
  }

  it('hands out what the tool yields', async () => {
    const notes: string[] = [];
    const values: unknown[] = [];
    for await (const value of driveAsyncGenerator(acting(counting, notes), instantClock)) values.push(value);
    expect(values).toEqual([1, 2]);
    expect(notes).toEqual(['done']);
  });

  it('notes the end of a tool whose consumer stops early, and does not wait for a store for ever', async () => {
    const notes: string[] = [];
    const silent = (): unknown => new Promise(() => undefined);
    const run = driveAsyncGenerator(acting(counting, notes, silent), instantClock);
    await run.next();
    await expect(run.return(undefined)).rejects.toThrow('no answer within 5000 ms');
    expect(notes).toEqual(['failed: no answer within 5000 ms (journal)']);
  });

  it('notes the failure of a tool that throws midway', async () => {
    const notes: string[] = [];
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      boom();
    }
    const run = driveAsyncGenerator(acting(failing, notes), instantClock);
    await run.next();
    await expect(run.next()).rejects.toThrow('boom');
    expect(notes).toEqual(['failed: boom']);
  });
});
