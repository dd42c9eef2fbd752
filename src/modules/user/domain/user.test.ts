import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ok, refuse } from '../../../kernel/result.ts';
import { addDays, ageOn } from '../../../kernel/time.ts';
import { user, type AddChild, type Register, type UserEvent, type UserState } from './user.ts';

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
