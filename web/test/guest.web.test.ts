import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCleanUp } from '../../test/support/product.ts';
import {
  describeInBrowser,
  expectAccessible,
  expectNoSidewaysScroll,
  SCREENS,
  shiftOf,
  watchForErrors,
  watchShifts,
} from './browser.ts';
import { addChild, chooseDay, newPhone, payByElqr, register, textsOf } from './guest-steps.ts';
import { OPEN_PARK } from './guests.ts';
import { readCode } from './read-code.ts';
import { admitTwice } from './staff-work.ts';
import { openStage, type Stage } from './stage.ts';

/** What the first page may weigh in scripts, compressed, and how far it may jump while it comes. */
const MOST_SCRIPT_BYTES = 40_000;
const MOST_SHIFT = 0.05;

/** So far apart come the answers of a slow network. */
const ANSWER_GAP_MS = 150;
/** And so late the font, after all of them. */
const FONT_MS = 1_500;

const TABLET = { viewport: { width: 768, height: 1024 }, hasTouch: true };

/** The narrowest phone that is still about. */
const NARROW = { viewport: { width: 320, height: 640 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

describeInBrowser('a parent', () => {
  const { later, run } = createCleanUp();
  let stage: Stage;
  beforeAll(async () => void (stage = await openStage(later)));
  afterAll(run);

  test('buys a visit on a phone from the first page to the code, which is there without a network', async () => {
    const texts = await textsOf('ru');
    const context = await stage.browser.newContext({ ...NARROW, locale: 'ru' });
    const errors = watchForErrors(context);
    const page = await context.newPage();
    const look = async (): Promise<void> => {
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    };

    await page.goto(stage.url);
    await page.getByRole('link', { name: 'Скай Парк Ала-Арча' }).click();
    await chooseDay(page, texts);
    await page.getByLabel(texts.party.age).selectOption('5');
    await page.getByText(texts.priceLine.child_over_3.why).waitFor();
    await look();
    await page.getByRole('button', { name: texts.buy.signInFirst }).click();
    await page.getByLabel(texts.signIn.password).waitFor();
    await look();
    await register(page, texts, newPhone());

    // Back at the visit, with the day still chosen: a child of the profile comes along.
    await addChild(page, texts, 'Алина');
    await page.getByText('2 × ').waitFor();
    await page.getByRole('button', { name: texts.buy.buy, exact: true }).click();
    await page.getByRole('button', { name: texts.pay.byElqr }).waitFor();
    await look();
    await payByElqr(page, texts);
    await look();

    const code = page.getByRole('img', { name: texts.ticket.qr });
    const read = await readCode(code);
    const kept = await page.evaluate(
      `new Promise((resolve) => {
         indexedDB.open('skypark-guest').onsuccess = ({ target }) => {
           target.result.transaction('tickets').objectStore('tickets').getAll().onsuccess = (event) => resolve(event.target.result);
         };
       })`,
    );
    expect(kept).toMatchObject([{ ticket: { status: 'active', admission_code: read } }]);

    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await context.setOffline(true);
    await page.reload();
    await page.getByText(texts.offlineStrip).waitFor();
    expect(await readCode(code)).toBe(read);
    expect(errors).toEqual([]);
    await context.close();
  });

  test('gets a first page that is light, does not jump, and can be installed', async () => {
    const context = await stage.browser.newContext(NARROW);
    await watchShifts(context);
    const page = await context.newPage();
    await page.goto(stage.url);
    await page.getByRole('link', { name: 'Sky Park Ala-Archa' }).waitFor();
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    const scripts: { readonly encodedBodySize: number }[] = await page.evaluate(
      `performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).map((entry) => entry.toJSON())`,
    );
    const bytes = scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(MOST_SCRIPT_BYTES);
    expect(await shiftOf(page)).toBeLessThan(MOST_SHIFT);
    const debug = await context.newCDPSession(page);
    const { installabilityErrors: errors } = await debug.send('Page.getInstallabilityErrors');
    // A browser of a test is a private window; nothing else stands in the way.
    expect(errors.map(({ errorId }) => errorId)).toEqual(['in-incognito']);
    await context.close();
  });

  test('is shown a park without what keeps a slow phone busy: nothing is written by Intl, nor kept for later meanwhile', async () => {
    const context = await stage.browser.newContext({ ...SCREENS.phone, locale: 'ru' });
    await context.addInitScript(`
      window.usesOfIntl = [];
      for (const name of ['DateTimeFormat', 'NumberFormat', 'PluralRules']) {
        const told = (target, given) => { window.usesOfIntl.push(name); return Reflect.construct(target, given); };
        Intl[name] = new Proxy(Intl[name], { construct: told });
      }
      window.registered = [];
      const register = navigator.serviceWorker.register.bind(navigator.serviceWorker);
      navigator.serviceWorker.register = (...given) => { window.registered.push(document.readyState); return register(...given); };
    `);
    const page = await context.newPage();
    await page.goto(`${stage.url}/parks/${OPEN_PARK}`);
    await page.locator('.month .free').first().waitFor();
    expect(await page.evaluate('window.usesOfIntl')).toEqual([]);
    await expect.poll(() => page.evaluate('window.registered'), { timeout: 15_000 }).toEqual(['complete']);
    await context.close();
  });

  test.each([NARROW, SCREENS.phone, TABLET, SCREENS.desktop])(
    'sees a park stand still while its parts come one by one: $viewport.width px',
    async (screen) => {
      const texts = await textsOf('ru');
      const context = await stage.browser.newContext({ ...screen, locale: 'ru' });
      await watchShifts(context);
      const page = await context.newPage();
      let answers = 0;
      await page.route('**/api/v1/**', async (route) => {
        answers += 1;
        await sleep(answers * ANSWER_GAP_MS);
        await route.continue();
      });
      await page.route('**/*.woff2', async (route) => {
        await sleep(FONT_MS);
        await route.continue();
      });
      await page.goto(`${stage.url}/parks/${OPEN_PARK}`);
      await page.locator('.month .free').first().waitFor();
      await page.getByLabel(texts.party.age).waitFor();
      await page.evaluate('document.fonts.ready.then(() => undefined)');
      expect(await shiftOf(page)).toBeLessThan(MOST_SHIFT);
      await context.close();
    },
  );

  test('sees how full a park is while people come in', async () => {
    const texts = await textsOf('en');
    const context = await stage.browser.newContext({ ...SCREENS.phone, locale: 'en' });
    const page = await context.newPage();
    await page.goto(`${stage.url}/parks/${OPEN_PARK}`);
    await page.getByText(texts.park.inside(0, 5000)).waitFor();
    await admitTwice(stage.url, stage.accounts);
    await page.getByText(texts.park.inside(4, 5000)).waitFor();
    await page.goto(stage.url);
    const card = page.locator('.park-card').filter({ hasText: texts.park.inside(4, 5000) });
    expect(await card.getByRole('link').getAttribute('href')).toBe(`/parks/${OPEN_PARK}`);
    await context.close();
  });
});
