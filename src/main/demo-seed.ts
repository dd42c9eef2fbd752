import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assert } from '../kernel/assert.ts';
import { systemIds } from '../infrastructure/ids.ts';
import { DEMO_PARKS } from './demo-parks.ts';
import type { Modules } from './modules.ts';

/** Accounts to try the product with; passwords are random and live in the data directory only. */
export type DemoAccounts = {
  readonly family: DemoAccount;
  /** Gate staff of every park. */
  readonly gate: DemoAccount;
  /** May do everything staff may. */
  readonly admin: DemoAccount;
};
type DemoAccount = { readonly phone: string; readonly password: string };

const META = { actor: 'system', correlationId: 'demo-seed' } as const;

/**
 * Parks, a family, gate staff and an admin for a demo; whatever is already there stays as it is. The logins are kept in
 * `demo.json`, mode 0600, written before the accounts so that a crash leaves no account nobody can enter.
 */
export async function seedDemo(modules: Modules, dataDir: string): Promise<DemoAccounts> {
  for (const park of DEMO_PARKS) {
    const opened = await modules.park.openPark(park, META);
    assert(opened.ok || opened.refusal.code === 'park_exists', 'a demo park must be valid');
  }
  const accounts = await demoAccounts(join(dataDir, 'demo.json'));
  const familyId = await ensureAccount(modules, accounts.family, 'Айгүл Асанова');
  await modules.auth.vouchForPhone(familyId, META);
  const gateId = await ensureAccount(modules, accounts.gate, 'Gate staff');
  await modules.auth.vouchForPhone(gateId, META);
  await modules.auth.grantRole({ userId: gateId, role: 'gate', parkId: null }, META);
  const adminId = await ensureAccount(modules, accounts.admin, 'Admin');
  await modules.auth.vouchForPhone(adminId, META);
  await modules.auth.grantRole({ userId: adminId, role: 'admin', parkId: null }, META);
  return accounts;
}

async function keptAccounts(file: string): Promise<Partial<DemoAccounts>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Partial<DemoAccounts>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return {};
  }
}

/** The logins kept in `file`; those that are missing are made. */
export async function demoAccounts(file: string): Promise<DemoAccounts> {
  const kept = await keptAccounts(file);
  const newAccount = (phone: string): DemoAccount => ({ phone, password: systemIds.secret(12) });
  const accounts: DemoAccounts = {
    family: kept.family ?? newAccount('+996555000001'),
    gate: kept.gate ?? newAccount('+996555000002'),
    admin: kept.admin ?? newAccount('+996555000003'),
  };
  if (Object.keys(accounts).every((name) => name in kept)) return accounts;
  await mkdir(join(file, '..'), { recursive: true });
  // Under a name nobody can foresee, and never into a file or through a link that is already there.
  const draft = `${file}.${systemIds.secret(9)}.draft`;
  await writeFile(draft, `${JSON.stringify(accounts, null, 2)}\n`, { flag: 'wx', mode: 0o600, flush: true });
  await rename(draft, file);
  return accounts;
}

async function ensureAccount({ auth, user }: Modules, { phone, password }: DemoAccount, name: string): Promise<string> {
  const registered = await auth.register({
    phone,
    password,
    name,
    email: null,
    language: 'ru',
    correlationId: META.correlationId,
  });
  if (registered.ok) return registered.value.account.userId;
  assert(registered.refusal.code === 'phone_taken', `a demo account was refused as ${registered.refusal.code}`);
  const found = await user.userIdByPhone(phone);
  assert(found.ok && found.value !== null, 'a taken phone has an owner');
  return found.value;
}
