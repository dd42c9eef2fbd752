/** Port: what proves that somebody is the owner of an account. Secrets stay in tables of their own, never in the log. */
export type Credentials = {
  add(userId: string, passwordHash: string, nowMs: number): Promise<void>;
  /** The password's hash; null when there is none. */
  passwordHash(userId: string): Promise<string | null>;
  remove(userId: string): Promise<void>;
};
