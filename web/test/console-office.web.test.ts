import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newGuest, type Guest } from '../../test/e2e/guests.ts';
import { createCleanUp } from '../../test/support/product.ts';
import { bodyOf } from '../../tools/demo/answered.ts';
import type { Session } from '../../tools/demo/session.ts';
import {
  describeInBrowser,
  expectAccessible,
  expectNoSidewaysScroll,
  MOTIONLESS,
  SCREENS,
  watchForErrors,
} from './browser.ts';
import { adminOf, OPEN_PARK, ticketHolder, type Holder } from './guests.ts';
import { changeTenthOfNextMonth } from './staff-work.ts';
import { openStage, type Stage } from './stage.ts';
import { closeTooSoon, replaceSecret } from './webhook-steps.ts';

const PARK = 'Sky Park Dordoi';
/** Demo mode takes receivers on this machine; nobody listens there. */
const RECEIVER = 'https://127.0.0.1:8443/skypark';

describeInBrowser('an admin at the office', () => {
  const { later, run } = createCleanUp();
  const errors: string[] = [];
  let stage: Stage;
  let admin: Session;
  let guest: Guest;
  let holder: Holder;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage(later);
    admin = await adminOf(stage);
    guest = await newGuest(stage.url);
    holder = await ticketHolder(stage);
    const context = await stage.browser.newContext({ ...MOTIONLESS, ...SCREENS.desktop, locale: 'en' });
    context.setDefaultTimeout(20_000);
    watchForErrors(context, errors);
    page = await context.newPage();
    await page.goto(`${stage.url}/console/`);
    await page.getByLabel('Phone').fill(stage.accounts.admin.phone);
    await page.getByLabel('Password').fill(stage.accounts.admin.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: new RegExp(PARK) }).click();
    await page.getByText('live', { exact: true }).waitFor();
  });
  afterAll(run);

  const open = async (section: string): Promise<void> => {
    await page.goto(`${stage.url}/console/${section}`);
    await look();
  };
  const look = async (): Promise<void> => {
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  };
  const save = (name: string): Promise<void> =>
    page.getByRole('dialog').getByRole('button', { name, exact: true }).click();

  test('gives days one rule at once, and takes it back', async () => {
    await open('calendar');
    await page.getByRole('button', { name: 'Next month' }).click();
    await page.locator('.day').nth(9).click();
    await page.getByLabel('Places that may be sold').fill('777');
    const month = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + 1, 12));
    await page.getByLabel('Until').fill(month.toISOString().slice(0, 10));
    await look();
    await save('Save the day');
    await page.getByText('3 days are saved').waitFor();
    await expect.poll(() => page.getByText('777 of 777 free').count()).toBe(3);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The rules of the day are as they were').waitFor();
    await expect.poll(() => page.getByText('777 of 777 free').count()).toBe(0);

    // Of days that are changed together the first one is on the screen: what somebody else made of it is shown first.
    await page.locator('.day').nth(9).click();
    await page.getByLabel('Places that may be sold').fill('555');
    await page.getByLabel('Until').fill(month.toISOString().slice(0, 10));
    await changeTenthOfNextMonth(stage.url, stage.accounts);
    await save('Save the day');
    await page.getByText('Somebody else changed this').waitFor();
    await save('Save the day');
    await page.getByText('3 days are saved').waitFor();

    // A day that is over has nothing to save.
    await page.getByRole('button', { name: 'Previous month' }).click();
    await page.getByRole('button', { name: 'Previous month' }).click();
    await page.locator('.day').first().click();
    await page.getByRole('dialog').getByText('Hours').waitFor();
    expect(await page.getByRole('button', { name: 'Save the day' }).count()).toBe(0);
  });

  test('keeps the list of public holidays', async () => {
    await open('park');
    await page.getByRole('button', { name: 'Public holidays' }).click();
    await page.getByRole('button', { name: 'Add a holiday' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Day').fill('2027-10-05');
    for (const language of ['Русский', 'Кыргызча', 'English']) {
      await dialog.getByLabel(`Name (${language})`).fill('Day of teachers');
    }
    await dialog.getByLabel('Who says so').fill('Decree 12');
    await look();
    await save('Save the holiday');
    // Whoever goes by the keyboard is where they were.
    await expect.poll(() => page.evaluate('document.activeElement.textContent.trim()')).toBe('Add a holiday');
    const row = page.getByRole('row').filter({ hasText: 'Day of teachers' });
    await row.getByText('announced for the year').waitFor();
    await look();
    await row.getByRole('button', { name: 'Remove' }).click();
    await look();
    await save('Remove');
    await row.waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
  });

  test('finds a colleague by a part of the name and shows the phone, on record', async () => {
    await open('staff');
    const rows = page.locator('tbody').getByRole('row');
    const name = await rows.first().getByRole('cell').first().innerText();
    await page.getByLabel('Name or a part of it').fill(name.slice(1).toUpperCase());
    await page.getByRole('button', { name: 'Find' }).first().click();
    const row = rows.filter({ hasText: name }).first();
    await row.getByRole('button', { name: 'Show' }).click();
    await row.getByRole('link', { name: /^\+996\d{9}$/ }).waitFor();
    await look();
    await page.getByLabel('Name or a part of it').fill('no such name');
    await page.getByRole('button', { name: 'Find' }).first().click();
    await page.getByText('Nobody of the staff is called so.').waitFor();
    const onRecord = async (): Promise<number> => {
      const query = { action: 'GuestLookedUp' };
      const answer = await admin.call('audit', (client) => client.GET('/api/v1/admin/audit', { params: { query } }));
      return bodyOf('audit', 200, answer).items.length;
    };
    await expect.poll(onRecord, { timeout: 20_000 }).toBe(1);
    expect(errors).toEqual([]);
  });

  test('adds a picture to a park and puts it first, opens a park, and says where it is and what it has', async () => {
    await open('park');
    for (const background of ['#b04', '#04b']) {
      const buffer = await sharp({ create: { width: 900, height: 500, channels: 3, background } })
        .png()
        .toBuffer();
      const shown = await page.locator('.picture').count();
      await page
        .getByLabel('Add a picture')
        .setInputFiles({ name: `${background}.png`, mimeType: 'image/png', buffer });
      await page.locator('.picture').nth(shown).waitFor();
    }
    const images = page.locator('.picture img');
    const last = await images.last().getAttribute('src');
    await page.getByRole('button', { name: 'Earlier' }).last().click();
    await expect.poll(() => images.nth(-2).getAttribute('src')).toBe(last);
    await look();

    await page.getByRole('button', { name: 'New park' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Id of the park').fill('issyk-kul');
    for (const language of ['Русский', 'Кыргызча', 'English']) {
      await dialog.getByLabel(`Name (${language})`).fill('Sky Park Issyk-Kul');
      await dialog.getByLabel(`Address (${language})`).fill('1 Lake Street, Cholpon-Ata');
    }
    await dialog.getByLabel('Latitude').fill('42.6489');
    await dialog.getByLabel('Longitude').fill('77.0808');
    await dialog.getByLabel('Wi-Fi').check();
    await look();
    await save('Add the park');
    await page.getByText('Sky Park Issyk-Kul is added').waitFor();
    const answer = await admin.call('park', (client) =>
      client.GET('/api/v1/parks/{id}', { params: { path: { id: 'issyk-kul' } } }),
    );
    expect(bodyOf('park', 200, answer)).toMatchObject({ lat: 42.6489, lng: 77.0808, amenities: ['wifi'] });
  });

  test('gives a guest a pass that was paid for, and ends it', async () => {
    await open('tickets');
    await page.getByLabel('Phone of the guest').fill(guest.login.phone);
    await page.getByRole('button', { name: 'Find', exact: true }).click();
    await page.getByRole('button', { name: 'Give a pass' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('Winter pass');
    await dialog.getByLabel(PARK).check();
    await dialog.getByLabel('Visits').fill('10');
    await dialog.getByLabel('Price, som').fill('6000');
    await dialog.getByLabel('Payment').fill('receipt 1742');
    await look();
    await save('Give a pass');
    await page.getByText('10 of 10 left').waitFor();
    await look();
    await page.getByRole('button', { name: 'End', exact: true }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('Given to the wrong account');
    await save('End');
    await page.getByText('ended', { exact: true }).waitFor();
    expect(errors).toEqual([]);
  });

  test('sees shifts with who took the cash, and receipts with their documents', async () => {
    const params = { header: { 'Idempotency-Key': randomUUID() } };
    const shift = await admin.call('shift', (client) =>
      client.POST('/api/v1/gate/shifts', { params, body: { park_id: OPEN_PARK, float: '1000.00' } }),
    );
    bodyOf('shift', 201, shift);
    await page.evaluate(`localStorage.setItem('skypark.console.park', '${OPEN_PARK}')`);
    await open('payments');
    await page.getByRole('button', { name: 'Shifts' }).click();
    await page.getByRole('row').filter({ hasText: 'open' }).filter({ hasText: '1,000' }).waitFor();
    await look();
    await page.getByRole('button', { name: 'Fiscal receipts' }).click();
    await page.getByLabel('Status').selectOption('issued');
    await expect.poll(() => page.getByRole('row').filter({ hasText: 'sale' }).count()).toBeGreaterThan(0);
    await look();
    expect(holder.code).not.toBe('');
  });

  test('imports a statement, and says which of its lines could not be read', async () => {
    await open('reconciliation');
    await page.getByRole('button', { name: 'Statements' }).click();
    await page.getByRole('button', { name: 'Import a statement' }).click();
    const dialog = page.getByRole('dialog');
    const choose = (text: string) => {
      const file = { name: 'bank.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
      return dialog.getByLabel('CSV file of the bank').setInputFiles(file);
    };
    await choose('reference,sum\nFNK-1,350.00\n');
    await save('Import and compare');
    await dialog.getByText('The file has no column amount. It has: reference, sum.').waitFor();
    await look();
    await choose('reference,amount\nFNK-1,350.00\nFNK-2,much\n');
    await save('Import and compare');
    await page.getByText('Lines that could not be read: 1.').waitFor();
    await page.locator('summary').filter({ hasText: 'could not be read: 1' }).click();
    await page.getByText('Line 3: its amount is unclear').waitFor();
    await look();
    expect(errors).toEqual([]);
  });

  test('tells another system of facts: its secret is shown once, and it can be tried', async () => {
    await open('webhooks');
    await page.getByRole('button', { name: 'Add a system' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Address').fill('hooks.example.com');
    await dialog.getByLabel('Name').fill('Accounting');
    await save('Save');
    await dialog.getByRole('alert').waitFor();
    await look();
    await dialog.getByLabel('Address').fill(RECEIVER);
    await save('Save');
    await dialog.getByText(/^whsec_/).waitFor();
    await look();
    await dialog.getByRole('button', { name: 'Close' }).click();
    const row = page.getByRole('row').filter({ hasText: 'Accounting' });
    await row.getByRole('button', { name: 'What was sent' }).click();
    await dialog.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('A test message is sent').waitFor();
    await look();
    await dialog.getByRole('button', { name: 'Close' }).first().click();
    await row.getByRole('button', { name: 'Change' }).click();
    await dialog.getByLabel('Tell it').uncheck();
    await save('Save');
    await row.getByText('off', { exact: true }).waitFor();
    await replaceSecret(page, row);
    await row.getByRole('button', { name: 'Remove' }).click();
    await save('Remove');
    await row.waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
  });

  test('says a refusal that comes when its dialog was closed, and leaves the next one open', async () => {
    await open('webhooks');
    await closeTooSoon(page, RECEIVER);
    expect(errors).toEqual([]);
  });

  test('asks anew when the same is looked for again', async () => {
    await open('audit');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const questions = (of: string) => asked.filter((path) => path === `/api/v1/admin/${of}`).length;
    const show = async (button: string, of: string, count: number): Promise<void> => {
      await page.getByRole('button', { name: button, exact: true }).click();
      await expect.poll(() => questions(of)).toBe(count);
      await look();
    };
    await page.getByLabel('Action').selectOption({ label: 'Gave a pass' });
    await show('Show', 'audit', 1);
    await show('Show', 'audit', 2);
    await open('tickets');
    await page.getByLabel('Phone of the guest').fill(guest.login.phone);
    await show('Find', 'guests', 1);
    await show('Find', 'guests', 2);
    expect(errors).toEqual([]);
  });
});
