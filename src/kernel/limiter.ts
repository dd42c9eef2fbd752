/** How often something may be done: at most `limit` times in any `windowSeconds`, for each key on its own. */
export type LimitPolicy = {
  /** Kebab-case, unique over the program. Clients see the names of those that limit requests. */
  readonly name: string;
  /** From 1. */
  readonly limit: number;
  readonly windowSeconds: number;
};

/** What is left after some were taken, or that none was. Seconds are whole numbers from 1. */
export type Taken = {
  /** What may be taken now. */
  readonly remaining: number;
} & (
  | {
      readonly ok: true;
      /** Until the window ends and what was taken in it begins to come back. */
      readonly resetSeconds: number;
    }
  | { readonly ok: false; readonly retryAfterSeconds: number }
);

/**
 * Counts what is done, so that it is not done too often. Taking is atomic: of any number who ask at once no more than the
 * limit are told yes, and whoever is told no has used nothing. Counts may be forgotten early, never made up.
 */
export type Limiter = {
  /**
   * @param key whose count it is: an account, an address, a phone. Only ever compared.
   * @param amount how many, all or none; from 0 to the limit, 1 if absent
   */
  take(policy: LimitPolicy, key: string, amount?: number): Promise<Taken>;
};
