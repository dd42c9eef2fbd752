import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCleanUp } from '../../test/support/product.ts';
import { newGuest, type Guest } from '../../test/e2e/guests.ts';
import { bodyOf } from '../../tools/demo/answered.ts';
import type { Session } from '../../tools/demo/session.ts';
import type { AppTexts } from '../guest/texts/app-texts.ts';
import {
  asOnScreen,
  describeInBrowser,
  expectAccessible,
  expectNoSidewaysScroll,
  MOTIONLESS,
  printToScreen,
  SCREENS,
  watchForErrors,
} from './browser.ts';
import { chooseDate, payByElqr, signInAs, textsOf } from './guest-steps.ts';
import { adminOf, limitDay, OPEN_PARK } from './guests.ts';
import { hold } from './hold.ts';
import { openStage, type Stage } from './stage.ts';

const DAY_MS = 86_400_000;
/** What a phone sends of a larger photo. */
const LONGEST_SIDE_PX = 1_024;
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** A park that costs more at weekends. */
const WEEKEND_PARK = 'ala-archa';

/** A day of that park, and one after it that costs more. */
async function dearerDays({ session }: Guest): Promise<{ readonly cheap: string; readonly dear: string }> {
  const params = { path: { id: WEEKEND_PARK }, query: { from: inDays(3), to: inDays(30) } };
  const answer = await session.call('days', (client) => client.GET('/api/v1/parks/{id}/availability', { params }));
  const days = bodyOf('days', 200, answer).items.filter(({ open }) => open);
  const sums = days.map(({ price_over_3: price }) => Number(price));
  const cheap = sums.indexOf(Math.min(...sums));
  const dear = sums.findIndex((sum, index) => index > cheap && sum > (sums[cheap] ?? 0));
  return { cheap: days[cheap]?.date ?? '', dear: days[dear]?.date ?? '' };
}

describeInBrowser('a parent whose plans change', () => {
  const { later, run } = createCleanUp();
  const errors: string[] = [];
  let stage: Stage;
  let admin: Session;
  let guest: Guest;
  let page: Page;
  let texts: AppTexts;
  beforeAll(async () => {
    stage = await openStage(later);
    admin = await adminOf(stage);
    guest = await newGuest(stage.url);
    texts = await textsOf('en');
    const context = await stage.browser.newContext({ ...MOTIONLESS, ...SCREENS.phone, locale: 'en' });
    watchForErrors(context, errors);
    page = await context.newPage();
    await signInAs(page, texts, stage.url, '/account', guest.login);
  });
  afterAll(run);

  const look = async (): Promise<void> => {
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  };

  const bringOneChild = async (): Promise<void> => {
    await page.getByLabel(texts.party.age).selectOption('5');
  };

  test('moves a ticket to a dearer day, pays the difference, and has a receipt of both payments', async () => {
    const { cheap, dear } = await dearerDays(guest);
    await page.goto(`${stage.url}/parks/${WEEKEND_PARK}`);
    await chooseDate(page, texts, cheap);
    await bringOneChild();
    await page.getByRole('button', { name: texts.buy.buy, exact: true }).click();
    await payByElqr(page, texts);
    await page.getByRole('button', { name: texts.move.title }).click();
    await chooseDate(page, texts, dear);
    await look();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: texts.move.confirm('').trim() })
      .click();
    await page.getByText(texts.pay.forMove).waitFor();
    // Until the difference is here, the ticket is good for its old day.
    await page.getByRole('img', { name: texts.ticket.qr }).waitFor();
    await look();
    await payByElqr(page, texts);
    await page.getByText(/^Moved from /).waitFor();
    expect(await page.getByRole('button', { name: texts.move.title }).count()).toBe(0);

    await page.getByRole('link', { name: texts.receipt.title }).click();
    await page.getByText('Received').waitFor();
    expect(await page.getByText('ELQR').count()).toBe(2);
    await page.getByRole('img', { name: texts.receipt.qr }).first().waitFor();
    await look();

    const print = page.getByRole('button', { name: texts.receipt.print });
    await printToScreen(page, print);
    expect(await page.getByText('Received').isVisible()).toBe(true);
    expect(await page.getByRole('img', { name: texts.receipt.qr }).first().isVisible()).toBe(true);
    for (const part of [print, page.locator('.top-bar'), page.locator('.places'), page.locator('.site-foot')]) {
      expect(await part.isVisible()).toBe(false);
    }
    await asOnScreen(page);
    expect(await print.isVisible()).toBe(true);
    expect(errors).toEqual([]);
  });

  test('waits for places of a full day, takes those that are offered, and pays', async () => {
    const date = inDays(40);
    await limitDay(admin, 'asanbay', date, 0);
    await page.goto(`${stage.url}/parks/asanbay`);
    await chooseDate(page, texts, date);
    await bringOneChild();
    await page.getByRole('button', { name: texts.buy.wait, exact: true }).click();
    await page.getByText(texts.waitlist.status.waiting, { exact: true }).waitFor();
    await limitDay(admin, 'asanbay', date, 10);
    await page.getByText(texts.waitlist.status.offered, { exact: true }).waitFor();
    await look();
    await page.getByRole('button', { name: texts.waitlist.take }).click();
    await payByElqr(page, texts);
    await page.goto(`${stage.url}/waitlist`);
    await page.getByText(texts.waitlist.status.fulfilled, { exact: true }).waitFor();
    expect(errors).toEqual([]);
  });

  test('books a visit of a pass and pays nothing', async () => {
    const issued = await admin.call('pass', (client) =>
      client.POST('/api/v1/passes', {
        params: { header: { 'Idempotency-Key': randomUUID() } },
        body: {
          user_id: guest.userId,
          name: 'Winter pass',
          park_ids: [OPEN_PARK],
          valid_from: inDays(-1),
          valid_to: inDays(60),
          visits: 2,
          people: 3,
          price: '6000.00',
          payment_reference: 'receipt 1742',
        },
      }),
    );
    bodyOf('pass', 201, issued);
    await page.goto(`${stage.url}/passes`);
    await page.getByText(texts.passes.left(2)).waitFor();
    await look();
    await page.getByRole('link', { name: texts.passes.book('Sky Park Dordoi') }).click();
    await chooseDate(page, texts, inDays(12));
    await bringOneChild();
    await page.getByText(texts.priceLine.pass.name).waitFor();
    await look();
    await page.getByRole('button', { name: texts.buy.buy, exact: true }).click();
    await page.getByRole('img', { name: texts.ticket.qr }).waitFor();
    await page.goto(`${stage.url}/passes`);
    await page.getByText(texts.passes.left(1)).waitFor();
    expect(errors).toEqual([]);
  });

  test('gives a child a photo that was too large, and takes it away', async () => {
    const { children } = texts;
    await page.goto(`${stage.url}/account/children`);
    await page.getByRole('button', { name: children.add }).click();
    await page.getByLabel(children.name).fill('Nurbek');
    await page.getByLabel(children.born).fill('2021-03-01');
    await page.getByRole('button', { name: children.save }).click();
    await page.getByRole('button', { name: children.changePhoto('Nurbek') }).click();
    await look();
    const noise = {
      create: { width: 3_000, height: 2_000, channels: 3, noise: { type: 'gaussian', sigma: 60 } },
    } as const;
    const buffer = await sharp({ ...noise, create: { ...noise.create, background: '#888' } })
      .png()
      .toBuffer();
    expect(buffer.length).toBeGreaterThan(5 * 1024 * 1024);
    await page.getByLabel(children.choosePhoto).setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer });
    const photo = page.getByRole('img', { name: children.photoOf('Nurbek') });
    await photo.waitFor();
    const widthOf = (): Promise<unknown> => page.evaluate(`document.querySelector('.portrait img')?.naturalWidth`);
    await expect.poll(widthOf, { timeout: 15_000 }).toBe(LONGEST_SIDE_PX);
    await look();
    await page.getByRole('button', { name: children.changePhoto('Nurbek') }).click();
    await page.getByRole('button', { name: children.removePhoto }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await photo.count()).toBe(0);
    expect(errors).toEqual([]);
  });

  test('makes a child once whose answer was lost with its dialog, and a late answer leaves the next dialog be', async () => {
    const { children } = texts;
    const dialog = page.getByRole('dialog');
    const ask = async (name: string): Promise<void> => {
      await page.getByRole('button', { name: children.add }).click();
      await dialog.getByLabel(children.name).fill(name);
      await dialog.getByLabel(children.born).fill('2021-03-01');
      await dialog.getByRole('button', { name: children.save }).click();
    };
    await page.goto(`${stage.url}/account/children`);
    const url = '**/api/v1/users/me/children';
    await page.route(
      url,
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await ask('Aida');
    await dialog.getByRole('alert').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await ask('Aida');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByText('Aida', { exact: true }).count()).toBe(1);

    const held = await hold(page, url);
    await ask('Bermet');
    await held.asked;
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: children.remove('Aida') }).click();
    held.go();
    await page.getByText('Bermet', { exact: true }).waitFor();
    expect(await dialog.getByRole('heading', { name: children.askRemove('Aida') }).isVisible()).toBe(true);
  });
});
