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
