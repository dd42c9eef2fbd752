import { hash, parseOptions, verify } from '@node-rs/argon2';
import { ok, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { Busy, Passwords } from '../application/passwords.ts';
import { createWorkQueue, type WorkQueueLimits } from '../../../infrastructure/work-queue.ts';

/** OWASP Password Storage Cheat Sheet, 2026: Argon2id with 19 MiB, two passes, one lane. About 20 ms of one processor. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };

/** Costs what a real one costs and matches nothing that anybody could find: its salt and digest are plain zeros. */
const DUMMY = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** Argon2id in a bounded queue of its own; each work takes a thread. */
export function createArgon2Passwords(limits: WorkQueueLimits, clock: Clock): Passwords {
  const queue = createWorkQueue(limits, clock);
  return {
    hash: (password) => queue.run(() => hash(password, COST)),
    isOutdated(passwordHash) {
      const { memoryCost, timeCost } = parseOptions(passwordHash);
      return memoryCost < COST.memoryCost || timeCost < COST.timeCost;
    },
    async matches(passwordHash, password): Promise<Result<boolean, Busy>> {
      const verified = await queue.run(() => verify(passwordHash ?? DUMMY, password));
      return verified.ok ? ok(verified.value && passwordHash !== null) : verified;
    },
  };
}
