import type { components } from '../../../clients/typescript/schema.d.ts';

type Schemas = components['schemas'];
type Words<Name extends string> = Readonly<Record<Name, string>>;
type Shows = (shown: string) => string;
type Counts = (count: number) => string;

/** Texts of the pages about what belongs to a guest: children, points, places in queues, the account. */
export type OwnTexts = {
  readonly account: Words<'details' | 'email' | 'emailHint' | 'messages' | 'saved' | 'signOut'> & {
    readonly hello: Shows;
    readonly phone: Shows;
  };
  readonly children: Words<
    | 'title'
    | 'lead'
    | 'none'
    | 'add'
    | 'change'
    | 'name'
    | 'nameHint'
    | 'born'
    | 'bornHint'
    | 'save'
    | 'removeHint'
    | 'confirmRemove'
    | 'photoHint'
    | 'choosePhoto'
    | 'removePhoto'
  > & {
    readonly edit: Shows;
    readonly remove: Shows;
    readonly askRemove: Shows;
    readonly removed: Shows;
    readonly photoOf: Shows;
    readonly changePhoto: Shows;
  };
  readonly security: Words<
    'title' | 'password' | 'current' | 'change' | 'changed' | 'sessions' | 'unknown' | 'here' | 'end'
  >;
  readonly privacy: Words<
    | 'title'
    | 'consents'
    | 'export'
    | 'exportHint'
    | 'download'
    | 'exported'
    | 'erase'
    | 'eraseHint'
    | 'askErase'
    | 'passwordHint'
    | 'confirmErase'
    | 'erased'
  > & { readonly documents: Words<'terms' | 'privacy' | 'marketing'> };
  readonly loyalty: Words<'title' | 'highest' | 'how' | 'levels' | 'history' | 'noHistory'> & {
    readonly points: Counts;
    readonly debt: Counts;
    readonly from: Counts;
    readonly toNext: (missing: number, level: string) => string;
    readonly lapses: (points: number, day: string) => string;
    readonly tiers: Words<'beginner' | 'explorer' | 'adventurer' | 'champion'>;
    readonly kinds: Words<Schemas['LoyaltyMovement']['kind']>;
  };
  readonly passes: Words<'title' | 'lead' | 'none' | 'one' | 'unlimited' | 'choose' | 'without'> & {
    readonly between: (from: string, to: string) => string;
    readonly left: Counts;
    readonly upTo: Counts;
    readonly book: Shows;
    readonly state: Words<'good' | 'later' | 'usedUp' | 'over' | 'cancelled'>;
  };
  readonly receipt: Words<
    'title' | 'sale' | 'return' | 'test' | 'qr' | 'fn' | 'fd' | 'sign' | 'register' | 'atTaxService' | 'print'
  > & { readonly fiscalStatus: Words<Schemas['Receipt']['fiscal']['status']> };
  readonly waitlist: Words<'title' | 'lead' | 'none' | 'joined' | 'take' | 'leave' | 'left'> & {
    readonly status: Words<Schemas['WaitlistEntry']['status']>;
    readonly ahead: Counts;
    readonly offered: Shows;
  };
  readonly move: Words<'title' | 'lead' | 'choose' | 'done' | 'due'> & {
    readonly confirm: Shows;
    readonly from: Shows;
  };
};
