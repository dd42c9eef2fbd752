import type { FactorRank, KeptRecoveryCode } from './second-factors.ts';

/** A passkey as its owner sees it. */
export type PasskeyCard = {
  readonly passkeyId: string;
  /** What its owner calls it. */
  readonly name: string;
  readonly createdAtMs: number;
  /** Null of one that was never asked for. */
  readonly usedAtMs: number | null;
};

/** What an authenticator told when it made a passkey. */
export type Credential = {
  /** Base64url, as its authenticator knows it. */
  readonly credentialId: string;
  /** COSE, as base64url. */
  readonly publicKey: string;
  /** How browsers reach it: hints, in words of the standard. */
  readonly transports: readonly string[];
};

export type Passkey = PasskeyCard & Credential;

/** What a browser answers when a passkey was made; all base64url. */
export type PasskeyAttestation = {
  readonly credentialId: string;
  readonly clientData: string;
  readonly attestation: string;
  readonly transports: readonly string[];
};

/** What a browser answers when a passkey has signed; all base64url. */
export type PasskeyAssertion = {
  readonly credentialId: string;
  readonly clientData: string;
  readonly authenticatorData: string;
  readonly signature: string;
};

/** Port: the passkeys of accounts. What is personal of them is sealed under the key of the account. */
export type Passkeys = {
  /** Oldest first. */
  of(userId: string): Promise<readonly Passkey[]>;
  /**
   * Keeps a new one, and the recovery codes if it is the first factor of the account. `taken`: some account has this very
   * credential; `too_many`: there are `most`; `without_codes`: it is the first after all, and there are none; `signed_out`: the
   * session has ended; `gone`: so is the account.
   */
  add(
    passkey: Credential & {
      readonly userId: string;
      /** Of whoever adds it. */
      readonly sessionId: string;
      readonly passkeyId: string;
      readonly name: string;
      readonly counter: number;
      readonly nowMs: number;
    },
    bounds: { readonly most: number; readonly recoveryCodes: readonly KeptRecoveryCode[] },
  ): Promise<FactorRank | 'taken' | 'too_many' | 'without_codes' | 'signed_out' | 'gone'>;
  /** Those that count since before an instant and of which it was not noted that all that follows was done; a hundred at most. */
  untold(addedBeforeMs: number): Promise<readonly { readonly passkeyId: string; readonly userId: string }[]>;
  /** Notes that it was. */
  noteTold(passkeyId: string): Promise<void>;
  /**
   * Notes that one was used, with what its authenticator counts now. `fallen_back`, and nothing is noted: it counted as far or
   * further before.
   */
  use(used: {
    readonly passkeyId: string;
    readonly counter: number;
    readonly nowMs: number;
  }): Promise<'used' | 'fallen_back' | 'gone'>;
};

/** Port: what is true of the answers of browsers. All of it is judged by the origin and the id of this installation. */
export type PasskeyJudge = {
  /** The origin at which passkeys are made and used, and the id that they are bound to. */
  readonly origin: string;
  readonly rpId: string;
  /** The new credential, if its owner was verified and it was made for this challenge here; else null. */
  made(answer: PasskeyAttestation, challenge: string): Promise<(Credential & { readonly counter: number }) | null>;
  /** What the authenticator counts, if it is this credential that signed this challenge here and its owner was verified; else null. */
  signed(answer: PasskeyAssertion, challenge: string, credential: Credential): Promise<number | null>;
};

/** Time to find a key and touch it. */
export const PASSKEY_CHALLENGE_MS = 300_000;
export const PASSKEY_CHALLENGE_BYTES = 32;
export const MOST_PASSKEYS = 10;

/** What a passkey is asked for. A challenge of one occasion counts on no other. */
export const ofSignIn = (tokenHash: Uint8Array): string => `sign-in:${Buffer.from(tokenHash).toString('hex')}`;
export const ofStepUp = (sessionId: string): string => `step-up:${sessionId}`;
export const ofEnrolment = (sessionId: string): string => `enrol:${sessionId}`;
