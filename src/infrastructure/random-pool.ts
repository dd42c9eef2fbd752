import { randomFillSync } from 'node:crypto';
import { assert } from '../kernel/assert.ts';

/** Asking the system for a few random bytes costs as much as asking for thousands. */
const POOL_BYTES = 4096;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** So many random bytes from the system's source, at most 4096; no byte is handed out twice, nor kept once it was. */
export function randomPiece(bytes: number): Buffer {
  assert(bytes <= POOL_BYTES, 'a secret shorter than was asked for is none');
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const piece = Buffer.from(pool.subarray(used, used + bytes));
  pool.fill(0, used, used + bytes);
  used += bytes;
  return piece;
}
