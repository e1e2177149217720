import type { SuiteTools } from '../suite-tools.ts';
import type { MakeHarness } from './harness.ts';
import { Rehearsal } from './rehearsal.ts';

/** What a handler with `state` must see; one without has nothing to do in these cases. */
export function stateCases(make: MakeHarness, { it, expect }: SuiteTools): void {
  it('tells the act by its items, and the restore by the same', async () => {
    const rehearsal = await Rehearsal.start(make);
    if (rehearsal.harness.handler().state === undefined) return;
    await rehearsal.run();
    await rehearsal.undo(async (snapshot, isDone) => {
      const { changes, conflicts } = await rehearsal.plan(snapshot);
      expect(conflicts).toEqual([]);
      expect(changes.length > 0).toBe(!isDone);
    });
  });

  it('sees what somebody else changed, and overwrites it when it is told to', async () => {
    const rehearsal = await Rehearsal.start(make);
    const { handler, interfere } = rehearsal.harness;
    if (handler().state === undefined) return;
    if (interfere === undefined) throw new Error('A handler with `state` is tried out with `interfere`.');
    await rehearsal.run();
    const [first, ...later] = rehearsal.snapshots;
    if (first === undefined) throw new Error('The harness has no calls.');
    for (const snapshot of later.toReversed()) await rehearsal.restore(snapshot);
    await interfere();
    expect((await rehearsal.plan(first)).conflicts.length > 0).toBe(true);
    await rehearsal.restore(first);
    expect((await rehearsal.plan(first)).changes).toEqual([]);
  });
}

/** What a restore that was broken off leaves; a harness that cannot break off has nothing to do in this case. */
export function interruptionCases(make: MakeHarness, { it, expect }: SuiteTools): void {
  it('restores what a restore left that was broken off, and takes none of it for the work of others', async () => {
    const rehearsal = await Rehearsal.start(make);
    const { breakOff } = rehearsal.harness;
    if (breakOff === undefined) return;
    await rehearsal.run();
    const last = rehearsal.snapshots.at(-1);
    if (last === undefined) throw new Error('The harness has no calls.');
    await breakOff();
    const hasBrokenOff = await rehearsal.restore(last).then(
      () => false,
      () => true,
    );
    expect(hasBrokenOff).toBe(true);
    expect((await rehearsal.plan(last)).conflicts).toEqual([]);
    await rehearsal.undo();
    expect(await rehearsal.harness.look()).toEqual(rehearsal.before);
  });
}
