import { unreachable } from '../../../kernel/assert.ts';
import type { Decider } from '../../../kernel/decider.ts';
import { parsePersonName } from '../../../kernel/person-name.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { ageOn, isLocalDate, type LocalDate } from '../../../kernel/time.ts';
import type {
  AddChild,
  ChangeChild,
  ChangeProfile,
  ChildDetails,
  ChildFault,
  Register,
  UserCommand,
  UserEvent,
  UserRefusal,
} from './user-messages.ts';

type ChildState = { readonly childId: string; readonly version: number };

/** Only what decisions need; nothing personal stays in memory. */
export type UserState = {
  readonly registered: boolean;
  readonly profileVersion: number;
  readonly children: readonly ChildState[];
};

const GROWN_UP_AGE = 18;
const MOST_CHILDREN = 30;

type Decision = Result<readonly UserEvent[], UserRefusal>;

function register({ kind: _kind, ...account }: Register, state: UserState): Decision {
  if (state.registered) return refuse({ code: 'user_exists' });
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

const findChild = (state: UserState, childId: string): ChildState | undefined =>
  state.children.find((child) => child.childId === childId);

const withChild = (state: UserState, child: ChildState): UserState => ({
  ...state,
  children: state.children.map((known) => (known.childId === child.childId ? child : known)),
});

/** An account holder with the children in the account. */
export const user: Decider<UserCommand, UserState, UserEvent, UserRefusal> = {
  aggregateType: 'User',
  initial: { registered: false, profileVersion: 0, children: [] },
  decide(command, state) {
    if (command.kind === 'register') return register(command, state);
    if (!state.registered) return refuse({ code: 'user_not_found' });
    switch (command.kind) {
      case 'change_profile':
        return changeProfile(command, state);
      case 'add_child':
        return addChild(command, state);
      case 'change_child':
        return changeChild(command, state);
      case 'remove_child': {
        const { userId, childId } = command;
        if (findChild(state, childId) === undefined) return refuse({ code: 'child_not_found' });
        return ok([{ type: 'ChildRemoved', data: { userId, childId } }]);
      }
      default:
        return unreachable(command, 'user command');
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'UserRegistered':
        return { ...state, registered: true, profileVersion: 1 };
      case 'ProfileChanged':
        return { ...state, profileVersion: event.data.version };
      case 'ChildAdded':
        return { ...state, children: [...state.children, { childId: event.data.childId, version: 1 }] };
      case 'ChildChanged':
        return withChild(state, { childId: event.data.childId, version: event.data.version });
      case 'ChildRemoved':
        return { ...state, children: state.children.filter(({ childId }) => childId !== event.data.childId) };
      default:
        return unreachable(event, 'user event');
    }
  },
};
