import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCleanUp } from '../../test/support/product.ts';
import { LANGUAGES } from '../shared/i18n/language-list.ts';
import { describeInBrowser, expectAccessible, expectNoSidewaysScroll, SCREENS, watchForErrors } from './browser.ts';
import { openStage, type Stage } from './stage.ts';

const FIRST_PAGES = { guest: '/', gate: '/gate/', console: '/console/' } as const;

describeInBrowser('every app', () => {
  const { later, run } = createCleanUp();
  let stage: Stage;
  beforeAll(async () => void (stage = await openStage(later)));
  afterAll(run);

  const cases = Object.entries(FIRST_PAGES).flatMap(([app, path]) =>
    LANGUAGES.map((language) => ({ app, path, language })),
  );

  test.each(cases)(
    '$app in $language: shown on a phone and a desktop, accessible, nothing refused',
    async ({ path, language }) => {
      for (const screen of Object.values(SCREENS)) {
        const context = await stage.browser.newContext({ ...screen, locale: language });
        const errors = watchForErrors(context);
        const page = await context.newPage();
        await page.goto(`${stage.url}${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        expect(await page.evaluate('document.documentElement.lang')).toBe(language);
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
        expect(errors).toEqual([]);
        await context.close();
      }
    },
  );

  test.each(Object.values(FIRST_PAGES))('%s opens without a network after one visit', async (path) => {
    const context = await stage.browser.newContext(SCREENS.phone);
    const page = await context.newPage();
    await page.goto(`${stage.url}${path}`);
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await context.setOffline(true);
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.title()).toContain('Sky Park');
    await context.close();
  });
});
