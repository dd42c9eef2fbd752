import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCleanUp } from '../../test/support/product.ts';
import { describeInBrowser, expectAccessible, expectNoSidewaysScroll, watchForErrors } from './browser.ts';
import { addChild, chooseDay, newPhone, payByElqr, register, textsOf } from './guest-steps.ts';
import { readCode } from './read-code.ts';
import { openStage, type Stage } from './stage.ts';

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
});
