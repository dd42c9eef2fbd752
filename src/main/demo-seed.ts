import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assert } from '../kernel/assert.ts';
import { systemIds } from '../infrastructure/ids.ts';
import { trustedSom } from '../kernel/money.ts';
import type { Modules } from './modules.ts';

/** Accounts to try the product with; passwords are random and live in the data directory only. */
export type DemoAccounts = {
  readonly family: DemoAccount;
  /** Gate staff of every park. */
  readonly gate: DemoAccount;
};
type DemoAccount = { readonly phone: string; readonly password: string };

const META = { actor: 'system', correlationId: 'demo-seed' } as const;

const PARKS = [
  {
    parkId: 'ala-archa',
    names: { ru: 'Скай Парк Ала-Арча', ky: 'Скай Парк Ала-Арча', en: 'Sky Park Ala-Archa' },
    addresses: { ru: 'Бишкек, ул. Южная магистраль', ky: 'Бишкек, Түштүк магистралы', en: 'South Highway, Bishkek' },
    capacity: 300,
    openTime: '10:00',
    closeTime: '21:00',
    latitudeE7: 428_212_000,
    longitudeE7: 745_973_000,
    amenities: ['cafe', 'parking', 'lockers'],
  },
  {
    parkId: 'asanbay',
    names: { ru: 'Скай Парк Асанбай', ky: 'Скай Парк Асанбай', en: 'Sky Park Asanbay' },
    addresses: { ru: 'Бишкек, мкр. Асанбай', ky: 'Бишкек, Асанбай кичи району', en: 'Asanbay district, Bishkek' },
    capacity: 180,
    openTime: '10:00',
    closeTime: '22:00',
    latitudeE7: 428_180_000,
    longitudeE7: 746_230_000,
    amenities: ['cafe', 'birthday_room'],
  },
  // Never closed and roomy, so that a demo can be admitted at any hour.
  {
    parkId: 'dordoi',
    names: { ru: 'Скай Парк Дордой', ky: 'Скай Парк Дордой', en: 'Sky Park Dordoi' },
    addresses: { ru: 'Бишкек, Дордой', ky: 'Бишкек, Дордой', en: 'Dordoi, Bishkek' },
    capacity: 5000,
    openTime: '00:00',
    closeTime: '23:59',
    latitudeE7: 429_420_000,
    longitudeE7: 746_190_000,
    amenities: ['cafe', 'parking', 'lockers', 'first_aid'],
  },
] as const;

const TARIFF = {
  priceUnder3Tyiyn: trustedSom('150.00'),
  priceOver3Tyiyn: trustedSom('350.00'),
  priceAdultTyiyn: 0n,
  groupPercent: 10,
  timeZone: 'Asia/Bishkek',
  images: [],
};

/**
 * Parks, a family and gate staff for a demo; whatever is already there stays as it is. The logins are kept in
 * `demo.json`, mode 0600, written before the accounts so that a crash leaves no account nobody can enter.
 */
export async function seedDemo(modules: Modules, dataDir: string): Promise<DemoAccounts> {
  for (const profile of PARKS) {
    const opened = await modules.park.openPark({ ...TARIFF, ...profile }, META);
    assert(opened.ok || opened.refusal.code === 'park_exists', 'a demo park must be valid');
  }
  const accounts = await demoAccounts(join(dataDir, 'demo.json'));
  await ensureAccount(modules, accounts.family, 'Айгүл Асанова');
  const gateId = await ensureAccount(modules, accounts.gate, 'Gate staff');
  await modules.auth.grantRole({ userId: gateId, role: 'gate', parkId: null }, META);
  return accounts;
}

/** The logins kept in `file`, made when there are none. */
export async function demoAccounts(file: string): Promise<DemoAccounts> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as DemoAccounts;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const accounts: DemoAccounts = {
    family: { phone: '+996555000001', password: systemIds.secret(12) },
    gate: { phone: '+996555000002', password: systemIds.secret(12) },
  };
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
