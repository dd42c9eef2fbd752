import type { PassTerms } from '../domain/pass.ts';

/** A pass as its owner and staff see it. */
export type PassView = PassTerms & {
  /** Visits that count: those that came back are not among them. */
  readonly visitsBooked: number;
  /** Null while it is good; the reason is null once the guest was erased. */
  readonly cancelled: { readonly reason: string | null; readonly cancelledAtMs: number } | null;
};

/** Port: passes from the read model. */
export type Passes = {
  find(passId: string): Promise<PassView | null>;
  /** Passes of a guest, newest first. */
  ofUser(
    userId: string,
    filter: {
      /** Only passes of one of these parks; null for all. */
      readonly parkIds: readonly string[] | null;
      /** Only passes with a smaller id. */
      readonly before: string | null;
      readonly limit: number;
    },
  ): Promise<readonly PassView[]>;
};
