import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { ChangeRole } from './change-role.ts';
import type { Login, LoginRefusal } from './login.ts';
import type { Register, RegisterRefusal } from './register.ts';
import type { Roles } from './roles.ts';

export type FirstAdmin = { readonly phone: string; readonly password: string };

/** Makes an account with the role `admin` if nobody has that role; answers whether it did. */
export type EnsureFirstAdmin = (
  admin: FirstAdmin,
) => Promise<Result<boolean, { readonly code: (RegisterRefusal | LoginRefusal)['code'] }>>;

type Dependencies = {
  readonly roles: Roles;
  readonly register: Register;
  readonly login: Login;
  readonly grantRole: ChangeRole;
};

const META = { actor: 'system', correlationId: 'first-admin' } as const;

/**
 * How the first admin comes to be; every later one gets the role from another. A number that has an account already, such as
 * one that a guest took on purpose, becomes an admin only if the password is that account's.
 */
export function createEnsureFirstAdmin({ roles, register, login, grantRole }: Dependencies): EnsureFirstAdmin {
  return async ({ phone, password }) => {
    if (await roles.hasAdmin()) return ok(false);
    const details = { phone, password, name: 'Admin', email: null, language: 'ru' } as const;
    const registered = await register({ ...details, correlationId: META.correlationId });
    const isTaken = !registered.ok && registered.refusal.code === 'phone_taken';
    const signedIn = isTaken ? await login(phone, password) : registered;
    if (!signedIn.ok) return refuse({ code: signedIn.refusal.code });
    const granted = await grantRole({ userId: signedIn.value.account.userId, role: 'admin', parkId: null }, META);
    return granted.ok ? ok(true) : refuse({ code: 'invalid_credentials' });
  };
}
