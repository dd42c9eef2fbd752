import { createHmac } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCleanUp } from '../../test/support/product.ts';
import { totpCode } from '../../src/modules/auth/domain/totp.ts';
import { describeInBrowser, expectAccessible, SCREENS, watchForErrors } from './browser.ts';
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

describeInBrowser('a second factor in the console', () => {
  const { later, run } = createCleanUp();
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(later, { settings: { STAFF_SECOND_FACTOR: 'required' } });
  });
  afterAll(run);

  const showPassword = async (page: Page): Promise<void> => {
    await page.getByLabel('Phone').fill(stage.accounts.admin.phone);
    await page.getByLabel('Password').fill(stage.accounts.admin.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };

  test('is set up before anything else, asked for at the next sign-in, and again where it matters', async () => {
    const context = await stage.browser.newContext({ ...SCREENS.desktop, locale: 'en' });
    context.setDefaultTimeout(20_000);
    const errors = watchForErrors(context);
    const page = await context.newPage();
    await page.goto(`${stage.url}/console/`);
    await showPassword(page);

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
    await showPassword(page);
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Code' }).fill(appCode(secret, 1));
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
    expect(errors.filter((text) => !/40[13]/.test(text))).toEqual([]);
    await context.close();
  });
});
