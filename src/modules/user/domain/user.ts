import { unreachable } from '../../../kernel/assert.ts';
import type { Decider } from '../../../kernel/decider.ts';
import { parsePersonName } from '../../../kernel/person-name.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { ageOn, isLocalDate, type LocalDate } from '../../../kernel/time.ts';
import type {
  AddChild,
  ChangeChild,
  ChangeConsents,
  ChangeProfile,
  ChildDetails,
  ChildFault,
  Consent,
  Register,
  RemoveChild,
  RemovePhoto,
  StorePhoto,
  UserCommand,
  UserEvent,
  UserRefusal,
} from './user-messages.ts';

type ChildState = { readonly childId: string; readonly version: number; readonly photoKey: string | null };

/** Only what decisions need; nothing personal stays in memory. */
export type UserState = {
  readonly status: 'absent' | 'open' | 'erased';
  readonly profileVersion: number;
  readonly children: readonly ChildState[];
  /** What is agreed to. */
  readonly consents: readonly Consent[];
};

const GROWN_UP_AGE = 18;
const MOST_CHILDREN = 30;

type Decision = Result<readonly UserEvent[], UserRefusal>;

function register({ kind: _kind, ...account }: Register, state: UserState): Decision {
  if (state.status !== 'absent') return refuse({ code: 'user_exists' });
  const name = parsePersonName(account.name);
  if (name === null) return refuse({ code: 'bad_name' });
  return ok([{ type: 'UserRegistered', data: { ...account, name } }]);
}

function changeProfile({ kind: _kind, version, ...profile }: ChangeProfile, state: UserState): Decision {
  if (version !== state.profileVersion) return refuse({ code: 'version_moved' });
  const name = parsePersonName(profile.name);
  if (name === null) return refuse({ code: 'bad_name' });
  return ok([{ type: 'ProfileChanged', data: { ...profile, name, version: version + 1 } }]);
}

/** The details as they are kept. */
function checkChild(child: ChildDetails, today: LocalDate): Result<ChildDetails, ChildFault> {
  const name = parsePersonName(child.name);
  if (name === null) return refuse({ code: 'bad_name' });
  if (!isLocalDate(child.birthDate)) return refuse({ code: 'no_such_date' });
  if (child.birthDate > today) return refuse({ code: 'born_in_the_future' });
  if (ageOn(child.birthDate, today) >= GROWN_UP_AGE) return refuse({ code: 'not_a_child', belowAge: GROWN_UP_AGE });
  return ok({ name, birthDate: child.birthDate, gender: child.gender });
}

function addChild({ userId, childId, today, ...child }: AddChild, state: UserState): Decision {
  if (findChild(state, childId) !== undefined) return ok([]);
  const checked = checkChild(child, today);
  if (!checked.ok) return checked;
  if (state.children.length >= MOST_CHILDREN) return refuse({ code: 'too_many_children', most: MOST_CHILDREN });
  return ok([{ type: 'ChildAdded', data: { userId, childId, ...checked.value } }]);
}

function changeChild({ userId, childId, version, today, ...child }: ChangeChild, state: UserState): Decision {
  const known = findChild(state, childId);
  if (known === undefined) return refuse({ code: 'child_not_found' });
  if (version !== known.version) return refuse({ code: 'version_moved' });
  const checked = checkChild(child, today);
  if (!checked.ok) return checked;
  return ok([{ type: 'ChildChanged', data: { userId, childId, ...checked.value, version: version + 1 } }]);
}

function changeConsents({ userId, given, withdrawn }: ChangeConsents, state: UserState): Decision {
  const has = (document: string): string | undefined =>
    state.consents.find((consent) => consent.document === document)?.version;
  const newlyGiven = given.filter(({ document, version }) => has(document) !== version);
  const newlyWithdrawn = withdrawn.filter((document) => has(document) !== undefined);
  if (newlyGiven.length + newlyWithdrawn.length === 0) return ok([]);
  return ok([{ type: 'ConsentsChanged', data: { userId, given: newlyGiven, withdrawn: newlyWithdrawn } }]);
}

const photoRemoved = (userId: string, { childId, photoKey }: ChildState): readonly UserEvent[] =>
  photoKey === null ? [] : [{ type: 'ChildPhotoRemoved', data: { userId, childId, photoKey } }];

function storePhoto({ userId, childId, photoKey }: StorePhoto, state: UserState): Decision {
  const child = findChild(state, childId);
  if (child === undefined) return refuse({ code: 'child_not_found' });
  if (child.photoKey === photoKey) return ok([]);
  return ok([...photoRemoved(userId, child), { type: 'ChildPhotoStored', data: { userId, childId, photoKey } }]);
}

function removePhoto({ userId, childId }: RemovePhoto, state: UserState): Decision {
  const child = findChild(state, childId);
  if (child === undefined) return refuse({ code: 'child_not_found' });
  if (child.photoKey === null) return refuse({ code: 'photo_not_found' });
  return ok(photoRemoved(userId, child));
}

function removeChild({ userId, childId }: RemoveChild, state: UserState): Decision {
  const child = findChild(state, childId);
  if (child === undefined) return refuse({ code: 'child_not_found' });
  return ok([...photoRemoved(userId, child), { type: 'ChildRemoved', data: { userId, childId } }]);
}

const findChild = (state: UserState, childId: string): ChildState | undefined =>
  state.children.find((child) => child.childId === childId);

const withChild = (state: UserState, childId: string, change: Partial<ChildState>): UserState => ({
  ...state,
  children: state.children.map((child) => (child.childId === childId ? { ...child, ...change } : child)),
});

function withConsents(state: UserState, given: readonly Consent[], withdrawn: readonly string[] = []): UserState {
  const gone = new Set([...withdrawn, ...given.map(({ document }) => document)]);
  return { ...state, consents: [...state.consents.filter(({ document }) => !gone.has(document)), ...given] };
}

/** An account holder with the children in the account. */
export const user: Decider<UserCommand, UserState, UserEvent, UserRefusal> = {
  aggregateType: 'User',
  initial: { status: 'absent', profileVersion: 0, children: [], consents: [] },
  decide(command, state) {
    if (command.kind === 'register') return register(command, state);
    if (command.kind === 'erase' && state.status === 'erased') return ok([]); // told twice
    if (state.status !== 'open') return refuse({ code: 'user_not_found' });
    switch (command.kind) {
      case 'change_profile':
        return changeProfile(command, state);
      case 'change_consents':
        return changeConsents(command, state);
      case 'add_child':
        return addChild(command, state);
      case 'change_child':
        return changeChild(command, state);
      case 'store_photo':
        return storePhoto(command, state);
      case 'remove_photo':
        return removePhoto(command, state);
      case 'remove_child':
        return removeChild(command, state);
      case 'erase':
        return ok([{ type: 'UserErased', data: { userId: command.userId } }]);
      default:
        return unreachable(command, 'user command');
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'UserRegistered':
        return withConsents({ ...state, status: 'open', profileVersion: 1 }, event.data.consents);
      case 'ProfileChanged':
        return { ...state, profileVersion: event.data.version };
      case 'ConsentsChanged':
        return withConsents(state, event.data.given, event.data.withdrawn);
      case 'ChildAdded': {
        const child = { childId: event.data.childId, version: 1, photoKey: null };
        return { ...state, children: [...state.children, child] };
      }
      case 'ChildChanged':
        return withChild(state, event.data.childId, { version: event.data.version });
      case 'ChildPhotoStored':
        return withChild(state, event.data.childId, { photoKey: event.data.photoKey });
      case 'ChildPhotoRemoved':
        return withChild(state, event.data.childId, { photoKey: null });
      case 'ChildRemoved':
        return { ...state, children: state.children.filter(({ childId }) => childId !== event.data.childId) };
      case 'UserErased':
        return { ...user.initial, status: 'erased' };
      default:
        return unreachable(event, 'user event');
    }
  },
};
