import type { Clock } from '../../core/clock.ts';
import type { AuditEntry } from '../../core/entry.ts';
import { entryToWire } from '../../core/wire-entry.ts';
import type { ActionLog, LogChanges } from '../../stores/action-log.ts';
import { encode, StreamClient } from './client.ts';

/** How often the journal is looked at while somebody listens, in milliseconds; no client is sent more often. */
const LOOK_MS = 100;
const HEARTBEAT_MS = 15_000;
/** Records that are read at once. */
const PAGE = 1_000;
/** Most records that are sent again to a client that comes back. */
const MAX_REPLAY = 20_000;
const MAX_CLIENTS = 10_000;

/** What a client wants to hear. */
export interface Subscription {
  /** Subscriptions with the same key want the same. */
  readonly key: string;
  readonly wants: (entry: AuditEntry) => boolean;
  /** The position of the last event that it got; `null`: from now on. */
  readonly lastEventId: number | null;
  /** Whether it may still listen; asked every 15 s. */
  readonly mayGoOn: () => Promise<boolean>;
}

interface Listener {
  readonly client: StreamClient;
  readonly subscription: Subscription;
}

/** What the hub is built on. */
export interface HubOptions {
  readonly log: ActionLog;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
}

/**
 * Sends the news of a journal, whoever writes them, to those who listen. One look serves all, and nobody who writes waits
 * for anybody who reads: a client that does not keep up is told to begin anew.
 */
export class StreamHub {
  readonly #options: HubOptions;
  readonly #listeners = new Map<StreamClient, Listener>();
  #position = 0;
  #cancel: (() => void) | undefined;
  #lastHeartbeat = 0;
  #isLooking = false;
  #isClosed = false;
  #resets = 0;

  constructor(options: HubOptions) {
    this.#options = options;
  }

  /** How many listen. */
  get clients(): number {
    return this.#listeners.size;
  }

  /** How often a client was told to begin anew. */
  get resets(): number {
    return this.#resets;
  }

  /** Whether one more may listen. */
  get hasRoom(): boolean {
    return this.#listeners.size < MAX_CLIENTS && !this.#isClosed;
  }

  /** The bytes of a new client's stream. Throws what the store says. */
  async listen(subscription: Subscription): Promise<ReadableStream<Uint8Array>> {
    const newest = await this.#options.log.newest();
    if (this.#listeners.size === 0) this.#position = newest;
    const { lastEventId } = subscription;
    const client = new StreamClient({
      key: subscription.key,
      position: lastEventId ?? this.#position,
      replay: (one) => this.#replay(one, subscription),
      left: (one) => this.#leave(one),
    });
    this.#listeners.set(client, { client, subscription });
    client.send(encode(`retry: 2000\nid: ${client.position}\n\n`));
    if (lastEventId !== null && lastEventId > newest) {
      this.#reset(client, 'The journal is another one, or its end was cut off.');
    } else if (lastEventId !== null && newest - lastEventId > MAX_REPLAY) {
      this.#reset(client, 'Too much happened meanwhile.');
    } else if (lastEventId === null) client.isLive = true;
    this.#start();
    return client.body;
  }

  /** Ends all streams. */
  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
    for (const client of this.#listeners.keys()) client.close();
    this.#listeners.clear();
  }

  /** One look at the journal, for all. */
  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.#tellBehind();
      if ((await this.#options.log.newest()) > this.#position) {
        const changes = await this.#options.log.changes(this.#position, PAGE);
        this.#tell(changes);
      }
      await this.#beat();
    } catch (error) {
      this.#options.warn(
        `The live stream waits for the store: ${error instanceof Error ? error.message : error}`,
      );
    } finally {
      this.#isLooking = false;
    }
  }

  #start(): void {
    if (this.#cancel !== undefined || this.#isClosed) return;
    this.#lastHeartbeat = this.#options.clock.monotonic();
    const next = (): void => {
      const looked = (): void => {
        if (this.#listeners.size === 0 || this.#isClosed) this.#cancel = undefined;
        else next();
      };
      const look = (): void => void this.look().finally(looked);
      this.#cancel = this.#options.clock.setTimer(LOOK_MS, look, true);
    };
    next();
  }

  #leave(client: StreamClient): void {
    this.#listeners.delete(client);
  }

  #reset(client: StreamClient, reason: string): void {
    this.#resets++;
    client.reset(this.#position, reason);
  }

  async #tellBehind(): Promise<void> {
    for (const client of this.#listeners.keys()) {
      if (client.isBehind && client.hasRoom) this.#reset(client, 'This client did not keep up.');
    }
  }

  #tell(changes: LogChanges): void {
    const texts = new Map<AuditEntry, string>();
    const pieces = new Map<string, Uint8Array>();
    for (const { client, subscription } of this.#listeners.values()) {
      if (!client.isLive) continue;
      client.position = changes.through;
      let bytes = pieces.get(client.key);
      if (bytes === undefined) {
        bytes = encode(eventsText(changes, subscription.wants, texts));
        pieces.set(client.key, bytes);
      }
      if (bytes.byteLength > 0) client.send(bytes);
    }
    this.#position = changes.through;
  }

  /** Sends a client what it missed, a page at a time, until something was sent or it has caught up with the others. */
  async #replay(client: StreamClient, { wants }: Subscription): Promise<void> {
    while (!client.isLive) {
      if (client.position >= this.#position) {
        client.isLive = true;
        return;
      }
      const most = Math.min(PAGE, this.#position - client.position);
      const changes = await this.#options.log.changes(client.position, most);
      if (client.isLive) return;
      const text = eventsText(changes, wants, new Map());
      const hasMoved = changes.through > client.position;
      // Where nothing is left behind it, what was there was pruned meanwhile.
      client.position = hasMoved ? changes.through : this.#position;
      if (text === '') continue;
      client.send(encode(text));
      return;
    }
  }

  async #beat(): Promise<void> {
    const now = this.#options.clock.monotonic();
    if (now - this.#lastHeartbeat < HEARTBEAT_MS) return;
    this.#lastHeartbeat = now;
    for (const { client, subscription } of [...this.#listeners.values()]) {
      if (!(await subscription.mayGoOn())) {
        client.close();
        this.#leave(client);
        continue;
      }
      // The id lets one whose filter nothing passed go on from here.
      client.send(encode(client.isLive ? `: heartbeat\nid: ${client.position}\n\n` : ': heartbeat\n\n'));
    }
  }
}

/** The events of changes that a client wants, in order. The same entry is written once for all. */
function eventsText(
  { entries }: LogChanges,
  wants: (entry: AuditEntry) => boolean,
  texts: Map<AuditEntry, string>,
): string {
  let all = '';
  for (const { position, entry } of entries) {
    if (!wants(entry)) continue;
    let text = texts.get(entry);
    if (text === undefined) {
      text = `event: action\nid: ${position}\ndata: ${JSON.stringify(entryToWire(entry), jsonValue)}\n\n`;
      texts.set(entry, text);
    }
    all += text;
  }
  return all;
}

function jsonValue(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
