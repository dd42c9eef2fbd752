/** A password that replaces another one. */
export type NewPassword = { readonly userId: string; readonly passwordHash: string; readonly nowMs: number };

/** Port: what proves that somebody is the owner of an account. Secrets stay in tables of their own, never in the log. */
export type Credentials = {
  add(userId: string, passwordHash: string, nowMs: number): Promise<void>;
  /** The password's hash; null when there is none. */
  passwordHash(userId: string): Promise<string | null>;
  /** Sets a password where the old one still has this hash; false when it was changed meanwhile. */
  replace(password: NewPassword, oldHash: string): Promise<boolean>;
  /** Takes the password away, so that none opens the account. */
  remove(userId: string): Promise<void>;
};
