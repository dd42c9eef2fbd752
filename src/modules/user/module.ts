import type { CleanImage } from '../../kernel/clean-image.ts';
import type { CommandRunner } from '../../kernel/command-runner.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import type { FileStore } from '../../kernel/file-store.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Clock, Zone } from '../../kernel/time.ts';
import type { FileVault } from '../../kernel/vault.ts';
import type { Manifest, Module } from '../../infrastructure/module.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import type { Accounts } from './application/accounts.ts';
import { createAddChild, type AddChild } from './application/add-child.ts';
import { createChangeChild } from './application/change-child.ts';
import { createChangeConsents } from './application/change-consents.ts';
import { createChangeProfile } from './application/change-profile.ts';
import { createShowConsents, type ConsentDocument } from './application/consents.ts';
import { createErasure, type EraseAgain, type EraseOnRequest, type YieldNumber } from './application/erase-account.ts';
import { createExportAccount } from './application/export-account.ts';
import {
  createLookUpAccount,
  createLookUpGuest,
  type LookUpAccount,
  type LookUpGuest,
} from './application/look-up-guest.ts';
import { createPhotos, type Links } from './application/photos.ts';
import type {
  ConfirmPassword,
  CountTickets,
  FinishErasure,
  GiveUpStep,
  HasTickets,
  HeldElsewhere,
  UnfinishedOf,
} from './application/ports.ts';
import { createRegisterUser, type RegisterUser } from './application/register-user.ts';
import { createRemoveChild } from './application/remove-child.ts';
import { createSweepPhotos } from './application/sweep-photos.ts';
import { createUserIdByPhone, type UserIdByPhone } from './application/user-id-by-phone.ts';
import type { ChildrenOf } from './contract.ts';
import { addChildRoute } from './http/add-child.ts';
import { changeChildRoute } from './http/change-child.ts';
import { changeMeRoute } from './http/change-me.ts';
import { getChildPhotoRoute, removeChildPhotoRoute, showPhotoRoute, storeChildPhotoRoute } from './http/child-photo.ts';
import { changeConsentsRoute, getConsentsRoute } from './http/consents.ts';
import { eraseMeRoute } from './http/erase-me.ts';
import { exportMeRoute } from './http/export-me.ts';
import { getChildRoute } from './http/get-child.ts';
import { getMeRoute } from './http/get-me.ts';
import { listChildrenRoute } from './http/list-children.ts';
import { lookUpGuestRoute } from './http/look-up-guest.ts';
import { removeChildRoute } from './http/remove-child.ts';
import { createConsents } from './persistence/consents.ts';
import { userEvents } from './persistence/events.ts';
import { mobilePhoneNumbers } from './persistence/mobile-phone-numbers.ts';
import { createAccounts, createChildren, usersProjection } from './persistence/users.ts';

export type UserModule = Module & {
  readonly register: RegisterUser;
  readonly userIdByPhone: UserIdByPhone;
  /** The account, null when there is none or its data was erased. */
  readonly profile: Accounts['find'];
  readonly lookUpGuest: LookUpGuest;
  readonly lookUpAccount: LookUpAccount;
  /** For whoever proves a number that an account without a ticket never proved. */
  readonly yieldNumber: YieldNumber;
  /** For whoever restores the database. */
  readonly eraseAgain: EraseAgain;
  readonly eraseOnRequest: EraseOnRequest;
  readonly addChild: AddChild;
  readonly childrenOf: ChildrenOf;
  /** For the flow that finishes what a crash interrupted. */
  readonly finishErasure: FinishErasure;
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly store: Pick<EventStore, 'ownerOf'>;
  readonly vault: FileVault;
  readonly files: FileStore;
  readonly database: Database;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  /** The documents that people are asked to agree to, each in the version now shown. */
  readonly documents: readonly ConsentDocument[];
  readonly links: Links;
  readonly cleanImage: CleanImage;
  readonly confirmPassword: ConfirmPassword;
  readonly unfinishedOf: UnfinishedOf;
  readonly countTickets: CountTickets;
  readonly hasTickets: HasTickets;
  readonly giveUpStep: GiveUpStep;
  readonly finishErasure: FinishErasure;
  readonly heldElsewhere: HeldElsewhere;
  /** Where others reach this node, without a slash at the end. */
  readonly publicUrl: string;
  readonly onError: (error: unknown) => void;
};

export const userManifest: Manifest = {
  name: 'user',
  events: userEvents,
  projections: [usersProjection],
  migrations: new URL('./persistence/migrations/', import.meta.url),
};

/** Account holders and their children. */
export function createUserModule(dependencies: Dependencies): UserModule {
  const { database, vault, publicUrl, finishErasure } = dependencies;
  const accounts = createAccounts(database, vault);
  const children = createChildren(database, vault);
  const phones = mobilePhoneNumbers;
  const showConsents = createShowConsents({ ...dependencies, consents: createConsents(database) });
  const userIdByPhone = createUserIdByPhone({ ...dependencies, phones });
  const parts = { ...dependencies, accounts, children, showConsents, userIdByPhone };
  const addChild = createAddChild(parts);
  const photos = createPhotos(parts);
  const lookUpGuest = createLookUpGuest(parts);
  const sweepPhotos = createSweepPhotos(parts);
  const { eraseAccount, eraseOnRequest, yieldNumber, eraseAgain } = createErasure(parts);
  return {
    ...userManifest,
    routes: [
      getMeRoute(accounts),
      changeMeRoute(createChangeProfile(parts)),
      eraseMeRoute(eraseAccount),
      exportMeRoute(createExportAccount({ ...parts, photos }), publicUrl),
      getConsentsRoute(showConsents),
      changeConsentsRoute(createChangeConsents(parts)),
      listChildrenRoute(children),
      addChildRoute(addChild),
      getChildRoute(children),
      changeChildRoute(createChangeChild(parts)),
      removeChildRoute(createRemoveChild(parts)),
      storeChildPhotoRoute(photos),
      getChildPhotoRoute(photos, publicUrl),
      removeChildPhotoRoute(photos),
      showPhotoRoute(photos),
      lookUpGuestRoute(lookUpGuest),
    ],
    jobs: [{ name: 'sweep pictures', everyMs: 600_000, run: ({ limit }) => sweepPhotos(limit) }],
    register: createRegisterUser({ ...dependencies, phones }),
    userIdByPhone,
    profile: (userId) => accounts.find(userId),
    lookUpGuest,
    lookUpAccount: createLookUpAccount(parts),
    yieldNumber,
    eraseAgain,
    eraseOnRequest,
    addChild,
    childrenOf: (userId) => children.of(userId),
    finishErasure,
  };
}
