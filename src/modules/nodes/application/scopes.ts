/** What this node holds of one scope: a park, or the chain (`scope` null). */
export type HeldScope = {
  readonly scope: string | null;
  readonly rows: number;
  /** SHA-256, hexadecimal. */
  readonly hash: string;
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly hash: string }[];
};

/** Port: hashes of what this node holds in common with others, the chain first. Reads all of it: not for every minute. */
export type HeldInCommon = () => Promise<readonly HeldScope[]>;
