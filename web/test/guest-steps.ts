import { randomInt } from 'node:crypto';
import { expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { Login } from '../../tools/demo/session.ts';
import type { AppTexts } from '../guest/texts/app-texts.ts';
import type { Language } from '../shared/i18n/language-list.ts';

/** The texts of the app in a language, to find its parts by what people read. */
export async function textsOf(language: Language): Promise<AppTexts> {
  const { texts } = (await import(`../guest/texts/${language}.ts`)) as { readonly texts: AppTexts };
  return texts;
}

export const PASSWORD = 'тоо булак кымыз';

/** A number that nobody has in the test. */
export const newPhone = (): string => `0700${String(randomInt(1_000_000)).padStart(6, '0')}`;

/** Opens an account on the sign-in page and proves its number; demo mode takes one code for all. */
export async function register(page: Page, { signIn }: AppTexts, phone: string): Promise<void> {
  await page.getByRole('button', { name: signIn.toRegister }).click();
  await page.getByLabel(signIn.name).fill('Айгүл');
  await page.getByLabel(signIn.phone).fill(phone);
  await page.getByLabel(signIn.password).fill(PASSWORD);
  await page.getByRole('button', { name: signIn.create }).click();
  await page.getByLabel(signIn.code).fill('000000');
  await page.getByRole('button', { name: signIn.confirm }).click();
}

/** Adds a child on the page of a visit; it is chosen at once. */
export async function addChild(page: Page, { children, party }: AppTexts, name: string): Promise<void> {
  await page.getByRole('button', { name: party.addMine }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(children.name).fill(name);
  await dialog.getByLabel(children.born).fill('2021-03-01');
  await dialog.getByRole('button', { name: children.save }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('checkbox', { name }).waitFor();
  expect(await page.getByRole('checkbox', { name }).isChecked()).toBe(true);
}

/** Chooses a day that can be bought, some days ahead. */
export async function chooseDay(page: Page, { calendar }: AppTexts): Promise<void> {
  await page.getByRole('button', { name: calendar.later }).click();
  await page.locator('.month .free').nth(4).click();
}

/** Chooses a date in a calendar of the page, in whichever month it is. */
export async function chooseDate(page: Page, { calendar }: AppTexts, date: string): Promise<void> {
  const day = page.locator(`[data-date="${date}"]`);
  await page.locator('.month').waitFor();
  while (!(await day.isVisible())) await page.getByRole('button', { name: calendar.later }).click();
  await day.click();
}

/** Signs in on the sign-in page, and goes where it leads. */
export async function signInAs(
  page: Page,
  { signIn }: AppTexts,
  url: string,
  next: string,
  login: Login,
): Promise<void> {
  await page.goto(`${url}/sign-in?next=${next}`);
  await page.getByLabel(signIn.phone).fill(login.phone);
  await page.getByLabel(signIn.password).fill(login.password);
  await page.getByRole('button', { name: signIn.enter, exact: true }).click();
  await page.waitForURL(`${url}${next}`);
}

/** Plays the payer in the sandbox, by the link of the page that waits for the money. */
export async function payInSandbox(page: Page, { pay }: AppTexts): Promise<void> {
  const link = page.getByRole('link', { name: new RegExp(`${pay.openBank}|${pay.openPage}|${pay.openCard}`) });
  const paid = await fetch(`${await link.getAttribute('href')}/pay`, { method: 'POST' });
  expect(paid.status).toBe(204);
}

/** Pays a ticket by ELQR, and waits until its code is shown. */
export async function payByElqr(page: Page, texts: AppTexts): Promise<void> {
  await page.getByRole('button', { name: texts.pay.byElqr }).click();
  await payInSandbox(page, texts);
  await page.getByRole('img', { name: texts.ticket.qr }).waitFor();
}
