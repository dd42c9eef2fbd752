/**
 * Keeps personal data readable only as long as its subject's key exists. A sealed text names its subject; destroying the
 * key makes every copy of it, in events, projections and backups, unreadable at once.
 */
export type Vault = {
  /**
   * Encrypts a text under the subject's key, which is made at first use. Null when that key was destroyed: nothing personal
   * is written down about somebody who was erased.
   */
  seal(subjectId: string, text: string): Promise<string | null>;
  /** The text, or null when the subject's key was destroyed. Throws when the sealed text was tampered with. */
  open(sealed: string): Promise<string | null>;
  /** Keyed hash (HMAC) of a value, for exact look-ups without storing the value. `scope` separates uses. */
  blindIndex(scope: string, value: string): string;
  /** Destroys the subject's key for ever. Harmless when there is none. */
  destroy(subjectId: string): Promise<void>;
};

/** The same for files. */
export type FileVault = Vault & {
  /** Null when the subject's key was destroyed. */
  sealBytes(subjectId: string, bytes: Uint8Array): Promise<Uint8Array | null>;
  /** The bytes, or null when the subject's key was destroyed. Throws when they were tampered with or are somebody else's. */
  openBytes(subjectId: string, sealed: Uint8Array): Promise<Uint8Array | null>;
};

/** A personal field after decoding: null once its subject was erased. */
export type Personal<Value> = Value | null;
