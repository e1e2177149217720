import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { familyOf } from '../../../src/core/argument-kind.ts';
import type { ActionIntent } from '../../../src/core/intent.ts';
import { IntentArguments } from '../../../src/core/intent-arguments.ts';
import type { ItemStates, Snapshot } from '../../../src/core/snapshot.ts';
import { planOf } from '../../../src/rollback/conflicts.ts';
import { type FileHandler, type FileHandlerOptions, fileHandler } from '../../../src/rollback/file.ts';
import { BlobFolder } from './blob-folder.ts';

/** What a store would have of one action. */
export type Taken = Pick<Snapshot, 'data' | 'before' | 'after'>;

/** A folder to wreck, the contents that were kept of it, and the handler. */
export class Scene {
  readonly folder: string;
  readonly home: string;
  readonly blobs: BlobFolder;
  readonly handler: FileHandler;

  constructor(options: FileHandlerOptions = {}, home = mkdtempSync(join(tmpdir(), 'plyra-files-'))) {
    this.home = realpathSync(home);
    this.folder = join(this.home, 'work');
    mkdirSync(this.folder, { recursive: true });
    this.blobs = new BlobFolder(join(this.home, 'blobs'));
    this.handler = fileHandler(options);
  }

  /** The scene that another process has set up. */
  static of(home: string): Scene {
    return new Scene({}, home);
  }

  /** A path in the folder. */
  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  /** Writes a file, with the folders that it lies in. */
  write(name: string, content: string | Uint8Array): string {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  /** What the handler takes down before an action. */
  capture(actionType: string, parameters: Record<string, unknown>, toolName = 'tool'): unknown {
    const { intent, given } = callOf(actionType, parameters, toolName);
    return this.handler.capture(intent, { blobs: this.blobs, arguments: given });
  }

  /** Why the handler could not undo an action. */
  irreversible(
    actionType: string,
    parameters: Record<string, unknown>,
    toolName = 'tool',
  ): string | null | undefined {
    const { intent, given } = callOf(actionType, parameters, toolName);
    return this.handler.irreversible(intent, { arguments: given });
  }

  /** Captures, acts, and notes what the act left; all of it as JSON, as a store would have it. */
  act(actionType: string, parameters: Record<string, unknown>, work: () => void): Taken {
    const taken = this.actIfAny(actionType, parameters, work);
    if (taken === undefined) throw new Error(`${actionType} was not captured`);
    return taken;
  }

  /** The same for an action that may be about nothing; `undefined` for one that is. */
  actIfAny(actionType: string, parameters: Record<string, unknown>, work: () => void): Taken | undefined {
    const data = stored(this.capture(actionType, parameters));
    if (data === undefined) {
      work();
      return undefined;
    }
    const before = this.handler.state({ data }, 'before');
    work();
    const left = stored(this.handler.after({ data }));
    return { data: left, before, after: this.handler.state({ data: left }, 'after') };
  }

  /** Puts back what an action did, unless somebody changed it since. */
  restore(taken: Taken, force: 'force' | 'check' = 'check'): void {
    const now = this.now(taken);
    const { conflicts } = planOf(taken, now);
    if (conflicts.length > 0 && force === 'check') throw new Error(`changed: ${JSON.stringify(conflicts)}`);
    this.handler.restore(taken, { blobs: this.blobs, now });
    const { changes } = planOf(taken, this.now(taken));
    if (changes.length > 0) throw new Error(`not as before: ${JSON.stringify(changes)}`);
  }

  /** What is there now. */
  now({ data }: Taken): ItemStates {
    return this.handler.state({ data }, 'now');
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** A call as the handler gets it. */
export function callOf(
  actionType: string,
  parameters: Record<string, unknown>,
  toolName: string,
): { readonly intent: ActionIntent; readonly given: IntentArguments['list'] } {
  const family = familyOf(actionType, toolName);
  const given = new IntentArguments(parameters, { family }).list;
  // The handler reads no more of an intent than these.
  return { intent: { actionType, toolName, parameters } as ActionIntent, given };
}

function stored(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
