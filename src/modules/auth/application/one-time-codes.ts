import type { CodePurpose, SentCode } from '../domain/one-time-code.ts';

/** Whose code and what for. The number is there as its blind index only. */
export type CodeKey = { readonly phoneIndex: string; readonly purpose: CodePurpose };

export type KeptCode = SentCode & {
  /** Whose number it is; null when it is nobody's. */
  readonly userId: string | null;
  /** Different for every code, so that equal codes have different hashes. */
  readonly salt: string;
  readonly codeHash: string;
};

export type CodeChange = 'keep' | 'count_wrong_try' | 'use_up';

/** Port: the newest code of each number and purpose, of which only a keyed hash is kept. */
export type OneTimeCodes = {
  /** Replaces the code sent before. */
  put(key: CodeKey, code: KeptCode): Promise<void>;
  /**
   * Lets `decide` choose what happens to the code, under its lock: of any number who show the right code at once, on any
   * processes, one finds it.
   * @returns the choice, or null when there is no code.
   */
  change(key: CodeKey, decide: (code: KeptCode) => CodeChange): Promise<CodeChange | null>;
  /** Forgets the codes of an account. */
  removeOf(userId: string): Promise<void>;
  /** Forgets what expired before an instant. */
  forget(expiredBeforeMs: number): Promise<void>;
};
