import type { LocalDate } from '../../../kernel/time.ts';
import type { Personal } from '../../../kernel/vault.ts';
import type { ChildPhotoRemoved, UserErased } from '../contract.ts';

export type Language = 'ru' | 'ky' | 'en';
export type Gender = 'female' | 'male';

/** A text the person agreed to, such as `privacy`, in the version that was shown. */
export type Consent = { readonly document: string; readonly version: string };

/** What a person says about themselves. */
export type Profile = { readonly name: string; readonly email: string | null; readonly language: Language };

/** What a parent says about a child. */
export type ChildDetails = { readonly name: string; readonly birthDate: LocalDate; readonly gender: Gender | null };

type Sealed<Details, Field extends keyof Details> = {
  readonly [Name in keyof Details]: Name extends Field ? Personal<Details[Name]> : Details[Name];
};
type Fact<Type extends string, Data> = { readonly type: Type; readonly data: { readonly userId: string } & Data };

/** Personal: `name`, `phone` (E.164) and `email`. */
export type UserRegistered = Fact<
  'UserRegistered',
  Sealed<Profile, 'name' | 'email'> & { readonly phone: Personal<string>; readonly consents: readonly Consent[] }
>;

/** The whole profile as it is from now on. Personal: `name` and `email`. */
export type ProfileChanged = Fact<
  'ProfileChanged',
  Sealed<Profile, 'name' | 'email'> & {
    /** Registering made version 1. */
    readonly version: number;
  }
>;

type Child = Sealed<ChildDetails, 'name' | 'birthDate'> & { readonly childId: string };

/** Personal: `name` and `birthDate`. */
export type ChildAdded = Fact<'ChildAdded', Child>;

/** The whole child as it is from now on. Personal: `name` and `birthDate`. */
export type ChildChanged = Fact<'ChildChanged', Child & { readonly version: number }>;

/** A picture was kept under a key of the file store, sealed. Personal: `photoKey`. */
export type ChildPhotoStored = Fact<
  'ChildPhotoStored',
  { readonly childId: string; readonly photoKey: Personal<string> }
>;

/** Tickets that name the child keep what was agreed when they were bought. */
export type ChildRemoved = Fact<'ChildRemoved', { readonly childId: string }>;

/** What was agreed to, and what no longer is. */
export type ConsentsChanged = Fact<
  'ConsentsChanged',
  { readonly given: readonly Consent[]; readonly withdrawn: readonly string[] }
>;

export type UserEvent =
  | UserRegistered
  | ProfileChanged
  | ConsentsChanged
  | ChildAdded
  | ChildChanged
  | ChildPhotoStored
  | ChildPhotoRemoved
  | ChildRemoved
  | UserErased;

export type Register = Profile & {
  readonly kind: 'register';
  readonly userId: string;
  /** E.164. That nobody else has it is the business of the claim that goes with the append. */
  readonly phone: string;
  readonly consents: readonly Consent[];
};

/** `version` is the one that was edited: an edit of an older one is refused. */
export type ChangeProfile = Profile & {
  readonly kind: 'change_profile';
  readonly userId: string;
  readonly version: number;
};

export type AddChild = ChildDetails & {
  readonly kind: 'add_child';
  readonly userId: string;
  readonly childId: string;
  /** The date where the parks are. */
  readonly today: LocalDate;
};

export type ChangeChild = Omit<AddChild, 'kind'> & { readonly kind: 'change_child'; readonly version: number };

export type RemoveChild = { readonly kind: 'remove_child'; readonly userId: string; readonly childId: string };

export type StorePhoto = Omit<RemoveChild, 'kind'> & { readonly kind: 'store_photo'; readonly photoKey: string };
export type RemovePhoto = Omit<RemoveChild, 'kind'> & { readonly kind: 'remove_photo' };

export type ChangeConsents = {
  readonly kind: 'change_consents';
  readonly userId: string;
  readonly given: readonly Consent[];
  readonly withdrawn: readonly string[];
};

export type Erase = { readonly kind: 'erase'; readonly userId: string };

export type UserCommand =
  Register | ChangeProfile | ChangeConsents | AddChild | ChangeChild | StorePhoto | RemovePhoto | RemoveChild | Erase;

/** Why details of a child cannot be right. */
export type ChildFault =
  | { readonly code: 'bad_name' }
  | { readonly code: 'no_such_date' }
  | { readonly code: 'born_in_the_future' }
  /** Children are younger than `belowAge` on the day they are entered. */
  | { readonly code: 'not_a_child'; readonly belowAge: number };

export type UserRefusal =
  | ChildFault
  | { readonly code: 'user_exists' }
  | { readonly code: 'user_not_found' }
  | { readonly code: 'child_not_found' }
  | { readonly code: 'photo_not_found' }
  /** Somebody changed it after the version that was edited. */
  | { readonly code: 'version_moved' }
  | { readonly code: 'too_many_children'; readonly most: number };
