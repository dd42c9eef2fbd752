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

/** Somebody who works at a park, as its node has to know them to let them in without headquarters. */
export type StaffCard = {
  readonly userId: string;
  /** E.164. */
  readonly phone: string;
  readonly name: string;
  readonly language: 'ru' | 'ky' | 'en';
  /** As it is kept: an Argon2id hash with its salt and figures. */
  readonly passwordHash: string;
  /** At that park. */
  readonly roles: readonly Exclude<RoleAtPark['role'], 'guest'>[];
};

/** The whole staff of a park at a place in headquarters' log. A list that is newer replaces the one before as a whole. */
export type StaffList = {
  readonly version: { readonly incarnation: string; readonly position: number };
  readonly cards: readonly StaffCard[];
};
