import type { RoleAtPark } from '../contract.ts';

/** Port: the staff roles of accounts. */
export type Roles = {
  of(userId: string): Promise<readonly RoleAtPark[]>;
  /** Whether anybody may give roles. */
  hasAdmin(): Promise<boolean>;
  /** Before the roles of an account change: it is among those that `changedSince` tells, whatever the clock of the log says. */
  noteChange(userId: string, nowMs: number): Promise<void>;
  /** The present roles of every account whose roles changed, or were about to change, after an instant. */
  changedSince(sinceMs: number): Promise<ReadonlyMap<string, readonly RoleAtPark[]>>;
};
