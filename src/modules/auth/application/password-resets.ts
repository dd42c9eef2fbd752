export type NewReset = { readonly tokenHash: Uint8Array; readonly userId: string; readonly expiresAtMs: number };

/** Port: rights to set a new password without the old one, of which only hashes are kept. */
export type PasswordResets = {
  add(reset: NewReset): Promise<void>;
  /** Whose right it is; null when there is none, or it is over. */
  ownerOf(tokenHash: Uint8Array, nowMs: number): Promise<string | null>;
  /** Sets the password and ends every right and every session of the account, all or nothing; false when the right is gone. */
  use(tokenHash: Uint8Array, passwordHash: string, nowMs: number): Promise<boolean>;
  /** Takes every right of an account away. */
  removeOf(userId: string): Promise<void>;
  /** Forgets what expired before an instant. */
  forget(expiredBeforeMs: number): Promise<void>;
};
