import type { LocalDate } from '../../kernel/time.ts';

/** A child of an account, as far as selling a ticket needs to know it. */
export type ChildOfAccount = {
  readonly childId: string;
  readonly name: string;
  readonly birthDate: LocalDate;
};

/** The children of an account, oldest entry first; none when there is no such account or its data was erased. */
export type ChildrenOf = (userId: string) => Promise<readonly ChildOfAccount[]>;
