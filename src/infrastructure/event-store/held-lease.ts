import type { SubscriptionTable } from './subscription-table.ts';

export type LeaseHost = {
  readonly table: Pick<SubscriptionTable, 'acquire' | 'checkpoint' | 'release'>;
  readonly onError: (error: unknown) => void;
};

/** A lease while it is held: what one process alone does, and how far it has come with it. */
export class HeldLease {
  readonly fence: number;
  /** The position up to which everything is done. */
  position: number;
  readonly #host: LeaseHost;
  readonly #name: string;
  readonly #leaseMs: number;
  #isLost = false;

  constructor(host: LeaseHost, name: string, leaseMs: number, taken: { fence: number; position: number }) {
    this.#host = host;
    this.#name = name;
    this.#leaseMs = leaseMs;
    this.fence = taken.fence;
    this.position = taken.position;
  }

  /** Whether the table said that somebody else has the lease. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Notes the answer of what carries the fence: false means that the lease is lost. */
  note(isKept: boolean): void {
    if (!isKept) this.#isLost = true;
  }

  /** Stores the position and renews the lease. */
  async save(): Promise<void> {
    this.note(await this.#host.table.checkpoint(this.#name, this.fence, this.position, this.#leaseMs));
  }
}

/**
 * Works under the lease of a name when nobody else has it, and keeps it while the work takes its time. What was done is
 * saved at the end, also when the work failed. A former owner that wakes up late can save nothing, because the fence has risen.
 */
export async function whileLeading(
  host: LeaseHost,
  name: string,
  leaseMs: number,
  work: (held: HeldLease) => Promise<void>,
): Promise<void> {
  const taken = await host.table.acquire(name, leaseMs);
  if (taken === null) return;
  const held = new HeldLease(host, name, leaseMs, taken);
  const heartbeat = setInterval(() => void held.save().catch(host.onError), leaseMs / 3);
  try {
    await work(held);
  } finally {
    clearInterval(heartbeat);
    // After an error as well: what was done before it need not be done again.
    await held.save();
  }
  if (!held.isLost) await host.table.release(name, held.fence);
}
