import type { LocalDate } from '../../kernel/time.ts';
import type { Personal } from '../../kernel/vault.ts';

/** A child of an account, as far as selling a ticket needs to know it. */
export type ChildOfAccount = {
  readonly childId: string;
  readonly name: string;
  readonly birthDate: LocalDate;
};

/** The children of an account, oldest entry first; none when there is no such account or its data was erased. */
export type ChildrenOf = (userId: string) => Promise<readonly ChildOfAccount[]>;

/**
 * An account was erased: from here on nothing personal of it may be kept. What belongs to it is told by id only; the key
 * under which everything personal was sealed is destroyed.
 */
export type UserErased = { readonly type: 'UserErased'; readonly data: { readonly userId: string } };

/** A picture belongs to no child any more, and its file has to go. Personal: `photoKey`. */
export type ChildPhotoRemoved = {
  readonly type: 'ChildPhotoRemoved';
  readonly data: { readonly userId: string; readonly childId: string; readonly photoKey: Personal<string> };
};
