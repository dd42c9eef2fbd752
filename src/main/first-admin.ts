import type { App } from './compose.ts';

const WHY = {
  invalid_credentials: 'that number has an account with another password',
  bad_phone: 'SKYPARK_ADMIN_PHONE is no mobile number',
  password_length: 'SKYPARK_ADMIN_PASSWORD must have 8 to 128 characters',
  password_common: 'SKYPARK_ADMIN_PASSWORD is one of the first that anybody would try',
} as const;

const isExplained = (code: string): code is keyof typeof WHY => code in WHY;

/**
 * Makes the first admin as configured; does nothing once there is one.
 * @throws when what is configured cannot become an admin
 */
export async function ensureFirstAdmin({ config, modules, log }: App): Promise<void> {
  if (config.firstAdmin === null) return;
  const done = await modules.auth.ensureFirstAdmin(config.firstAdmin);
  if (done.ok) {
    if (done.value) log.info('the first admin was made');
    return;
  }
  const { code } = done.refusal;
  throw new Error(`The first admin cannot be made: ${isExplained(code) ? WHY[code] : code}`);
}
