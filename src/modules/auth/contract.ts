/** What an account may do besides buying for its own family. */
export type StaffRole = 'gate' | 'manager' | 'finance' | 'admin';

/** A role at one park, or at all parks when `parkId` is null. */
export type RoleAtPark = { readonly role: 'guest' | StaffRole; readonly parkId: string | null };
