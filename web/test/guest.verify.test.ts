import { readFile } from 'node:fs/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCleanUp } from '../../test/support/product.ts';
import type { AppTexts } from '../guest/texts/app-texts.ts';
import { LANGUAGES } from '../shared/i18n/language-list.ts';
import { describeInBrowser, expectAccessible, expectNoSidewaysScroll, SCREENS, watchForErrors } from './browser.ts';
import {
  addChild,
  chooseDate,
  chooseDay,
  newPhone,
  PASSWORD,
  payByElqr,
  payInSandbox,
  register,
  textsOf,
} from './guest-steps.ts';
import { adminOf, limitDay } from './guests.ts';
import { openStage, type Stage } from './stage.ts';

const FULL_PARK = 'asanbay';
const DAY_MS = 86_400_000;
/** Far enough ahead to be of another month. */
const fullDay = new Date(Date.now() + 45 * DAY_MS).toISOString().slice(0, 10);

async function look(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
}

type Guest = { readonly page: Page; readonly context: BrowserContext; readonly texts: AppTexts; readonly url: string };

async function seeOwnPages({ page, texts, url }: Guest): Promise<void> {
  for (const path of [
    '/account',
    '/account/security',
    '/account/privacy',
    '/loyalty',
    '/passes',
    '/waitlist',
    '/tickets',
  ]) {
    await page.goto(`${url}${path}`);
    await look(page);
  }
  await page.goto(`${url}/account/children`);
  await page.getByRole('button', { name: texts.children.add }).click();
  await look(page);
  await page.getByRole('dialog').getByLabel(texts.children.name).fill('Нурбек');
  await page.getByRole('dialog').getByLabel(texts.children.born).fill('2018-09-09');
  await page.getByRole('button', { name: texts.children.save }).click();
  await page.getByRole('button', { name: texts.children.edit('Нурбек') }).click();
  await page.getByRole('dialog').getByLabel(texts.children.name).fill('Нурбек мырза');
  await page.getByRole('button', { name: texts.children.save }).click();
  await page.getByRole('button', { name: texts.children.edit('Нурбек мырза') }).waitFor();
  await look(page);
}

async function changeProfile({ page, texts, url }: Guest): Promise<void> {
  await page.goto(`${url}/account`);
  await page.getByLabel(texts.account.email).fill('aigul@example.com');
  await page.getByRole('button', { name: texts.children.save }).click();
  await page.getByText(texts.account.saved).waitFor();
}

async function buyAndGiveBack({ page, context, texts, url }: Guest): Promise<void> {
  await page.goto(`${url}/parks/ala-archa`);
  await chooseDay(page, texts);
  await addChild(page, texts, 'Алина');
  await page.getByRole('button', { name: texts.buy.buy, exact: true }).click();
  await page.getByRole('button', { name: texts.pay.byElqr }).click();
  await page.getByText(texts.pay.waiting).waitFor();
  await look(page);
  // Closed while the bank works; the address of the payment shows what became of it.
  const waiting = await context.newPage();
  await waiting.goto(page.url());
  await waiting.getByText(texts.pay.waiting).waitFor();
  await page.goto('about:blank');
  await payInSandbox(waiting, texts);
  await waiting.close();
  await page.goBack();
  await page.getByRole('img', { name: texts.ticket.qr }).waitFor();
  await look(page);
  await page.getByRole('button', { name: texts.cancel.title }).click();
  await look(page);
  await page.getByRole('button', { name: texts.cancel.confirm }).click();
  await page.getByText(texts.refund.cancelled.guest).waitFor();
  await page.locator('.notice.good').waitFor();
  await look(page);
}

async function waitForPlaces({ page, texts, url }: Guest): Promise<void> {
  await page.goto(`${url}/parks/${FULL_PARK}`);
  await page.getByRole('checkbox', { name: 'Алина' }).check();
  await chooseDate(page, texts, fullDay);
  await page.getByRole('button', { name: texts.buy.wait, exact: true }).click();
  await page.getByText(texts.waitlist.status.waiting, { exact: true }).waitFor();
  await look(page);
  await page.getByRole('button', { name: texts.waitlist.leave }).click();
  await page.getByText(texts.waitlist.status.left, { exact: true }).waitFor();
}

async function takeAndErase({ page, texts, url }: Guest): Promise<void> {
  await page.goto(`${url}/account/privacy`);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: texts.privacy.download }).click();
  const held = await readFile(await (await download).path(), 'utf8');
  expect(JSON.parse(held)).toMatchObject({ profile: { name: 'Айгүл', email: 'aigul@example.com' } });
  await page.getByRole('button', { name: texts.privacy.erase }).click();
  await page.getByLabel(texts.signIn.password).fill(PASSWORD);
  await page.getByRole('button', { name: texts.privacy.confirmErase }).click();
  await page.getByText(texts.privacy.erased).waitFor();
  await page.goto(`${url}/tickets`);
  await page.getByLabel(texts.signIn.password).waitFor();
}

describeInBrowser('a parent in every language, on a phone and a desktop', () => {
  const { later, run } = createCleanUp();
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(later);
    await limitDay(await adminOf(stage), FULL_PARK, fullDay, 0);
  });
  afterAll(run);

  const cases = LANGUAGES.flatMap((language) =>
    (['phone', 'desktop'] as const).map((screen) => ({ language, screen, phone: newPhone() })),
  );

  test.each(cases)(
    '$language, $screen: own pages, a ticket bought and given back, a queue, export and erasure',
    async ({ language, screen, phone }) => {
      const texts = await textsOf(language);
      const context = await stage.browser.newContext({ ...SCREENS[screen], locale: language });
      const errors = watchForErrors(context);
      const page = await context.newPage();
      const guest = { page, context, texts, url: stage.url };
      await page.goto(`${stage.url}/sign-in?next=/account`);
      await register(page, texts, phone);
      await page.getByText(texts.account.hello('Айгүл')).waitFor();
      await seeOwnPages(guest);
      await changeProfile(guest);
      await buyAndGiveBack(guest);
      await waitForPlaces(guest);
      await takeAndErase(guest);
      expect(errors).toEqual([]);
      await context.close();
    },
  );

  test('a second ticket is paid by the tab that was there before', async () => {
    const texts = await textsOf('en');
    const context = await stage.browser.newContext({ ...SCREENS.desktop, locale: 'en' });
    const page = await context.newPage();
    await page.goto(`${stage.url}/sign-in?next=/parks/osh`);
    await register(page, texts, newPhone());
    await addChild(page, texts, 'Алина');
    await chooseDay(page, texts);
    await page.getByRole('button', { name: texts.buy.buy, exact: true }).click();
    await payByElqr(page, texts);
    expect(await page.getByText(texts.status.active).isVisible()).toBe(true);
    await context.close();
  });
});
