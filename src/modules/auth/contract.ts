/** A role at one park, or at all parks when `parkId` is null. Every account is `guest` everywhere. */
export type RoleAtPark = {
  readonly role: 'guest' | 'gate' | 'manager' | 'finance' | 'admin';
  readonly parkId: string | null;
};

/** Whoever holds the account has shown that messages to its number reach them. */
export type PhoneVerified = { readonly type: 'PhoneVerified'; readonly data: { readonly userId: string } };

type RoleOfUser = {
  readonly userId: string;
  readonly role: Exclude<RoleAtPark['role'], 'guest'>;
  readonly parkId: string | null;
};
export type RoleGranted = { readonly type: 'RoleGranted'; readonly data: RoleOfUser };
export type RoleRevoked = { readonly type: 'RoleRevoked'; readonly data: RoleOfUser };

/** Whether the account had duties then: what guests do with their own accounts is no business of the audit trail. */
type FactorOfUser = { readonly userId: string; readonly why: 'guest' | 'staff' };
/** An authenticator app, or which passkey. */
type WhichFactor = { readonly factor: 'totp' } | { readonly factor: 'passkey'; readonly passkeyId: string };
/** From then on signing in asks for it. */
export type SecondFactorEnrolled = {
  readonly type: 'SecondFactorEnrolled';
  readonly data: FactorOfUser & WhichFactor;
};
export type SecondFactorRemoved = {
  readonly type: 'SecondFactorRemoved';
  readonly data: FactorOfUser & WhichFactor;
};
/** Its counter had fallen back since it was used last: it may have been copied. */
export type PasskeyRefused = {
  readonly type: 'PasskeyRefused';
  readonly data: FactorOfUser & { readonly passkeyId: string };
};
/** Somebody else took every factor of the account away, because its owner had lost them. */
export type SecondFactorReset = { readonly type: 'SecondFactorReset'; readonly data: { readonly userId: string } };
export type RecoveryCodeUsed = {
  readonly type: 'RecoveryCodeUsed';
  readonly data: FactorOfUser & { readonly codesLeft: number };
};
/** The recovery codes from before count no more. */
export type RecoveryCodesRenewed = { readonly type: 'RecoveryCodesRenewed'; readonly data: FactorOfUser };

/** Every session of the account was ended by somebody else, who answers for the program. */
export type SessionsEnded = { readonly type: 'SessionsEnded'; readonly data: { readonly userId: string } };

/** Somebody who works at a park, as its node has to know them to let them in without headquarters. */
export type StaffCard = {
  readonly userId: string;
  /** E.164. */
  readonly phone: string;
  readonly name: string;
  readonly language: 'ru' | 'ky' | 'en';
  /** As it is kept: an Argon2id hash with its salt and figures. */
  readonly passwordHash: string;
  /** Of the authenticator app, as base64url; null when there is none. Absent: told by a program that knows of none, so it says nothing. */
  readonly totpSecret?: string | null;
  /** At that park. */
  readonly roles: readonly Exclude<RoleAtPark['role'], 'guest'>[];
};

/** The whole staff of a park at a place in headquarters' log. A list that is newer replaces the one before as a whole. */
export type StaffList = {
  readonly version: { readonly incarnation: string; readonly position: number };
  readonly cards: readonly StaffCard[];
};
