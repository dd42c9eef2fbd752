import { describe, expect, test } from 'vitest';
import { ok } from '../../../kernel/result.ts';
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
});
