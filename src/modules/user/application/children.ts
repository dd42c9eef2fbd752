import type { ChildOfAccount } from '../contract.ts';
import type { ChildFault, Gender } from '../domain/user-messages.ts';

export type { ChildFault };

/** A child as the parent sees it. */
export type Child = ChildOfAccount & {
  readonly gender: Gender | null;
  /** Where the picture is kept, if there is one. */
  readonly photoKey: string | null;
  /** How often it was written: 1 when it was added. */
  readonly version: number;
  readonly createdAtMs: number;
};

/** Port: the children of an account, oldest entry first, without those whose data was erased. */
export type Children = { of(userId: string): Promise<readonly Child[]> };

/** The child, when it is one of this account. */
export const childOf = async (children: Children, userId: string, childId: string): Promise<Child | null> =>
  (await children.of(userId)).find((child) => child.childId === childId) ?? null;
