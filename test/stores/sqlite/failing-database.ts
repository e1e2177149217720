import { onTestFinished } from 'vitest';
import type { SqlStatement } from '../../../src/stores/database.ts';
import { SqliteDatabase } from '../../../src/stores/sqlite/database.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { START } from '../../../src/testing/store/records.ts';
import { newPath } from './open-store.ts';

/** A database whose disk fails at a chosen statement: before it takes effect, or right after. */
export class FailingDatabase extends SqliteDatabase {
  fails: { readonly sql: RegExp; readonly when: 'before' | 'after' }[] = [];

  constructor(path = newPath()) {
    super({ path, clock: new FakeClock(START), durability: 'process' });
    onTestFinished(() => this.close());
  }

  override prepare(sql: string): SqlStatement {
    const statement = super.prepare(sql);
    const failure = this.fails.find((one) => one.sql.test(sql));
    if (failure === undefined) return statement;
    const fail = (): never => {
      throw this.failed(Object.assign(new Error('disk I/O error'), { errcode: 10 }));
    };
    return {
      run: (...values) => {
        if (failure.when === 'after') statement.run(...values);
        return fail();
      },
      get: fail,
      all: fail,
      iterate: fail,
    };
  }
}
