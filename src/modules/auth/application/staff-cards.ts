import type { Clock } from '../../../kernel/time.ts';
import type { Vault } from '../../../kernel/vault.ts';
import type { StaffCard, StaffList } from '../contract.ts';
import type { Accounts } from './accounts.ts';
import type { Sessions } from './sessions.ts';
import type { SessionWatch } from './session-watch.ts';

/** How long a park trusts the list of its staff without a word from headquarters, ms: then it lets nobody in any more. */
export const STAFF_TRUSTED_MS = 72 * 3_600_000;

/** Port: at headquarters, who has a role at a park and a password. */
export type StaffOfPark = (parkId: string) => Promise<
  readonly {
    readonly userId: string;
    readonly passwordHash: string;
    /** Of the authenticator app, sealed under the key of the account; null when there is none. */
    readonly sealedTotp: string | null;
    readonly roles: StaffCard['roles'];
  }[]
>;

/** Port: how far headquarters' log is. */
export type LogPlace = () => Promise<StaffList['version']>;

/** The staff of a park, for its node. */
export type StaffCardsOf = (parkId: string) => Promise<StaffList>;

type Telling = {
  readonly staffOfPark: StaffOfPark;
  readonly logPlace: LogPlace;
  readonly accounts: Accounts;
  readonly vault: Pick<Vault, 'open'>;
};

/**
 * Who has a role at this very park, or is gate staff or manager of all. Whoever is admin or finance of the whole chain is not
 * among them, whatever else they are: what only they may do is done at headquarters, and what opens their accounts is kept at no counter.
 */
export function createStaffCardsOf({ staffOfPark, logPlace, accounts, vault }: Telling): StaffCardsOf {
  return async (parkId) => {
    // Asked first: what changes meanwhile is told again under a later version.
    const version = await logPlace();
    const cards = await Promise.all(
      (await staffOfPark(parkId)).map(async ({ userId, passwordHash, sealedTotp, roles }): Promise<StaffCard[]> => {
        const account = await accounts.profile(userId);
        if (account === null) return [];
        const { phone, name, language } = account;
        const totpSecret = sealedTotp === null ? null : await vault.open(sealedTotp);
        return [{ userId, phone, name, language, passwordHash, totpSecret, roles }];
      }),
    );
    return { version, cards: cards.flat() };
  };
}

/** Whose sessions have to end because of a new list. */
export type StaffChanges = {
  readonly gone: readonly string[];
  readonly withNewPassword: readonly string[];
  /** Who has an authenticator app now and had none or another one, or had one and has none now. */
  readonly withOtherFactor: readonly string[];
};

/** Port: at a park, the list of its staff. */
export type StaffBook = {
  /** What a list would change; `none` when it says what the one says that is kept, null when it is older. */
  compare(list: StaffList): Promise<StaffChanges | 'none' | null>;
  /** Notes that the list that is kept was told again, as of a later version. */
  confirm(list: StaffList, nowMs: number): Promise<void>;
  /** Keeps a list in place of the one before, unless that is newer. */
  replace(list: StaffList, nowMs: number): Promise<void>;
};

/** Takes what headquarters says of the staff of this park; false for what is older than what is known. */
export type KeepStaffCards = (list: StaffList) => Promise<boolean>;

type Keeping = {
  readonly staffBook: StaffBook;
  readonly sessions: Pick<Sessions, 'close' | 'revokeAll'>;
  readonly watch: SessionWatch;
  readonly clock: Clock;
};

/** Whoever is on the list no more, or has another password or app there, is signed out first: then nothing is left half done. */
export function createKeepStaffCards({ staffBook, sessions, watch, clock }: Keeping): KeepStaffCards {
  return async (list) => {
    const changes = await staffBook.compare(list);
    if (changes === null) return false;
    const nowMs = clock.now();
    if (changes === 'none') await staffBook.confirm(list, nowMs);
    else {
      for (const userId of changes.gone) await sessions.close(userId, nowMs);
      for (const userId of changes.withNewPassword) await sessions.revokeAll(userId, 'password_changed', nowMs);
      for (const userId of changes.withOtherFactor) await sessions.revokeAll(userId, 'factor_changed', nowMs);
      await staffBook.replace(list, nowMs);
    }
    watch.expire();
    return true;
  };
}
