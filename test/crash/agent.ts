import { appendFileSync } from 'node:fs';
import { ActionGuard, Policy } from 'plyra-guard';

/**
 * A process that makes guarded calls until it is killed: sync ones, and async ones several at a time. Each tool that
 * runs writes its mark into a file of its own first thing; each call that begins, and each tool that has run, writes a
 * dot to standard output.
 */
const [, , database = '', executed = '', name = ''] = process.argv;

const policy = new Policy({
  defaultAction: 'allow',
  rules: [{ pattern: '^forbidden', action: 'block', reason: 'not this one' }],
});
const guard = new ActionGuard({ policy, snapshotPath: database });
const ran = (mark: string): string => {
  appendFileSync(executed, `${mark}\n`);
  process.stdout.write('.');
  return mark;
};
const sync = guard.wrap(({ mark }: { mark: string }) => ran(mark), { actionType: 'crash.sync' });
const async = guard.wrap(
  async ({ mark }: { mark: string }) => {
    ran(mark);
    await new Promise(setImmediate);
    return mark;
  },
  { actionType: 'crash.async' },
);
const forbidden = guard.wrap(({ mark }: { mark: string }) => ran(`forbidden-${mark}`), {
  actionType: 'crash.forbidden',
  onBlock: 'return',
});

for (let i = 0; ; i++) {
  process.stdout.write('.');
  sync({ mark: `${name}-${i}-s` });
  if (i % 10 === 0) forbidden({ mark: `forbidden ${name}-${i}` });
  await Promise.all(
    Array.from({ length: 8 }, (_, n) => {
      process.stdout.write('.');
      return async({ mark: `${name}-${i}-a${n}` });
    }),
  );
}
