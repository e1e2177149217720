import { randomFillSync, randomInt } from 'node:crypto';
import { v7 } from 'uuid';

const ID_BYTES = 16;
/** Random bytes are drawn for so many ids at once: asking the system for 16 at a time costs more than judging does. */
const IDS_PER_DRAW = 256;

const pool = new Uint8Array(ID_BYTES * IDS_PER_DRAW);
let used = pool.length;
/** Starts anywhere, so that two processes that start together do not count alike. */
let sequence = randomInt(2 ** 32);

/** A new UUIDv7. Ids of one process sort in the order in which they were made, within a millisecond too. */
export function newActionId(): string {
  sequence = (sequence + 1) >>> 0;
  return v7({ rng: draw, seq: sequence });
}

function draw(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += ID_BYTES;
  return pool.subarray(used - ID_BYTES, used);
}
