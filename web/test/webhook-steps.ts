import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { hold } from './hold.ts';

const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('dialog').getByRole('button', { name, exact: true }).click();

const close = async (page: Page): Promise<void> => {
  await press(page, 'Close');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
};

/** Thinks better of a new secret, and then closes the question before the answer is there: the secret is shown all the same. */
export async function replaceSecret(page: Page, row: Locator): Promise<void> {
  await row.getByRole('button', { name: 'New secret' }).click();
  await close(page);
  await row.getByRole('button', { name: 'New secret' }).click();
  const answer = await hold(page, '**/api/v1/admin/webhooks/*/secret');
  await press(page, 'New secret');
  await answer.asked;
  await close(page);
  answer.go();
  await page
    .getByRole('dialog')
    .getByText(/^whsec_/)
    .waitFor();
  await close(page);
}

/** Closes dialogs while their answers are on the way: a refusal is said, and the dialog that is open by then stays open. */
export async function closeTooSoon(page: Page, receiver: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Add a system' }).click();
  await dialog.getByLabel('Address').fill('hooks.example.com');
  const refusal = await hold(page, '**/api/v1/admin/webhooks');
  await press(page, 'Save');
  await refusal.asked;
  await close(page);
  await page.getByRole('button', { name: 'Add a system' }).click();
  await dialog.getByLabel('Name').fill('Messenger');
  refusal.go();
  await page.locator('.toasts .notice.bad').waitFor();
  expect(await dialog.getByLabel('Name').inputValue()).toBe('Messenger');

  await dialog.getByLabel('Address').fill(receiver);
  await press(page, 'Save');
  await dialog.getByText(/^whsec_/).waitFor();
  await close(page);
  const row = page.getByRole('row').filter({ hasText: 'Messenger' });
  await row.getByRole('button', { name: 'Change' }).click();
  const change = await hold(page, '**/api/v1/admin/webhooks/*', 'PUT');
  await dialog.getByLabel('Tell it').uncheck();
  await press(page, 'Save');
  await change.asked;
  await close(page);
  await row.getByRole('button', { name: 'What was sent' }).click();
  change.go();
  await page.getByText('The system is saved').waitFor();
  expect(await dialog.getByRole('button', { name: 'Send a test' }).count()).toBe(1);
}
