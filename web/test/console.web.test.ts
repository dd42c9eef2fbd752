import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newGuest } from '../../test/e2e/guests.ts';
import { createCleanUp } from '../../test/support/product.ts';
import { describeInBrowser, expectAccessible, SCREENS, shiftOf, watchForErrors, watchShifts } from './browser.ts';
import { adminOf, OPEN_PARK } from './guests.ts';
import { admitTwice, changeTenthOfNextMonth } from './staff-work.ts';
import { openStage, type Stage } from './stage.ts';

/** How far a page may jump while it comes, and so far apart come the answers of a slow network. */
const MOST_SHIFT = 0.05;
const ANSWER_GAP_MS = 150;

describeInBrowser('the console', () => {
  const { later, run } = createCleanUp();
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(later);
    await admitTwice(stage.url, stage.accounts);
  });
  afterAll(run);

  const goTo = async (page: Page, section: string): Promise<void> => {
    await page.getByRole('navigation').getByRole('link', { name: section }).first().click();
    await page.getByRole('heading', { level: 1, name: section }).waitFor();
    await expectAccessible(page);
  };

  const signInToConsole = async (page: Page): Promise<void> => {
    await page.goto(`${stage.url}/console/`);
    await page.getByLabel('Phone').fill(stage.accounts.admin.phone);
    await page.getByLabel('Password').fill(stage.accounts.admin.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
  };

  test('an admin looks at today, lowers a day, resolves an incident and takes a report home', async () => {
    const context = await stage.browser.newContext({ ...SCREENS.desktop, locale: 'en' });
    context.setDefaultTimeout(15_000);
    const errors = watchForErrors(context);
    const page = await context.newPage();

    await page.goto(`${stage.url}/console/`);
    await expectAccessible(page);
    await page.getByLabel('Phone').fill(stage.accounts.admin.phone);
    await page.getByLabel('Password').fill('not this one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Password').fill(stage.accounts.admin.password);
    await page.getByRole('button', { name: 'Sign in' }).click();

    await page.getByRole('button', { name: /Sky Park Dordoi.*2 incidents/ }).click();
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByText('4 of 5000').waitFor();
    await expectAccessible(page);

    await goTo(page, 'Calendar');
    await page.getByRole('button', { name: 'Next month' }).click();
    await page.locator('.day').nth(9).click();
    await page.getByLabel('Places that may be sold').fill('1200');
    await expectAccessible(page);
    await changeTenthOfNextMonth(stage.url, stage.accounts);
    await page.getByRole('button', { name: 'Save the day' }).click();
    await page.getByText('Somebody else changed this').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Save the day' }).click();
    await page.getByText('1200 of 1200 free').waitFor();

    await goTo(page, 'Incidents');
    await page.getByRole('button', { name: 'Resolve', exact: true }).first().click();
    await page.getByLabel('The code was passed on').check();
    await page.getByLabel('Explanation').fill('Two families, one code; both were told.');
    await expectAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Resolve', exact: true }).click();
    await page.getByText('The outcome is on record').waitFor();
    await page.getByRole('button', { name: 'Resolved' }).click();
    await page.getByText('Two families, one code; both were told.').waitFor();

    await goTo(page, 'Reports');
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download CSV' }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toMatch(/^sales-dordoi-.*\.csv$/);
    const [head, line] = (await readFile(await saved.path(), 'utf8')).split('\n');
    expect(head).toContain('tickets_sold');
    expect(line).toContain('dordoi');

    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Reports' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { level: 1, name: 'Staff sign-in' }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test.each([null, 'Sky Park Dordoi'])('today stands still while its figures come one by one: %s', async (park) => {
    const context = await stage.browser.newContext({ ...SCREENS.desktop, locale: 'en' });
    context.setDefaultTimeout(15_000);
    await watchShifts(context);
    const page = await context.newPage();
    await signInToConsole(page);
    if (park !== null) await page.getByRole('button', { name: park }).click();
    let answers = 0;
    await page.route(/\/api\/v1\/(admin|parks\/)/, async (route) => {
      answers += 1;
      await sleep(answers * ANSWER_GAP_MS);
      await route.continue();
    });
    await page.reload();
    const coming = page.locator('.figure').filter({ hasText: '…' });
    await coming.first().waitFor();
    await expect.poll(() => coming.count(), { timeout: 15_000 }).toBe(0);
    expect(await shiftOf(page)).toBeLessThan(MOST_SHIFT);
    expect(await page.locator('.figure').count()).toBeGreaterThan(3);
    await context.close();
  });

  test('an admin sees who works here, appoints somebody, and reads it on record in words', async () => {
    const { userId } = await newGuest(stage.url);
    const admin = await adminOf(stage);
    const gave = await admin.call('roles', (client) =>
      client.PUT('/api/v1/admin/users/{id}/roles', {
        params: { path: { id: userId } },
        body: { roles: [{ role: 'gate', park_id: OPEN_PARK }] },
      }),
    );
    expect(gave.response.status).toBe(200);
    const context = await stage.browser.newContext({ ...SCREENS.desktop, locale: 'en' });
    context.setDefaultTimeout(15_000);
    const errors = watchForErrors(context);
    const page = await context.newPage();
    await signInToConsole(page);
    await goTo(page, 'Staff');
    const row = page.getByRole('row').filter({ hasText: 'Gate: Sky Park Dordoi' }).last();
    await row.getByRole('button', { name: /^Change/ }).click();
    await page.getByLabel('Manager, Sky Park Dordoi').check();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Save the duties' }).click();
    await page.getByText('Manager: Sky Park Dordoi').last().waitFor();
    await page.getByRole('button', { name: 'Close' }).click();

    await goTo(page, 'Audit trail');
    await page.getByLabel('Action').selectOption({ label: 'Gave a duty' });
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    const entry = page.getByRole('row').filter({ hasText: 'Gave a duty' }).first();
    await entry.getByText('details').click();
    await expect
      .poll(() => entry.textContent())
      .toMatch(/Duty.*Manager.*Park.*Sky Park Dordoi|Park.*Dordoi.*Duty.*Manager/);
    await expectAccessible(page);
    expect(errors).toEqual([]);
    await context.close();
  });

  test('the node of a park says what only headquarters answers', async () => {
    const context = await stage.browser.newContext({ ...SCREENS.desktop, locale: 'en' });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    const body = { code: 'hq_only', title: 'At headquarters', detail: 'Only headquarters can do this', status: 503 };
    await page.route(/\/api\/v1\/(users\/me|admin\/tickets)/, (route) =>
      route.fulfill({ status: 503, contentType: 'application/problem+json', json: body }),
    );
    await page.goto(`${stage.url}/console/tickets`);
    await page.getByLabel('Phone').fill(stage.accounts.admin.phone);
    await page.getByLabel('Password').fill(stage.accounts.admin.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('note').filter({ hasText: 'Only headquarters can do this' }).waitFor();
    const nav = page.getByRole('navigation', { name: 'All sections' });
    expect(await nav.getByRole('link', { name: 'Tickets and guests' }).textContent()).toContain('at the office');
    expect(await nav.getByRole('link', { name: 'Incidents' }).textContent()).not.toContain('at the office');
    await expectAccessible(page);
    await context.close();
  });
});
