import { createHmac } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCleanUp } from '../../test/support/product.ts';
import type { Login } from '../../tools/demo/session.ts';
import { totpCode } from '../../src/modules/auth/domain/totp.ts';
import { describeInBrowser, expectAccessible, expectNoSidewaysScroll, SCREENS, watchForErrors } from './browser.ts';
import { newPhone, PASSWORD, register, signInAs, textsOf } from './guest-steps.ts';
import { openStage, type Stage } from './stage.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;

/** What an app with this secret shows now, or so many steps of 30 s later. */
function appCode(secret: string, stepsLater = 0): string {
  const bits = [...secret].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
  const hmac = (secretKey: Uint8Array, message: Uint8Array) => createHmac('sha1', secretKey).update(message).digest();
  return totpCode(hmac, key, Math.floor(Date.now() / STEP_MS) + stepsLater);
}

/** As apps show it: in two groups. */
const inGroups = (code: string): string => `${code.slice(0, 3)} ${code.slice(3)}`;

describeInBrowser('a second factor', () => {
  const { later, run } = createCleanUp();
  let stage: Stage;
  let page: Page;
  let errors: readonly string[];
  beforeAll(async () => {
    stage = await openStage(later, { settings: { STAFF_SECOND_FACTOR: 'required' } });
    const context = await stage.browser.newContext({ ...SCREENS.desktop, locale: 'en' });
    context.setDefaultTimeout(20_000);
    errors = watchForErrors(context);
    page = await context.newPage();
  });
  afterAll(run);

  const showPassword = async ({ phone, password }: Login = stage.accounts.admin): Promise<void> => {
    await page.getByLabel('Phone').fill(phone);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };

  test('is set up in the console before anything else, asked for at the next sign-in, and again where it matters', async () => {
    await page.goto(`${stage.url}/console/`);
    // Spaces belong to a password.
    const somebody = { phone: newPhone(), password: ` ${PASSWORD} `, name: 'Айбек' };
    const headers = { 'content-type': 'application/json' };
    const asked = { method: 'POST', headers, body: JSON.stringify(somebody) };
    expect((await fetch(`${stage.url}/api/v1/auth/register`, asked)).status).toBe(201);
    await showPassword(somebody);
    await page.getByText('You have no duties here').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await showPassword();

    await page.getByText('Duties count only with a second factor').waitFor();
    await page.getByRole('button', { name: 'Set up an app' }).click();
    const secret = (await page.locator('code').first().textContent()) ?? '';
    await expectAccessible(page);
    await page.getByRole('textbox', { name: 'Code' }).fill('000000');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByRole('textbox', { name: 'Code' }).fill(appCode(secret));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
    const recoveryCodes = await page.locator('li code').allTextContents();
    expect(recoveryCodes).toHaveLength(10);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'I have kept the codes' }).click();
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();

    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await showPassword();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByText('You did not finish signing in').waitFor();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await dialog.getByRole('textbox', { name: 'Code' }).fill(inGroups(appCode(secret, 1)));
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();

    // As a node answers whose clock has gone on.
    let refusals = 0;
    await page.route('**/api/v1/auth/second-factor/recovery-codes', async (route) => {
      refusals += 1;
      if (refusals > 1) return route.continue();
      const body = JSON.stringify({ code: 'step_up_required', title: 'Show', detail: 'Show', status: 403 });
      return route.fulfill({ status: 403, contentType: 'application/problem+json', body });
    });
    await page.getByRole('button', { name: 'Second factor' }).first().click();
    await page.getByText('Recovery codes left: 10').waitFor();
    await page.getByRole('button', { name: 'Get new recovery codes' }).click();
    await page.getByLabel('Password').fill(stage.accounts.admin.password);
    await page.getByRole('button', { name: 'No telephone: use a recovery code' }).click();
    await page.getByLabel('Recovery code', { exact: true }).fill(recoveryCodes[0] ?? '');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
    const renewed = await page.locator('li code').allTextContents();
    expect(renewed).toHaveLength(10);
    expect(renewed.filter((code) => recoveryCodes.includes(code))).toEqual([]);
    await page.getByRole('button', { name: 'I have kept the codes' }).click();
    await dialog.getByRole('button', { name: 'Close' }).click();
    expect(errors.filter((text) => !/40[13]/.test(text))).toEqual([]);
  });

  test('is set up by a guest, and taken away by an admin where the telephone is lost', async () => {
    const texts = await textsOf('en');
    const context = await stage.browser.newContext({ ...SCREENS.phone, locale: 'en' });
    context.setDefaultTimeout(20_000);
    const own = await context.newPage();
    const phone = newPhone();
    await own.goto(`${stage.url}/sign-in?next=/account/security`);
    await register(own, texts, phone);
    await own.getByRole('button', { name: 'Set up an app' }).click();
    // The number was proven by a code by SMS, which is no fresh proof.
    const proof = own.getByRole('dialog');
    await proof.getByLabel('Password').fill(PASSWORD);
    await expectAccessible(own);
    await expectNoSidewaysScroll(own);
    await proof.getByRole('button', { name: 'Confirm' }).click();
    await proof.waitFor({ state: 'detached' });
    const secret = (await own.locator('code').first().textContent()) ?? '';
    await expectAccessible(own);
    await expectNoSidewaysScroll(own);
    await own.getByRole('textbox', { name: 'Code' }).fill(inGroups(appCode(secret)));
    await own.getByRole('button', { name: 'Confirm' }).click();
    await own.getByRole('heading', { name: 'Recovery codes' }).waitFor();
    await expectAccessible(own);
    await expectNoSidewaysScroll(own);
    await own.getByRole('button', { name: 'I have kept the codes' }).click();
    await own.getByText('Recovery codes left: 10').waitFor();
    await expectAccessible(own);

    await page.goto(`${stage.url}/console/staff`);
    await page.getByLabel('Phone of the colleague').fill(phone);
    await page.getByRole('button', { name: 'Find' }).last().click();
    await page.getByRole('button', { name: 'Reset the second factor' }).click();
    await page.getByText('Make sure, in person or under a number you know').waitFor();
    await expectAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Reset the second factor' }).click();
    await page.getByText('The second factor was reset').waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    // All sessions end, and the next one asks for the password alone.
    await own.reload();
    await own.waitForURL(/\/sign-in/);
    await signInAs(own, texts, stage.url, '/account/security', { phone, password: PASSWORD });
    await own.getByRole('button', { name: 'Set up an app' }).waitFor();
    expect(await own.getByText('Recovery codes left').count()).toBe(0);
    expect(errors.filter((text) => !/40[13]/.test(text))).toEqual([]);
    await context.close();
  });
});
