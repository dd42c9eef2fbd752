import type { Factor, FactorKind } from '../domain/second-factor.ts';

/** An authenticator app as it is kept. */
export type TotpFactor = {
  readonly sealedSecret: string;
  readonly usedStep: number;
};

/** A recovery code as it is kept. */
export type KeptRecoveryCode = { readonly name: string; readonly codeHash: string };

/** When sessions end, and which one goes on. */
export type SessionsEnding = { readonly atMs: number; readonly exceptSessionId: string };

/** Whether a factor is the first of its account, whose recovery codes are kept with it, or stands beside others and their codes. */
export type FactorRank = 'first' | 'further';

/** Port: what people have besides their passwords. Secrets are sealed or hashed, and in no log. */
export type SecondFactors = {
  /** What is asked for when the account signs in; empty when nothing is. */
  kindsOf(userId: string): Promise<readonly FactorKind[]>;
  /** The app that counts; null when none was confirmed. */
  totp(userId: string): Promise<TotpFactor | null>;
  /** The app that was begun after an instant and waits for its first code. */
  pendingTotp(userId: string, begunAfterMs: number): Promise<TotpFactor | null>;
  /** Keeps a secret that waits for its first code, in place of one that waited before; false when an app counts already. */
  beginTotp(userId: string, sealedSecret: string, nowMs: number): Promise<boolean>;
  /**
   * Has the app that waits count from now on, and keeps the recovery codes if it is the first factor; null when it waits no more,
   * or is the first after all and there are none.
   */
  confirmTotp(confirmed: {
    readonly userId: string;
    readonly sealedSecret: string;
    readonly step: number;
    readonly nowMs: number;
    readonly recoveryCodes: readonly KeptRecoveryCode[];
  }): Promise<FactorRank | null>;
  /** Whose app counts since before an instant, and of whom it was not noted that all that follows was done; a hundred at most. */
  untold(confirmedBeforeMs: number): Promise<readonly string[]>;
  /** Notes that it was. */
  noteTold(userId: string): Promise<void>;
  /**
   * Counts a try at a code of the app that counts: how many failed since `sinceMs`, it included until it succeeds; null, and not
   * counted, when so many have already.
   */
  countTry(
    userId: string,
    bounds: { readonly sinceMs: number; readonly nowMs: number; readonly most: number },
  ): Promise<number | null>;
  /** Uses the code of a step up, which has not failed; of any number who show it at once, on any processes, one is told yes. */
  useStep(userId: string, step: number): Promise<boolean>;
  /** The hash of a recovery code; null when there is none of that name. */
  recoveryCode(userId: string, name: string): Promise<string | null>;
  /** Uses a recovery code up, by which codes of the app that failed are forgotten, and answers how many are left; null when somebody else was faster. */
  useRecoveryCode(userId: string, code: KeptRecoveryCode): Promise<number | null>;
  recoveryCodesLeft(userId: string): Promise<number>;
  replaceRecoveryCodes(userId: string, codes: readonly KeptRecoveryCode[]): Promise<void>;
  has(userId: string, factor: Factor): Promise<boolean>;
  /**
   * Takes a factor away and ends the sessions that are not spared. Nothing is left of the recovery codes when it was the last one
   * that they stand in for, and what goes on is of the password alone. All of it or nothing; false when there was no such factor.
   */
  remove(userId: string, factor: Factor, ending: SessionsEnding): Promise<boolean>;
  /** Takes everything away and ends every session, likewise. */
  removeAll(userId: string, atMs: number): Promise<void>;
};

/** Somebody who has shown the first factor. */
export type NewChallenge = {
  readonly tokenHash: Uint8Array;
  readonly userId: string;
  /** What the password was then; with another one the challenge is worth nothing. */
  readonly witness: Uint8Array;
  /** Whether the first factor was the password, or a code by SMS. */
  readonly isByPassword: boolean;
  readonly expiresAtMs: number;
};

/** What a passkey is to sign. */
export type NewPasskeyChallenge = {
  /** What it is asked for; of each occasion the newest challenge counts alone. */
  readonly occasion: string;
  readonly userId: string;
  /** Base64url. */
  readonly challenge: string;
  readonly expiresAtMs: number;
};

/** Port: sign-ins that wait for the second factor, of which only hashes of their tokens are kept, and what passkeys are to sign. */
export type Challenges = {
  open(challenge: NewChallenge): Promise<void>;
  /** Counts a try at a challenge; null when there is none, it is over, or was tried so often already. */
  attempt(
    tokenHash: Uint8Array,
    nowMs: number,
    mostTries: number,
  ): Promise<Pick<NewChallenge, 'userId' | 'witness' | 'isByPassword'> | null>;
  /** Who has to answer a challenge, without counting a try; null as for `attempt`. */
  asked(tokenHash: Uint8Array, nowMs: number, mostTries: number): Promise<string | null>;
  /** Uses a challenge up; of any number who do so at once one is told yes. */
  take(tokenHash: Uint8Array): Promise<boolean>;
  openForPasskey(challenge: NewPasskeyChallenge): Promise<void>;
  /** Uses up what a passkey of the account was to sign on that occasion; null when there is none or it is too old. Of any number who do so at once one gets it. */
  takeForPasskey(asked: {
    readonly occasion: string;
    readonly userId: string;
    readonly nowMs: number;
  }): Promise<string | null>;
  removeOf(userId: string): Promise<void>;
  /** Forgets what expired before an instant. */
  forget(expiredBeforeMs: number): Promise<void>;
};
