import type { CommandRunner } from '../../kernel/command-runner.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Clock, Zone } from '../../kernel/time.ts';
import type { Vault } from '../../kernel/vault.ts';
import type { Manifest, Module } from '../../infrastructure/module.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import type { Accounts } from './application/accounts.ts';
import { createAddChild, type AddChild } from './application/add-child.ts';
import { createChangeChild } from './application/change-child.ts';
import { createChangeProfile } from './application/change-profile.ts';
import { createRegisterUser, type RegisterUser } from './application/register-user.ts';
import { createRemoveChild } from './application/remove-child.ts';
import { createUserIdByPhone, type UserIdByPhone } from './application/user-id-by-phone.ts';
import type { ChildrenOf } from './contract.ts';
import type { Consent } from './domain/user-messages.ts';
import { addChildRoute } from './http/add-child.ts';
import { changeChildRoute } from './http/change-child.ts';
import { changeMeRoute } from './http/change-me.ts';
import { getChildRoute } from './http/get-child.ts';
import { getMeRoute } from './http/get-me.ts';
import { listChildrenRoute } from './http/list-children.ts';
import { removeChildRoute } from './http/remove-child.ts';
import { userEvents } from './persistence/events.ts';
import { mobilePhoneNumbers } from './persistence/mobile-phone-numbers.ts';
import { createAccounts, createChildren, usersProjection } from './persistence/users.ts';

export type UserModule = Module & {
  readonly register: RegisterUser;
  readonly userIdByPhone: UserIdByPhone;
  /** The account, null when there is none or its data was erased. */
  readonly profile: Accounts['find'];
  readonly addChild: AddChild;
  readonly childrenOf: ChildrenOf;
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly store: Pick<EventStore, 'ownerOf'>;
  readonly vault: Vault;
  readonly database: Database;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  /** The documents, each in the version now shown, that a person agrees to by registering. */
  readonly consents: readonly Consent[];
};

export const userManifest: Manifest = {
  name: 'user',
  events: userEvents,
  projections: [usersProjection],
  migrations: new URL('./persistence/migrations/', import.meta.url),
};

/** Account holders and their children. */
export function createUserModule(dependencies: Dependencies): UserModule {
  const { database, vault } = dependencies;
  const accounts = createAccounts(database, vault);
  const children = createChildren(database, vault);
  const phones = mobilePhoneNumbers;
  const addChild = createAddChild({ ...dependencies, children });
  return {
    ...userManifest,
    routes: [
      getMeRoute(accounts),
      changeMeRoute(createChangeProfile({ ...dependencies, accounts })),
      listChildrenRoute(children),
      addChildRoute(addChild),
      getChildRoute(children),
      changeChildRoute(createChangeChild({ ...dependencies, children })),
      removeChildRoute(createRemoveChild(dependencies)),
    ],
    register: createRegisterUser({ ...dependencies, phones }),
    userIdByPhone: createUserIdByPhone({ ...dependencies, phones }),
    profile: (userId) => accounts.find(userId),
    addChild,
    childrenOf: (userId) => children.of(userId),
  };
}
