import type { ChildOfAccount } from '../contract.ts';
import type { Gender } from '../domain/user.ts';

/** A child as the parent sees it. */
export type Child = ChildOfAccount & { readonly gender: Gender | null; readonly createdAtMs: number };

/** Port: the children of an account, oldest entry first, without those whose data was erased. */
export type Children = { of(userId: string): Promise<readonly Child[]> };
