// Compiled by `npm run check`, never run: what wrapping does to the types of tools.
import { ActionGuard, type RefusalValue } from '../../src/index.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Does not compile unless both types are the same. */
function same<A, B>(..._proof: Equal<A, B> extends true ? [] : ['the types differ']): void {}

const guard = new ActionGuard();

const read = (path: string, encoding?: 'utf8'): number => path.length + (encoding?.length ?? 0);
const fetchText = async (url: URL): Promise<string> => url.href;
function identity<T>(value: T): T {
  return value;
}
function* lines(path: string): Generator<string, number> {
  yield path;
  return 1;
}
async function* chunks(path: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(path);
}

// Functions keep their signature, generics and overloads included.
const wrappedRead = guard.wrap(read);
same<typeof wrappedRead, typeof read>();
const wrappedFetch = guard.wrap(fetchText, { timeoutMs: 5 });
same<typeof wrappedFetch, typeof fetchText>();
const wrappedIdentity = guard.wrap(identity);
same<typeof wrappedIdentity, typeof identity>();
const kept: 'literal' = wrappedIdentity('literal' as const);
const wrappedLines = guard.wrap(lines);
same<typeof wrappedLines, typeof lines>();
const wrappedChunks = guard.wrap(chunks);
same<typeof wrappedChunks, typeof chunks>();
const withSchema = guard.wrap(Object.assign(read, { schema: { type: 'object' as const } }));
same<(typeof withSchema)['schema'], { type: 'object' }>();

// @ts-expect-error the arguments are still checked
wrappedRead(5);
// @ts-expect-error the result is still known
const wrong: string = wrappedRead('a');

// Lists are tuples, records keep their keys.
const tuple = guard.wrap([read, fetchText]);
same<typeof tuple, readonly [typeof read, typeof fetchText]>();
const record = guard.wrap({ read, fetchText });
same<typeof record, { read: typeof read; fetchText: typeof fetchText }>();
// @ts-expect-error a tool that is not in the record
record.write;

// Options first, and protect.
const first = guard.wrap({ intentFn: (_args, kwargs) => String(kwargs.path) })(read);
same<typeof first, typeof read>();
const protectedRead = guard.protect('file.read', { riskLevel: 'LOW' })(read);
same<typeof protectedRead, typeof read>();

// What comes back instead of an error is part of the type.
const returning = guard.wrap(read, { onBlock: 'return' });
same<ReturnType<typeof returning>, number | RefusalValue>();
same<Parameters<typeof returning>, Parameters<typeof read>>();
const returningLater = guard.wrap(fetchText, { onBlock: 'return' });
same<ReturnType<typeof returningLater>, Promise<string | RefusalValue>>();

// A tool that is made to wait returns a promise, of one layer only.
const waiting = guard.wrap(read, { async: true });
same<typeof waiting, (path: string, encoding?: 'utf8') => Promise<number>>();
const waitingLater = guard.wrap((url: URL) => fetchText(url), { async: true });
same<ReturnType<typeof waitingLater>, Promise<string>>();
const waitingAndReturning = guard.wrap(read, { async: true, onBlock: 'return' });
same<ReturnType<typeof waitingAndReturning>, Promise<number | RefusalValue>>();

// @ts-expect-error no such option
guard.wrap(read, { onBlok: 'return' });
// @ts-expect-error no such risk level
guard.protect('file.read', { riskLevel: 'HUGE' });
// @ts-expect-error an object with functions and data is no record of tools
guard.wrap({ description: 'reads', execute: read });
// @ts-expect-error text is no tool
guard.wrap('read');

// Methods keep their types under decorators.
class Files {
  readonly root: string = '/tmp/';
  @guard.wrap
  read(path: string): string {
    return this.root + path;
  }
  @guard.wrap({ riskLevel: 'LOW' })
  async write(path: string, text: string): Promise<number> {
    return path.length + text.length;
  }
  @guard.protect('file.delete', { tags: ['destructive'] })
  delete(path: string): boolean {
    return path !== '';
  }
}
same<Files['read'], (path: string) => string>();
same<Files['write'], (path: string, text: string) => Promise<number>>();
same<Files['delete'], (path: string) => boolean>();

// Context and delegation give back what they ran.
const answer: Promise<number> = guard.withContext({ agentId: 'a' }, async () => 5);
const handed: 'x' = guard.delegate('b', 'do it', () => 'x' as const);

void [kept, wrong, answer, handed];
