import type { FactorKind } from '../domain/second-factor.ts';

/** An authenticator app as it is kept. */
export type TotpFactor = {
  readonly sealedSecret: string;
  readonly usedStep: number;
};

/** A recovery code as it is kept. */
export type KeptRecoveryCode = { readonly name: string; readonly codeHash: string };

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
  /** Has the app that waits count from now on, with new recovery codes; false when it waits no more. */
  confirmTotp(confirmed: {
    readonly userId: string;
    readonly sealedSecret: string;
    readonly step: number;
    readonly nowMs: number;
    readonly recoveryCodes: readonly KeptRecoveryCode[];
  }): Promise<boolean>;
  /** Uses the code of a step up; of any number who show it at once, on any processes, one is told yes. */
  useStep(userId: string, step: number): Promise<boolean>;
  /** The hash of a recovery code; null when there is none of that name. */
  recoveryCode(userId: string, name: string): Promise<string | null>;
  /** Uses a recovery code up and answers how many are left; null when somebody else was faster. */
  useRecoveryCode(userId: string, code: KeptRecoveryCode): Promise<number | null>;
  recoveryCodesLeft(userId: string): Promise<number>;
  replaceRecoveryCodes(userId: string, codes: readonly KeptRecoveryCode[]): Promise<void>;
  /** Takes the app away, and the recovery codes when nothing is left that they stand in for; false when there was none. */
  removeTotp(userId: string): Promise<boolean>;
  /** Takes everything away. */
  removeAll(userId: string): Promise<void>;
};

/** Somebody who has shown the first factor. */
export type NewChallenge = {
  readonly tokenHash: Uint8Array;
  readonly userId: string;
  /** What the password was then; with another one the challenge is worth nothing. */
  readonly witness: Uint8Array;
  readonly expiresAtMs: number;
};

/** Port: sign-ins that wait for the second factor, of which only hashes of their tokens are kept. */
export type Challenges = {
  open(challenge: NewChallenge): Promise<void>;
  /** Counts a try at a challenge; null when there is none, it is over, or was tried so often already. */
  attempt(
    tokenHash: Uint8Array,
    nowMs: number,
    mostTries: number,
  ): Promise<Pick<NewChallenge, 'userId' | 'witness'> | null>;
  /** Uses a challenge up; of any number who do so at once one is told yes. */
  take(tokenHash: Uint8Array): Promise<boolean>;
  removeOf(userId: string): Promise<void>;
  /** Forgets what expired before an instant. */
  forget(expiredBeforeMs: number): Promise<void>;
};
