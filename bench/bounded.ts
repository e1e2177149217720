import { BOUNDED_SIZES, HOSTILE_LIMITS } from './bounds.ts';
import { measureCaptured } from './captured.ts';
import { type Budget, batches, prepare, type Racer } from './contest.ts';
import { measureFlatness } from './flatness.ts';
import { guardInMemory, timeAsyncCalls, timeSyncCalls } from './guarded-call.ts';
import { worstMedian } from './hostile.ts';
import { measureImport } from './import-time.ts';
import { measureJournaled, measureLongJournal } from './journaled.ts';
import { median } from './measure.ts';
import { plyra } from './peers/plyra.ts';
import { measureSpellings } from './spellings.ts';
import { LONG, SHORT, type Workload } from './workload.ts';
import { prefixConditions } from './workloads/conditions.ts';
import { gapRules } from './workloads/gaps.ts';
import { regexRules } from './workloads/regex-rules.ts';

/** Values measured for each bound, one a run, by the bound's id. */
export type Measured = ReadonlyMap<string, readonly number[]>;

/** Measures everything that a bound is set on, except the comparison with peers, `runs` times over. */
export async function measureBounded(
  runs: number,
  budget: Budget,
  say: (line: string) => void,
): Promise<Measured> {
  const measured = new Map<string, number[]>();
  const note = (id: string, value: number): void => {
    measured.set(id, [...(measured.get(id) ?? []), value]);
  };
  // Calls come first: the tens of thousands of rules that follow would weigh on every garbage collection.
  for (let run = 1; run <= runs; run++) {
    say(`guarded calls and import, run ${run} of ${runs}`);
    await measureCalls(note);
    note('import', measureImport());
    await measureJournaled(note);
    await measureCaptured(note);
    measureSpellings(note);
  }
  say('1,000,000 calls with a journal on disk');
  await measureLongJournal(note);
  const evaluations = await prepareEvaluations(budget);
  const hostile = await prepareHostile(budget);
  for (let run = 1; run <= runs; run++) {
    say(`evaluate, run ${run} of ${runs}`);
    for (const [id, racer] of evaluations) note(id, median(await batches(racer, budget.measured)));
    for (const [id, racer] of hostile) note(id, (await worstMedian(racer.way, racer.intents, budget)) / 1000);
  }
  return measured;
}

async function measureCalls(note: (id: string, value: number) => void): Promise<void> {
  const sync = timeSyncCalls(guardInMemory());
  note('sync-p50', sync.p50);
  note('sync-p99', sync.p99);
  const waiting = await timeAsyncCalls(guardInMemory());
  note('async-p50', waiting.p50);
  note('async-p99', waiting.p99);
  const { first, last, grownMb } = measureFlatness();
  note('flat-time', last / first);
  note('flat-memory', grownMb);
}

async function prepareEvaluations(budget: Budget): Promise<ReadonlyMap<string, Racer>> {
  const racers = new Map<string, Racer>();
  for (const size of BOUNDED_SIZES) racers.set(`regex-${size}`, await ours(regexRules(size, SHORT), budget));
  for (const size of BOUNDED_SIZES)
    racers.set(`prefix-${size}`, await ours(prefixConditions(size, null), budget));
  return racers;
}

async function prepareHostile(budget: Budget): Promise<ReadonlyMap<string, Racer>> {
  const racers = new Map<string, Racer>();
  for (const { size } of HOSTILE_LIMITS) {
    for (const gaps of ['dots', 'mixed'] as const) {
      const workload = gapRules(size, LONG, gaps);
      const racer = await ours(workload, budget);
      racers.set(`${gaps}-${size}`, { ...racer, intents: workload.intents });
    }
  }
  return racers;
}

async function ours(workload: Workload, budget: Budget): Promise<Racer> {
  const racer = await prepare(plyra, workload, budget.warmUp);
  if ('unable' in racer) throw new Error(`plyra-guard: ${racer.unable}`);
  return racer;
}
