import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePersonName } from '../../../kernel/person-name.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import { addDays, ageOn } from '../../../kernel/time.ts';
import type { AddChild, ChangeChild, ChangeProfile, Register, UserEvent } from './user-messages.ts';
import { user, type UserState } from './user.ts';

const TODAY = '2026-11-24';

const register: Register = {
  kind: 'register',
  userId: 'u1',
  name: ' Айгүл ',
  phone: '+996555123456',
  email: null,
  language: 'ky',
  consents: [{ document: 'privacy', version: '2026-11' }],
};

const registered: UserEvent = {
  type: 'UserRegistered',
  data: {
    userId: 'u1',
    name: 'Айгүл',
    phone: '+996555123456',
    email: null,
    language: 'ky',
    consents: [{ document: 'privacy', version: '2026-11' }],
  },
};

const child = (more: Partial<AddChild> = {}): AddChild => ({
  kind: 'add_child',
  userId: 'u1',
  childId: 'c1',
  name: 'Алина',
  birthDate: '2022-03-01',
  gender: null,
  today: TODAY,
  ...more,
});

const added = (childId: string): UserEvent => ({
  type: 'ChildAdded',
  data: { userId: 'u1', childId, name: 'Алина', birthDate: '2022-03-01', gender: null },
});

const changeProfile = (more: Partial<ChangeProfile> = {}): ChangeProfile => ({
  kind: 'change_profile',
  userId: 'u1',
  version: 1,
  name: 'Айгүл',
  email: 'aigul@example.com',
  language: 'en',
  ...more,
});

const changeChild = (more: Partial<ChangeChild> = {}): ChangeChild => ({
  ...child(),
  kind: 'change_child',
  version: 1,
  ...more,
});

const removed = (childId: string): UserEvent => ({ type: 'ChildRemoved', data: { userId: 'u1', childId } });

const given = (...events: readonly UserEvent[]): UserState => events.reduce(user.evolve, user.initial);

describe('registering', () => {
  test('opens the account with the name trimmed', () => {
    expect(user.decide(register, given())).toEqual(ok([registered]));
  });

  test('is refused for an account that exists', () => {
    expect(user.decide(register, given(registered))).toEqual(refuse({ code: 'user_exists' }));
  });

  test.each(['   ', 'a\nb', '\u200b', 'a\u2028b'])('refuses the name %j', (name) => {
    expect(user.decide({ ...register, name }, given())).toEqual(refuse({ code: 'bad_name' }));
  });
});

describe('adding a child', () => {
  test('enters it', () => {
    expect(user.decide(child(), given(registered))).toEqual(ok([added('c1')]));
  });

  test('is told once: the same child again decides nothing', () => {
    expect(user.decide(child(), given(registered, added('c1')))).toEqual(ok([]));
  });

  test('needs an account', () => {
    expect(user.decide(child(), given())).toEqual(refuse({ code: 'user_not_found' }));
  });

  test.each([
    ['2026-02-30', 'no_such_date'],
    ['2026-13-01', 'no_such_date'],
    ['1899-12-31', 'no_such_date'],
    ['01.03.2022', 'no_such_date'],
    ['', 'no_such_date'],
    ['2023-02-29', 'no_such_date'],
    ['2026-11-25', 'born_in_the_future'],
    ['2999-12-31', 'born_in_the_future'],
    ['2008-11-24', 'not_a_child'],
    ['1990-01-01', 'not_a_child'],
  ])('refuses the birth date %j as %s', (birthDate, code) => {
    expect(user.decide(child({ birthDate }), given(registered))).toMatchObject({ ok: false, refusal: { code } });
  });

  test.each(['2026-11-24', '2008-11-25', '2024-02-29'])('takes the birth date %s', (birthDate) => {
    expect(user.decide(child({ birthDate }), given(registered)).ok).toBe(true);
  });

  test('refuses a name without letters to call by', () => {
    expect(user.decide(child({ name: ' ' }), given(registered))).toEqual(refuse({ code: 'bad_name' }));
  });

  test('stops at 30 children', () => {
    const children = Array.from({ length: 30 }, (_, index) => added(`child-${index}`));
    expect(user.decide(child(), given(registered, ...children.slice(1))).ok).toBe(true);
    const refusal = { code: 'too_many_children', most: 30 };
    expect(user.decide(child(), given(registered, ...children))).toEqual(refuse(refusal));
  });

  test('whoever is entered is a child today, whatever the date', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20_000, max: 400 }), (days) => {
        const birthDate = addDays(TODAY, days);
        const age = ageOn(birthDate, TODAY);
        expect(user.decide(child({ birthDate }), given(registered)).ok).toBe(age >= 0 && age < 18 && days <= 0);
      }),
    );
  });
});

describe('changing the profile', () => {
  test('writes the whole profile as the next version', () => {
    const data = { userId: 'u1', name: 'Айгүл', email: 'aigul@example.com', language: 'en', version: 2 };
    expect(user.decide(changeProfile(), given(registered))).toEqual(ok([{ type: 'ProfileChanged', data }]));
  });

  test.each([0, 2, 99])('of version %i is refused while version 1 is the newest', (version) => {
    const refusal = { code: 'version_moved' };
    expect(user.decide(changeProfile({ version }), given(registered))).toEqual(refuse(refusal));
  });

  test('needs an account and a name to call by', () => {
    expect(user.decide(changeProfile(), given())).toEqual(refuse({ code: 'user_not_found' }));
    expect(user.decide(changeProfile({ name: ' ' }), given(registered))).toEqual(refuse({ code: 'bad_name' }));
  });

  test('each version is edited once, in whatever order edits arrive', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 8 })), (versions) => {
        const written: number[] = [];
        let state = given(registered);
        for (const version of versions) {
          const decided = user.decide(changeProfile({ version }), state);
          if (!decided.ok) continue;
          written.push(version);
          state = decided.value.reduce(user.evolve, state);
        }
        expect(written).toEqual(written.map((_, index) => index + 1));
      }),
    );
  });
});

describe('names', () => {
  test('are kept as parsePersonName keeps them, and refused as it refuses them, for account and child alike', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (name) => {
        const kept = parsePersonName(name);
        const state = given(registered, added('c1'));
        for (const command of [changeProfile({ name }), changeChild({ name }), child({ childId: 'c2', name })]) {
          const decided = user.decide(command, state);
          expect(decided.ok).toBe(kept !== null);
          if (decided.ok) expect(decided.value).toMatchObject([{ data: { name: kept } }]);
        }
      }),
    );
  });
});

describe('changing a child', () => {
  test('writes the whole child as the next version', () => {
    const data = { userId: 'u1', childId: 'c1', name: 'Алина', birthDate: '2022-03-01', gender: 'female', version: 2 };
    const decided = user.decide(changeChild({ gender: 'female' }), given(registered, added('c1')));
    expect(decided).toEqual(ok([{ type: 'ChildChanged', data }]));
  });

  test('is refused for a child that was never added or was removed, and for an older version', () => {
    const unknown = refuse({ code: 'child_not_found' });
    expect(user.decide(changeChild(), given(registered))).toEqual(unknown);
    expect(user.decide(changeChild(), given(registered, added('c1'), removed('c1')))).toEqual(unknown);
    const moved = refuse({ code: 'version_moved' });
    expect(user.decide(changeChild({ version: 2 }), given(registered, added('c1')))).toEqual(moved);
  });

  test.each(['2026-11-25', '2008-11-24', '2026-02-30'])('refuses the birth date %s as adding does', (birthDate) => {
    const state = given(registered, added('c1'));
    const refused = user.decide(child({ childId: 'c2', birthDate }), state);
    expect(refused.ok).toBe(false);
    expect(user.decide(changeChild({ birthDate }), state)).toEqual(refused);
  });
});

describe('removing a child', () => {
  const remove = { kind: 'remove_child', userId: 'u1', childId: 'c1' } as const;

  test('takes it out, and makes room for another', () => {
    const children = Array.from({ length: 30 }, (_, index) => added(`c${index}`));
    const full = given(registered, ...children);
    expect(user.decide(remove, full)).toEqual(ok([removed('c1')]));
    expect(user.decide(child({ childId: 'new' }), user.evolve(full, removed('c1'))).ok).toBe(true);
  });

  test('is refused for a child that is not there, the second time too', () => {
    const unknown = refuse({ code: 'child_not_found' });
    expect(user.decide(remove, given(registered))).toEqual(unknown);
    expect(user.decide(remove, given(registered, added('c1'), removed('c1')))).toEqual(unknown);
  });
});

describe('a picture of a child', () => {
  const store = (photoKey: string) => ({ kind: 'store_photo', userId: 'u1', childId: 'c1', photoKey }) as const;
  const remove = { kind: 'remove_photo', userId: 'u1', childId: 'c1' } as const;
  const stored = (photoKey: string): UserEvent => ({
    type: 'ChildPhotoStored',
    data: { userId: 'u1', childId: 'c1', photoKey },
  });
  const gone = (photoKey: string): UserEvent => ({
    type: 'ChildPhotoRemoved',
    data: { userId: 'u1', childId: 'c1', photoKey },
  });
  const state = given(registered, added('c1'), stored('old'));

  test('takes the place of the one before, whose file is named as it goes', () => {
    expect(user.decide(store('new'), state)).toEqual(ok([gone('old'), stored('new')]));
    expect(user.decide(store('old'), state)).toEqual(ok([]));
    expect(user.decide(store('new'), given(registered))).toEqual(refuse({ code: 'child_not_found' }));
  });

  test('goes once, and with its child', () => {
    expect(user.decide(remove, state)).toEqual(ok([gone('old')]));
    expect(user.decide(remove, user.evolve(state, gone('old')))).toEqual(refuse({ code: 'photo_not_found' }));
    const removeChild = { kind: 'remove_child', userId: 'u1', childId: 'c1' } as const;
    expect(user.decide(removeChild, state)).toEqual(ok([gone('old'), removed('c1')]));
  });
});

describe('erasing', () => {
  const erase = { kind: 'erase', userId: 'u1' } as const;
  const erased: UserEvent = { type: 'UserErased', data: { userId: 'u1' } };

  test('happens once, and nothing can be done with the account afterwards', () => {
    const state = given(registered, added('c1'));
    expect(user.decide(erase, state)).toEqual(ok([erased]));
    const after = user.evolve(state, erased);
    expect(user.decide(erase, after)).toEqual(ok([]));
    expect(user.decide(register, after)).toEqual(refuse({ code: 'user_exists' }));
    for (const command of [changeProfile(), child(), changeChild()]) {
      expect(user.decide(command, after)).toEqual(refuse({ code: 'user_not_found' }));
    }
  });
});
