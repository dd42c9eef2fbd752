import { expect, test } from 'vitest';
import { act, created, shop } from './shop.suite.ts';

/** What a browser sends. */
const headers = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', 'accept-language': 'en' };
const press = (url: string, what: string, body = ''): Promise<Response> =>
  fetch(`${url}/${what}`, { method: 'POST', headers, body });
const pageText = async (answer: Response): Promise<string> => {
  expect([answer.status, answer.redirected]).toEqual([200, true]);
  return answer.text();
};

test('a browser that pays by card is asked for a code, and the right one pays', async () => {
  const { elcard } = await shop();
  const order = await created(elcard);
  const asked = await pageText(await press(order.action.url, 'pay'));
  expect(asked).toContain('Code from your bank');
  expect(await elcard.status(order)).toEqual({ kind: 'pending' });
  expect(await pageText(await press(order.action.url, 'code', 'code=111111'))).toContain('Tries left: 2');
  expect(await pageText(await press(order.action.url, 'pay'))).toContain('Tries left: 2');
  expect(await pageText(await press(order.action.url, 'code', 'code=123456'))).toContain('Paid');
  expect(await elcard.status(order)).toMatchObject({ kind: 'succeeded' });
});

test('three wrong codes end the payment, also across a restart', async () => {
  const { elcard, sandbox, start } = await shop();
  const order = await created(elcard);
  await press(order.action.url, 'pay');
  await press(order.action.url, 'code', 'code=1');
  await press(order.action.url, 'code', '');
  await sandbox.stop();
  const again = await start();
  const url = `${again.sandbox.url}${new URL(order.action.url).pathname}`;
  expect(await pageText(await press(url, 'code', 'code=2'))).toContain('declined');
  expect(await pageText(await press(url, 'code', 'code=123456'))).toContain('declined');
  expect(await again.elcard.status(order)).toEqual({ kind: 'failed' });
});

test('a code that nobody asked for pays nothing; a program pays without one, and ELQR asks for none', async () => {
  const { elcard, provider } = await shop();
  const [card, qr] = [await created(elcard), await created(provider)];
  expect((await press(card.action.url, 'code', 'code=123456')).status).toBe(409);
  expect(await elcard.status(card)).toEqual({ kind: 'pending' });
  expect(await act(card.action.url, 'pay')).toBe(204);
  expect(await pageText(await press(qr.action.url, 'pay'))).toContain('Paid');
});

test.each([
  ['ky-KG,ru;q=0.5', 'lang="ky"'],
  ['de', 'lang="ru"'],
])('the page for a browser that asks for %s has %s', async (language, expected) => {
  const { provider } = await shop();
  const { action } = await created(provider);
  const page = await (await fetch(action.url, { headers: { 'accept-language': language } })).text();
  expect(page).toContain(expected);
  expect(page).toContain('<svg');
  expect(page).not.toMatch(/<script|src=|@import|url\(/);
});
