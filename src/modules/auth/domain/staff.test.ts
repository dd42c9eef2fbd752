import { describe, expect, test } from 'vitest';
import { ok, refuse } from '../../../kernel/result.ts';
import { staff, type RoleOfUser, type StaffEvent, type StaffState } from './staff.ts';

const gate: RoleOfUser = { userId: 'u1', role: 'gate', parkId: 'ala-archa' };
const granted = (role: RoleOfUser): StaffEvent => ({ type: 'RoleGranted', data: role });
const revoked = (role: RoleOfUser): StaffEvent => ({ type: 'RoleRevoked', data: role });
const given = (...events: readonly StaffEvent[]): StaffState => events.reduce(staff.evolve, staff.initial);

describe('staff roles', () => {
  test('are granted and taken away', () => {
    expect(staff.decide({ kind: 'grant', ...gate }, given())).toEqual(ok([granted(gate)]));
    expect(staff.decide({ kind: 'revoke', ...gate }, given(granted(gate)))).toEqual(ok([revoked(gate)]));
    expect(staff.decide({ kind: 'grant', ...gate }, given(granted(gate), revoked(gate)))).toEqual(ok([granted(gate)]));
  });

  test('a fact told twice decides nothing', () => {
    expect(staff.decide({ kind: 'grant', ...gate }, given(granted(gate)))).toEqual(ok([]));
    expect(staff.decide({ kind: 'revoke', ...gate }, given())).toEqual(ok([]));
    expect(staff.decide({ kind: 'revoke', ...gate }, given(granted(gate), revoked(gate)))).toEqual(ok([]));
  });

  test('at one park, at another and at all parks are different roles', () => {
    for (const other of [
      { ...gate, parkId: null },
      { ...gate, parkId: 'osh' },
      { ...gate, role: 'manager' as const },
    ]) {
      expect(staff.decide({ kind: 'grant', ...other }, given(granted(gate)))).toEqual(ok([granted(other)]));
      expect(staff.decide({ kind: 'revoke', ...other }, given(granted(gate)))).toEqual(ok([]));
    }
  });

  test('set together replace what the account had, and touch nobody else', () => {
    const manager: RoleOfUser = { ...gate, role: 'manager', parkId: null };
    const other: RoleOfUser = { ...gate, userId: 'u2' };
    const state = given(granted(gate), granted(other));
    const command = { kind: 'set', userId: 'u1', mayGain: true, roles: [{ role: 'manager', parkId: null }] } as const;
    expect(staff.decide(command, state)).toEqual(ok([revoked(gate), granted(manager)]));
    expect(staff.decide(command, given(granted(manager)))).toEqual(ok([]));
    expect(staff.decide({ ...command, roles: [] }, state)).toEqual(ok([revoked(gate)]));
  });

  test('of an account that may be of anybody are kept or lost, never gained', () => {
    const kept = { role: gate.role, parkId: gate.parkId };
    const set = { kind: 'set', userId: 'u1', mayGain: false } as const;
    const manager = { role: 'manager', parkId: null } as const;
    expect(staff.decide({ ...set, roles: [kept] }, given())).toEqual(refuse({ code: 'number_unproven' }));
    expect(staff.decide({ ...set, roles: [kept, manager] }, given(granted(gate)))).toEqual(
      refuse({ code: 'number_unproven' }),
    );
    expect(staff.decide({ ...set, roles: [kept] }, given(granted(gate)))).toEqual(ok([]));
    const both = given(granted(gate), granted({ userId: 'u1', ...manager }));
    expect(staff.decide({ ...set, roles: [manager] }, both)).toEqual(ok([revoked(gate)]));
  });

  test('of an account that was erased all end, even those of the last admin', () => {
    const admin: RoleOfUser = { userId: 'u1', role: 'admin', parkId: null };
    const other: RoleOfUser = { ...gate, userId: 'u2' };
    const command = { kind: 'close', userId: 'u1' } as const;
    expect(staff.decide(command, given(granted(admin)))).toEqual(ok([revoked(admin)]));
    expect(staff.decide(command, given(granted(gate), granted(other)))).toEqual(ok([revoked(gate)]));
    expect(staff.decide(command, given(granted(other)))).toEqual(ok([]));
  });

  test('the last admin cannot be taken away, whoever asks and how', () => {
    const first: RoleOfUser = { userId: 'u1', role: 'admin', parkId: null };
    const second: RoleOfUser = { ...first, userId: 'u2' };
    const takeAway = [
      { kind: 'revoke', ...first },
      { kind: 'set', userId: 'u1', mayGain: true, roles: [] },
    ] as const;
    for (const command of takeAway) {
      expect(staff.decide(command, given(granted(first)))).toEqual(refuse({ code: 'last_admin' }));
      expect(staff.decide(command, given(granted(first), granted(second)))).toEqual(ok([revoked(first)]));
      expect(staff.decide(command, given(granted(second)))).toEqual(ok([]));
    }
  });
});
