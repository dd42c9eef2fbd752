import type { Figures } from '../domain/figures.ts';
import type { Lot } from '../domain/lots.ts';
import type { Tier } from '../domain/tiers.ts';

export type { Figures, Tier };

export type Movement = {
  /** Rises with time; the cursor of the history. */
  readonly position: number;
  readonly kind: 'earned' | 'reserved' | 'returned' | 'reversed' | 'lapsed';
  /** Negative when points went. */
  readonly points: number;
  /** By how much the debt grew; negative when these points paid it. */
  readonly debt: number;
  /** Null for points that lapsed. */
  readonly ticketId: string | null;
  readonly movedAtMs: number;
  /** When what came lapses, the soonest of it; null when nothing came. */
  readonly expiresAtMs: number | null;
};

export type Account = {
  /** What can be spent. */
  readonly points: number;
  /** What later earnings have to pay first. */
  readonly debt: number;
  /** What was earned and not reversed, as long as it counts. */
  readonly tierPoints: number;
  /** What lapses within the time asked for, soonest first. */
  readonly expiring: readonly Lot[];
};

/** Port: the read model of points. */
export type Accounts = {
  /** A guest who never earned has an empty account. */
  find(userId: string, nowMs: number, expiringUntilMs: number): Promise<Account>;
  /** Newest first. @param before only movements at smaller positions; null: from the newest */
  movements(userId: string, before: number | null, limit: number): Promise<readonly Movement[]>;
  /** Who spent points on a ticket, whether or not they came back; null when nobody did. */
  spenderOn(ticketId: string): Promise<string | null>;
  /** Guests with points past their time whose lapse is not written yet. */
  withOverdueLots(nowMs: number, limit: number): Promise<readonly string[]>;
};

/** Port: the figures in force, and which version they are. */
export type FindFigures = () => Promise<Figures & { readonly version: number }>;
