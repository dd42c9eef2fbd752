import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCleanUp } from '../../test/support/product.ts';
import { describeInBrowser, expectAccessible, expectNoSidewaysScroll, SCREENS, watchForErrors } from './browser.ts';
import { openStage, type Stage } from './stage.ts';

/** A finger on this very device, which is always the right one. */
const AUTHENTICATOR = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const;

const isScript = (name: string): boolean => /\/passkeys-[^/]+\.js$/.test(name);

describeInBrowser('a passkey in the console', () => {
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

  test('is made, asked for at the next sign-in and for a fresh proof, and removed; not asked for where the browser has none; its script is loaded no earlier', async () => {
    const context = await stage.browser.newContext({ ...SCREENS.phone, locale: 'en' });
    context.setDefaultTimeout(20_000);
    const errors = watchForErrors(context);
    const page = await context.newPage();
    const loaded: string[] = [];
    page.on('request', (request) => void loaded.push(request.url()));
    const devices = await context.newCDPSession(page);
    await devices.send('WebAuthn.enable');
    await devices.send('WebAuthn.addVirtualAuthenticator', { options: AUTHENTICATOR });
    await page.goto(`${stage.url}/console/`);
    await showPassword(page);

    await page.getByText('Duties count only with a second factor').waitFor();
    expect(loaded.filter(isScript)).toEqual([]);
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.getByLabel('Name of the passkey').fill('My finger');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
    expect(await page.locator('li code').allTextContents()).toHaveLength(10);
    expect(loaded.filter(isScript)).toHaveLength(1);
    await page.getByRole('button', { name: 'I have kept the codes' }).click();
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();

    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await showPassword(page);
    const dialog = page.getByRole('dialog');
    await dialog.getByText('The browser asks for your passkey').waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await dialog.getByRole('button', { name: 'No telephone: use a recovery code' }).click();
    await dialog.getByLabel('Recovery code', { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Use a passkey' }).click();
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();

    const without = await stage.browser.newContext({ ...SCREENS.phone, locale: 'en' });
    await without.addInitScript('delete window.PublicKeyCredential');
    const elsewhere = await without.newPage();
    await elsewhere.goto(`${stage.url}/console/`);
    await showPassword(elsewhere);
    await elsewhere.getByRole('dialog').getByLabel('Recovery code', { exact: true }).waitFor();
    expect(await elsewhere.getByRole('button', { name: 'Use a passkey' }).count()).toBe(0);
    await without.close();

    // As a node answers whose clock has gone on.
    let refusals = 0;
    await page.route('**/api/v1/auth/second-factor/passkeys/*', async (route) => {
      refusals += 1;
      if (refusals > 1) return route.continue();
      const body = JSON.stringify({ code: 'step_up_required', title: 'Show', detail: 'Show', status: 403 });
      return route.fulfill({ status: 403, contentType: 'application/problem+json', body });
    });
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Second factor' }).first().click();
    await page.getByText('My finger').first().waitFor();
    await page.getByText('Remove “My finger”').first().click();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.getByRole('button', { name: 'Remove “My finger”' }).click();
    await page.getByLabel('Password').fill(stage.accounts.admin.password);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('The passkey was removed').waitFor();
    expect(refusals).toBe(2);
    // Nor is it kept with the pages of guests.
    expect(await (await fetch(`${stage.url}/sw.js`)).text()).not.toContain('/assets/passkeys-');
    expect(errors.filter((text) => !/40[13]/.test(text))).toEqual([]);
    await context.close();
  });
});
