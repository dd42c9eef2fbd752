import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCleanUp } from '../../test/support/product.ts';
import { LANGUAGES } from '../shared/i18n/language-list.ts';
import { describeInBrowser, expectAccessible, expectNoSidewaysScroll, SCREENS, watchForErrors } from './browser.ts';
import { admitTwice } from './staff-work.ts';
import { openStage, type Stage } from './stage.ts';

/** Every section, by its address. */
const SECTIONS = [
  '',
  '/calendar',
  '/incidents',
  '/tickets',
  '/payments',
  '/reconciliation',
  '/reports',
  '/reports?report=occupancy',
  '/park',
  '/nodes',
  '/promo-codes',
  '/loyalty',
  '/staff',
  '/webhooks',
  '/audit',
  '/nowhere',
] as const;

describeInBrowser('every page of the console', () => {
  const { later, run } = createCleanUp();
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(later);
    await admitTwice(stage.url, stage.accounts);
  });
  afterAll(run);

  const look = async (page: Page): Promise<void> => {
    await page.locator('#content h1').waitFor();
    await page.locator('#content .skeleton').first().waitFor({ state: 'detached' });
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  };

  const screens = Object.entries(SCREENS).flatMap(([name, screen]) =>
    LANGUAGES.flatMap((language) =>
      (['light', 'dark'] as const).map((colorScheme) => ({ name, screen, language, colorScheme })),
    ),
  );

  test.each(screens)(
    '$language, $name, $colorScheme',
    async ({ screen, language, colorScheme }) => {
      const context = await stage.browser.newContext({
        ...screen,
        locale: language,
        colorScheme,
        reducedMotion: 'reduce',
      });
      context.setDefaultTimeout(30_000);
      const errors = watchForErrors(context);
      const page = await context.newPage();
      await page.goto(`${stage.url}/console/`);
      await page.locator('input[name=phone]').fill(stage.accounts.admin.phone);
      await page.locator('input[name=password]').fill(stage.accounts.admin.password);
      await page.locator('button[type=submit]').click();
      await look(page);
      await page.locator('.park-card').filter({ hasText: '5000' }).click();
      for (const section of SECTIONS) {
        await page.goto(`${stage.url}/console${section}`);
        await look(page);
        const tabs = page.locator('.tabs button');
        for (let index = 1; index < (await tabs.count()); index += 1) {
          await tabs.nth(index).click();
          await look(page);
        }
      }
      expect(errors).toEqual([]);
      await context.close();
    },
    300_000,
  );
});
