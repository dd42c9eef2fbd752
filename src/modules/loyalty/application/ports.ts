import type { Tier } from '../domain/tiers.ts';

export type { Tier };

export type Movement = {
  /** Rises with time; the cursor of the history. */
  readonly position: number;
  readonly kind: 'earned';
  /** Negative when points went. */
  readonly points: number;
  readonly ticketId: string;
  readonly movedAtMs: number;
  readonly expiresAtMs: number;
};

/** Points that lapse together. */
export type Lapse = { readonly points: number; readonly expiresAtMs: number };

export type Account = {
  /** What can be spent. */
  readonly points: number;
  /** What was earned in the last 12 months. */
  readonly tierPoints: number;
  /** What lapses within the time asked for, soonest first. */
  readonly expiring: readonly Lapse[];
};

/** Port: the read model of points. */
export type Accounts = {
  /** A guest who never earned has an empty account. */
  find(userId: string, nowMs: number, expiringUntilMs: number): Promise<Account>;
  /** Newest first. @param before only movements at smaller positions; null: from the newest */
  movements(userId: string, before: number | null, limit: number): Promise<readonly Movement[]>;
};

/** Port: the tiers in force, by rising minimum. */
export type Tiers = () => Promise<readonly Tier[]>;
