import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCleanUp, temporaryDataDir } from '../../test/support/product.ts';
import { bodyOf } from '../../tools/demo/answered.ts';
import { describeInBrowser, SCREENS } from './browser.ts';
import { adminOf, OPEN_PARK, ticketHolder, type Holder } from './guests.ts';
import { admitTwice } from './staff-work.ts';
import { openStage, type Stage } from './stage.ts';

const GUEST_PAGES = [
  ['/tickets', 'guest-tickets'],
  ['/loyalty', 'guest-loyalty'],
  ['/account', 'guest-account'],
  ['/account/children', 'guest-children'],
] as const;
/** Of the console; the first one is that of today. */
const SECTIONS = ['', 'calendar', 'reports', 'incidents', 'tickets', 'payments', 'reconciliation', 'park'].concat([
  'nodes',
  'promo-codes',
  'loyalty',
  'staff',
  'webhooks',
  'audit',
]);

const WEBP = { quality: 82, effort: 6 } as const;

/** Draws the main pages: `npm run screens` puts them into docs/screens, any other run only sees that they can be drawn. */
describeInBrowser('the main pages', () => {
  const { later, run } = createCleanUp();
  let stage: Stage;
  let folder: string;
  let holder: Holder;
  const drawn: string[] = [];

  beforeAll(async () => {
    stage = await openStage(later);
    folder = process.env['SCREENS_FOLDER'] ?? (await temporaryDataDir(later));
    await mkdir(folder, { recursive: true });
    await admitTwice(stage.url, stage.accounts);
    holder = await ticketHolder(stage, 2);
  });
  afterAll(run);

  async function draw(page: Page, name: string): Promise<void> {
    await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
    await page.locator('[aria-busy="true"], .skeleton').first().waitFor({ state: 'detached' });
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    await sharp(await page.screenshot())
      .webp(WEBP)
      .toFile(join(folder, `${name}.webp`));
    drawn.push(name);
  }

  async function inBrowser(options: BrowserContextOptions, look: (page: Page) => Promise<void>): Promise<void> {
    const context: BrowserContext = await stage.browser.newContext(options);
    await look(await context.newPage());
    await context.close();
  }

  const signIn = async (page: Page, { phone, password }: { readonly phone: string; readonly password: string }) => {
    await page.locator('input[type="tel"]').fill(phone);
    await page.locator('input[type="password"]').fill(password);
    await page.locator('form button[type="submit"]').click();
  };

  test('of parents', async () => {
    await inBrowser({ ...SCREENS.phone, locale: 'ru' }, async (page) => {
      await page.goto(`${stage.url}/`);
      await draw(page, 'guest-parks');
      await page.goto(`${stage.url}/parks/${OPEN_PARK}`);
      await page.locator('.month').waitFor();
      await draw(page, 'guest-park');
      await page.goto(`${stage.url}/sign-in`);
      await signIn(page, holder.guest.login);
      await page.waitForURL((url) => url.pathname !== '/sign-in');
      await page.goto(`${stage.url}/tickets/${holder.ticketId}`);
      await page.locator('[data-code]').waitFor();
      await draw(page, 'guest-ticket');
      for (const [path, name] of GUEST_PAGES) {
        await page.goto(`${stage.url}${path}`);
        await draw(page, name);
      }
    });
    await inBrowser({ ...SCREENS.desktop, locale: 'ky', colorScheme: 'dark' }, async (page) => {
      await page.goto(`${stage.url}/`);
      await draw(page, 'guest-parks-dark');
    });
    expect(drawn).toHaveLength(4 + GUEST_PAGES.length);
  });

  test('of gates', async () => {
    const admin = await adminOf(stage);
    const invited = await admin.call('invite', (client) =>
      client.POST('/api/v1/admin/devices', { body: { park_id: OPEN_PARK } }),
    );
    await inBrowser({ ...SCREENS.phone, locale: 'ru' }, async (page) => {
      await page.goto(`${stage.url}/gate/`);
      await page.locator('[name="code"]').fill(bodyOf('invite', 201, invited).code);
      await page.locator('[name="name"]').fill('Северный вход');
      await page.locator('form button[type="submit"]').click();
      await page.getByText('На связи').waitFor();
      await draw(page, 'gate-scan');
      await page.locator('[name="code"]').fill(holder.code);
      await page.locator('form button[type="submit"]').click();
      await page.locator('.verdict.green').waitFor();
      await draw(page, 'gate-admitted');
      await page.goto(`${stage.url}/gate/sell`);
      await signIn(page, stage.accounts.gate);
      await page.locator('.stepper button').nth(1).click();
      await page.locator('.big-total').getByText(/\d/).waitFor();
      await draw(page, 'gate-desk');
      for (const name of ['refunds', 'device']) {
        await page.goto(`${stage.url}/gate/${name}`);
        await draw(page, `gate-${name}`);
      }
    });
    expect(drawn.filter((name) => name.startsWith('gate'))).toHaveLength(5);
  });

  test('of staff', async () => {
    await inBrowser({ ...SCREENS.desktop, locale: 'ru' }, async (page) => {
      await page.goto(`${stage.url}/console/`);
      await signIn(page, stage.accounts.admin);
      await page.getByRole('navigation').first().waitFor();
      for (const section of SECTIONS) {
        await page.goto(`${stage.url}/console/${section}`);
        if (section === 'calendar') {
          await page.getByRole('button', { name: 'Скай Парк Дордой' }).click();
          await page.locator('.day').first().waitFor();
        }
        if (section === '') await page.getByText('2 инцидента').waitFor();
        if (section === 'tickets') await page.locator('.data-table').waitFor();
        await draw(page, `console-${section === '' ? 'today' : section}`);
      }
    });
    expect(drawn.filter((name) => name.startsWith('console'))).toHaveLength(SECTIONS.length);
  });
});
