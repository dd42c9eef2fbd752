import { describeIdempotencyStore } from './idempotency-contract.ts';
import { createMemoryIdempotencyStore, IDEMPOTENCY_LEASE_MS } from './idempotency-memory.ts';

const store = createMemoryIdempotencyStore();
let made = 0;

describeIdempotencyStore('in memory', {
  store: () => store,
  unique: () => `principal-${(made += 1)}`,
  leaseMs: IDEMPOTENCY_LEASE_MS,
});
