import type { RoleAtPark } from '../contract.ts';

/** Port: the staff roles of accounts. */
export type Roles = {
  of(userId: string): Promise<readonly RoleAtPark[]>;
  /** Whether anybody may give roles. */
  hasAdmin(): Promise<boolean>;
  /** The present roles of every account whose roles changed after an instant. */
  changedSince(sinceMs: number): Promise<ReadonlyMap<string, readonly RoleAtPark[]>>;
};
