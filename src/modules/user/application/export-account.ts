import type { JsonObject } from '../../../kernel/event-store.ts';
import type { Account, Accounts } from './accounts.ts';
import type { Child, Children } from './children.ts';
import type { ConsentView, ShowConsents } from './consents.ts';
import type { HeldElsewhere } from './ports.ts';

/** Everything that is held about somebody. */
export type HeldAboutGuest = {
  readonly account: Account;
  readonly children: readonly Child[];
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
};

export function createExportAccount(dependencies: Dependencies): ExportAccount {
  const { accounts, children, showConsents, heldElsewhere } = dependencies;
  return async (userId) => {
    const account = await accounts.find(userId);
    if (account === null) return null;
    const parts = Object.entries(heldElsewhere).map(async ([name, held]) => [name, await held(userId)] as const);
    return {
      account,
      children: await children.of(userId),
      consents: await showConsents(userId),
      elsewhere: Object.fromEntries(await Promise.all(parts)),
    };
  };
}
