/** A role at one park, or at all parks when `parkId` is null. Every account is `guest` everywhere. */
export type RoleAtPark = {
  readonly role: 'guest' | 'gate' | 'manager' | 'finance' | 'admin';
  readonly parkId: string | null;
};
