import type { JsonObject } from '../../../kernel/event-store.ts';
import type { Account, Accounts } from './accounts.ts';
import type { Child, Children } from './children.ts';
import type { ConsentView, ShowConsents } from './consents.ts';
import type { Photos } from './photos.ts';
import type { HeldElsewhere } from './ports.ts';

/** Everything that is held about somebody. */
export type HeldAboutGuest = {
  readonly account: Account;
  /** `photoLink` shows the picture for a while. */
  readonly children: readonly (Child & { readonly photoLink: string | null })[];
  readonly consents: readonly ConsentView[];
  /** What other parts hold, by their names. */
  readonly elsewhere: JsonObject;
};

/** Null when there is no such account. */
export type ExportAccount = (userId: string) => Promise<HeldAboutGuest | null>;

type Dependencies = {
  readonly accounts: Accounts;
  readonly children: Children;
  readonly showConsents: ShowConsents;
  readonly heldElsewhere: HeldElsewhere;
  readonly photos: Pick<Photos, 'link'>;
};

export function createExportAccount(dependencies: Dependencies): ExportAccount {
  const { accounts, children, showConsents, heldElsewhere, photos } = dependencies;
  const withLink = async (userId: string, child: Child) => {
    const made = child.photoKey === null ? null : await photos.link(userId, child.childId);
    return { ...child, photoLink: made?.ok === true ? made.value.link : null };
  };
  return async (userId) => {
    const account = await accounts.find(userId);
    if (account === null) return null;
    const parts = Object.entries(heldElsewhere).map(async ([name, held]) => [name, await held(userId)] as const);
    return {
      account,
      children: await Promise.all((await children.of(userId)).map((child) => withLink(userId, child))),
      consents: await showConsents(userId),
      elsewhere: Object.fromEntries(await Promise.all(parts)),
    };
  };
}
