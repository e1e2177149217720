import { IrreversibleError } from '../../core/errors.ts';
import type { SuiteTools } from '../suite-tools.ts';
import type { MakeHarness } from './harness.ts';
import { askedAbout, jsonOf, Rehearsal } from './rehearsal.ts';

/** What restoring must come to. */
export function restoreCases(make: MakeHarness, { it, expect }: SuiteTools): void {
  it('puts back what was there before', async () => {
    const rehearsal = await Rehearsal.start(make);
    await rehearsal.run();
    await isChanged(rehearsal);
    await rehearsal.undo();
    expect(await rehearsal.harness.look()).toEqual(rehearsal.before);
  });

  it('changes nothing more when it restores again', async () => {
    const rehearsal = await Rehearsal.start(make);
    await rehearsal.run();
    for (const snapshot of rehearsal.snapshots.toReversed()) {
      await rehearsal.restore(snapshot);
      await rehearsal.restore(snapshot);
    }
    expect(await rehearsal.harness.look()).toEqual(rehearsal.before);
  });

  it('changes nothing when the act never ran', async () => {
    const rehearsal = await Rehearsal.start(make);
    const [call] = rehearsal.harness.calls;
    if (call === undefined) throw new Error('The harness has no calls.');
    const snapshot = await rehearsal.capture(call);
    // It may refuse to.
    await failureOf(() => rehearsal.restore(snapshot));
    expect(await rehearsal.harness.look()).toEqual(rehearsal.before);
  });

  it('puts back, or says that it cannot, what a process left that died right behind the act', async () => {
    const rehearsal = await Rehearsal.start(make);
    await rehearsal.run({ noted: false });
    for (const snapshot of rehearsal.snapshots.toReversed()) {
      const failure = await failureOf(() => rehearsal.restore(snapshot));
      const { changes } = await rehearsal.plan(snapshot);
      if (failure !== undefined || changes.length > 0) return;
    }
    expect(await rehearsal.harness.look()).toEqual(rehearsal.before);
  });

  it('puts back what a tool did before it failed, or says that it cannot', async () => {
    const rehearsal = await Rehearsal.start(make);
    const failure = await failureOf(() => rehearsal.run({ succeeded: false }));
    if (failure instanceof IrreversibleError) return;
    if (failure !== undefined) throw failure;
    await rehearsal.undo();
    expect(await rehearsal.harness.look()).toEqual(rehearsal.before);
  });
}

/** What is kept in between. */
export function dataCases(make: MakeHarness, { it, expect }: SuiteTools): void {
  it('changes nothing while it captures, looks and says what is irreversible', async () => {
    const rehearsal = await Rehearsal.start(make);
    const { harness } = rehearsal;
    const [call] = harness.calls;
    if (call === undefined) throw new Error('The harness has no calls.');
    await harness.handler().irreversible?.(...askedAbout(call));
    await rehearsal.state(await rehearsal.capture(call));
    expect(await harness.look()).toEqual(rehearsal.before);
    await rehearsal.run();
    const left = await harness.look();
    for (const snapshot of rehearsal.snapshots) await rehearsal.state(snapshot);
    expect(await harness.look()).toEqual(left);
  });

  it('tells what was before from what it captured alone', async () => {
    const rehearsal = await Rehearsal.start(make);
    await rehearsal.run();
    for (const snapshot of rehearsal.snapshots) {
      const handler = rehearsal.harness.handler();
      if (handler.state === undefined) return;
      const before = await handler.state(snapshot, 'before', rehearsal.reading);
      expect(jsonOf(before)).toEqual(jsonOf(snapshot.before));
    }
  });
}

async function isChanged({ harness, before }: Rehearsal): Promise<void> {
  if (JSON.stringify(await harness.look()) === JSON.stringify(before)) {
    throw new Error(
      'The calls of the harness changed nothing that its `look` shows, so nothing is tried out.',
    );
  }
}

/** What an attempt threw or rejected with; `undefined` where it worked. */
async function failureOf(attempt: () => unknown): Promise<unknown> {
  try {
    await attempt();
    return undefined;
  } catch (error) {
    return error ?? new Error('nothing was thrown');
  }
}
