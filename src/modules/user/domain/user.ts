import { unreachable } from '../../../kernel/assert.ts';
import type { Decider } from '../../../kernel/decider.ts';
import { parsePersonName } from '../../../kernel/person-name.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { ageOn, isLocalDate, type LocalDate } from '../../../kernel/time.ts';
import type { Personal } from '../../../kernel/vault.ts';

export type Language = 'ru' | 'ky' | 'en';
export type Gender = 'female' | 'male';

/** A text the person agreed to by registering, such as `privacy`, in the version that was shown. */
export type Consent = { readonly document: string; readonly version: string };

/** Personal: `name`, `phone` (E.164) and `email`. */
export type UserRegistered = {
  readonly type: 'UserRegistered';
  readonly data: {
    readonly userId: string;
    readonly name: Personal<string>;
    readonly phone: Personal<string>;
    readonly email: Personal<string>;
    readonly language: Language;
    readonly consents: readonly Consent[];
  };
};

/** Personal: `name` and `birthDate`. */
export type ChildAdded = {
  readonly type: 'ChildAdded';
  readonly data: {
    readonly userId: string;
    readonly childId: string;
    readonly name: Personal<string>;
    readonly birthDate: Personal<LocalDate>;
    readonly gender: Gender | null;
  };
};

export type UserEvent = UserRegistered | ChildAdded;

export type Register = {
  readonly kind: 'register';
  readonly userId: string;
  readonly name: string;
  /** E.164. That nobody else has it is the business of the claim that goes with the append. */
  readonly phone: string;
  readonly email: string | null;
  readonly language: Language;
  readonly consents: readonly Consent[];
};

export type AddChild = {
  readonly kind: 'add_child';
  readonly userId: string;
  readonly childId: string;
  readonly name: string;
  readonly birthDate: LocalDate;
  readonly gender: Gender | null;
  /** The date where the parks are. */
  readonly today: LocalDate;
};

export type UserCommand = Register | AddChild;

export type UserRefusal =
  | { readonly code: 'user_exists' }
  | { readonly code: 'user_not_found' }
  | { readonly code: 'bad_name' }
  | { readonly code: 'no_such_date' }
  | { readonly code: 'born_in_the_future' }
  /** Children are younger than `belowAge` on the day they are entered. */
  | { readonly code: 'not_a_child'; readonly belowAge: number }
  | { readonly code: 'too_many_children'; readonly most: number };

/** Only what decisions need; nothing personal stays in memory. */
export type UserState = { readonly registered: boolean; readonly childIds: readonly string[] };

const GROWN_UP_AGE = 18;
const MOST_CHILDREN = 30;

type Decision = Result<readonly UserEvent[], UserRefusal>;

function register({ kind: _kind, ...account }: Register, state: UserState): Decision {
  if (state.registered) return refuse({ code: 'user_exists' });
  const name = parsePersonName(account.name);
  if (name === null) return refuse({ code: 'bad_name' });
  return ok([{ type: 'UserRegistered', data: { ...account, name } }]);
}

function addChild({ kind: _kind, today, ...child }: AddChild, state: UserState): Decision {
  if (!state.registered) return refuse({ code: 'user_not_found' });
  if (state.childIds.includes(child.childId)) return ok([]);
  const name = parsePersonName(child.name);
  if (name === null) return refuse({ code: 'bad_name' });
  if (!isLocalDate(child.birthDate)) return refuse({ code: 'no_such_date' });
  if (child.birthDate > today) return refuse({ code: 'born_in_the_future' });
  if (ageOn(child.birthDate, today) >= GROWN_UP_AGE) return refuse({ code: 'not_a_child', belowAge: GROWN_UP_AGE });
  if (state.childIds.length >= MOST_CHILDREN) return refuse({ code: 'too_many_children', most: MOST_CHILDREN });
  return ok([{ type: 'ChildAdded', data: { ...child, name } }]);
}

/** An account holder with the children in the account. */
export const user: Decider<UserCommand, UserState, UserEvent, UserRefusal> = {
  aggregateType: 'User',
  initial: { registered: false, childIds: [] },
  decide(command, state) {
    switch (command.kind) {
      case 'register':
        return register(command, state);
      case 'add_child':
        return addChild(command, state);
      default:
        return unreachable(command, 'user command');
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'UserRegistered':
        return { ...state, registered: true };
      case 'ChildAdded':
        return { ...state, childIds: [...state.childIds, event.data.childId] };
      default:
        return unreachable(event, 'user event');
    }
  },
};
