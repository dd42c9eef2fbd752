import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ticketOf } from '../../test/e2e/guests.ts';
import { createCleanUp, temporaryDataDir } from '../../test/support/product.ts';
import { bodyOf } from '../../tools/demo/answered.ts';
import {
  asOnScreen,
  describeInBrowser,
  expectAccessible,
  expectNoSidewaysScroll,
  printToScreen,
  SCREENS,
  watchForErrors,
} from './browser.ts';
import { holdUp } from './camera-file.ts';
import { adminOf, OPEN_PARK, ticketHolder, type Holder } from './guests.ts';
import { openStage, type Stage } from './stage.ts';

describeInBrowser('a gate in the browser', () => {
  const { later, run } = createCleanUp();
  let stage: Stage;
  let camera: string;
  let context: BrowserContext;
  let page: Page;
  let errors: readonly string[];
  let [first, second]: Holder[] = [];

  beforeAll(async () => {
    camera = join(await temporaryDataDir(later), 'camera.y4m');
    const browserArgs = [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${camera}`,
    ];
    stage = await openStage(later, { browserArgs });
    [first, second] = [await ticketHolder(stage), await ticketHolder(stage, 2)];
    context = await stage.browser.newContext({ ...SCREENS.phone, locale: 'en', permissions: ['camera'] });
    errors = watchForErrors(context);
    page = await context.newPage();
  });
  afterAll(run);

  const verdict = (reason: string) => page.locator(`.verdict[data-reason="${reason}"]`);
  /** What was answered last: a welcome goes from the screen by itself. */
  const answered = (reason: string) => page.locator(`[data-testid="before"][data-reason="${reason}"]`);
  const pending = () => page.getByTestId('pending');

  test('is enrolled by the code that a manager was shown', async () => {
    const admin = await adminOf(stage);
    const invited = await admin.call('invite', (client) =>
      client.POST('/api/v1/admin/devices', { body: { park_id: OPEN_PARK } }),
    );
    await page.goto(`${stage.url}/gate/`);
    await expectAccessible(page);
    await page.getByLabel('Code').fill('no such code');
    await page.getByLabel('What this gate is called').fill('North gate');
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Code').fill(bodyOf('invite', 201, invited).code);
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByText('Connected', { exact: true }).waitFor();
    expect(await page.getByText('North gate').count()).toBe(1);
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
  });

  test('scans a code that is held before its camera, and lets the party in once', async () => {
    await holdUp(camera, first?.code ?? '');
    await page.getByRole('button', { name: 'Turn the camera on' }).click();
    await answered('admitted').waitFor();
    await expectAccessible(page);
    // Held up still when the welcome is gone: nothing is asked a second time.
    await verdict('admitted').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Turn the camera off' }).click();
    await page.getByLabel('Type a code').fill(first?.code ?? '');
    await page.getByRole('button', { name: 'Check' }).click();
    const told = await verdict('already_used').innerText();
    expect(told).toContain('Ticket already used');
    expect(told).toMatch(/The first came in at \d\d:\d\d, gate: \S/);
    await page.getByRole('button', { name: 'Next' }).click();
  });

  test('turns a camera off that is here only when its page was left, and never opens two', async () => {
    await page.evaluate(`{
      const media = navigator.mediaDevices;
      const open = media.getUserMedia.bind(media);
      window.opened = [];
      media.getUserMedia = async (wish) => {
        const stream = await open(wish);
        window.opened.push(stream);
        await new Promise((resolve) => setTimeout(resolve, 500));
        return stream;
      };
    }`);
    await page.getByRole('button', { name: 'Turn the camera on' }).dblclick();
    await page.getByRole('link', { name: 'Desk' }).click();
    const areOff = `window.opened.map((stream) => stream.getTracks().every(({ readyState }) => readyState === 'ended'))`;
    await expect.poll(() => page.evaluate(areOff)).toEqual([true]);
    await page.getByRole('link', { name: 'Scan' }).click();
    await page.getByRole('button', { name: 'Turn the camera on' }).waitFor();
  });

  test('goes on without a network, over a reload, and brings what it decided when the network is back', async () => {
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await context.setOffline(true);
    await holdUp(camera, second?.code ?? '');
    await page.getByRole('button', { name: 'Turn the camera on' }).click();
    await answered('admitted').waitFor();
    expect(await answered('admitted').innerText()).toMatch(/Let in: 3\speople/);
    await pending().waitFor();
    await verdict('admitted').waitFor({ state: 'detached' });
    await page.reload();
    // The camera was on, so it is on again; the party that is still before it does not come in twice.
    await verdict('already_used').waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Turn the camera off' }).click();
    expect(await pending().innerText()).toMatch(/1\spassage$/);
    await expectAccessible(page);
    await context.setOffline(false);
    await pending().waitFor({ state: 'detached' });
    await page.getByText('Connected', { exact: true }).waitFor();
    expect((await ticketOf(second?.guest ?? never(), second?.ticketId ?? '')).status).toBe('used');
  });

  test('decides by itself where the way to its node hangs, and says how it works', async () => {
    await page.route(/\/gate\/(scans|bundle)/, () => undefined);
    await page.getByText('6+', { exact: true }).click();
    await page.getByRole('button', { name: 'More: How many pass' }).click();
    expect(await page.getByRole('group', { name: 'How many pass' }).getByRole('status').innerText()).toBe('7');
    await page.getByText('All', { exact: true }).click();
    await page.getByLabel('Type a code').fill(second?.code ?? '');
    await page.getByRole('button', { name: 'Check' }).click();
    await verdict('already_used').waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.unroute(/\/gate\/(scans|bundle)/);
    await page.getByText('Connected', { exact: true }).waitFor();
  });

  test('sells at the desk, shows the code of the ticket, and lets the party in', async () => {
    await page.getByRole('link', { name: 'Desk' }).click();
    await page.getByLabel('Phone').fill(stage.accounts.gate.phone);
    await page.getByLabel('Password').fill(stage.accounts.gate.password);
    await page.getByRole('button', { name: 'Sign in as a cashier' }).click();
    await page.getByText('Open the shift').first().click();
    await page.getByLabel('Cash in the till').fill('a thousand');
    await page.getByRole('button', { name: 'Open the shift' }).click();
    await page.getByText('Write a sum such as 1500').waitFor();
    await page.getByLabel('Cash in the till').fill('1 000');
    await page.getByRole('button', { name: 'Open the shift' }).click();
    await page.getByRole('button', { name: 'Close the shift' }).waitFor();
    await page.getByRole('button', { name: 'More: Children 3 to 17' }).click();
    await page.getByLabel('Received').fill('500');
    await page.getByText('Change: KGS').waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.getByRole('button', { name: /^Sell for KGS/ }).click();
    const code = page.getByRole('img', { name: 'Ticket for today' });
    await code.waitFor();
    await expectAccessible(page);
    const letIn = page.getByRole('button', { name: 'Let in now' });
    await printToScreen(page, page.getByRole('button', { name: 'Print' }));
    expect([await code.isVisible(), await letIn.isVisible()]).toEqual([true, false]);
    await asOnScreen(page);
    await letIn.click();
    // Here it stays until somebody takes the next guest.
    await verdict('admitted').waitFor();
    await verdict('admitted').getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Next guest' }).click();
    expect(errors).toEqual([]);
  });

  test('pays a refund of a cash sale out of the till, once, and needs the node for it', async () => {
    const link = page.getByRole('link', { name: 'Refunds in cash' });
    await link.click();
    await page.getByText('Nothing waits to be paid out').waitFor();
    const admin = await adminOf(stage);
    const query = { park_id: OPEN_PARK, method: 'cash', limit: 1 } as const;
    const sales = await admin.call('sales', (client) => client.GET('/api/v1/admin/payments', { params: { query } }));
    const [sale] = bodyOf('sales', 200, sales).items;
    const params = { path: { id: sale?.id ?? never() }, header: { 'Idempotency-Key': randomUUID() } };
    const body = { amount: '100.00', reason: 'ill' };
    const asked = await admin.call('refund', (client) =>
      client.POST('/api/v1/payments/{id}/refunds', { params, body }),
    );
    expect(bodyOf('refund', 201, asked).status).toBe('manual');

    await page.getByRole('link', { name: 'To the desk' }).click();
    // The desk reads its shift before it shows the way.
    await link.waitFor();
    await context.setOffline(true);
    await link.click();
    await page.getByText('Refunds need contact with the park').waitFor();
    await expectAccessible(page);
    await context.setOffline(false);
    const payOut = page.getByRole('button', { name: /^Pay out KGS.100/ });
    await payOut.waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);

    // As a till answers that has less in it.
    const short = JSON.stringify({ code: 'till_short', title: 'Too little cash', detail: 'Too little', status: 409 });
    await page.route('**/api/v1/gate/refunds', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({ status: 409, contentType: 'application/problem+json', body: short })
        : route.continue(),
    );
    await payOut.click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: /^Pay out KGS.100/ });
    await expectAccessible(page);
    await confirm.click();
    await dialog.getByText('Too little cash').waitFor();
    // It is paid, and nobody hears of it.
    await page.unroute('**/api/v1/gate/refunds');
    await page.route('**/api/v1/gate/refunds', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      await route.fetch();
      return route.abort();
    });
    await confirm.press('Enter');
    await page.getByText('Not known whether this was paid out').waitFor({ state: 'attached' });
    await page.keyboard.press('Escape');
    await page.unroute('**/api/v1/gate/refunds');
    await expectAccessible(page);
    await payOut.click();
    await confirm.click();
    await dialog.getByRole('heading', { name: 'Hand the guest the money' }).waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Handed over' }).click();
    await page.getByText('Nothing waits to be paid out').waitFor();
    await page.getByRole('link', { name: 'To the desk' }).click();
  });

  test('closes the shift when the cashier shows once more that it is them', async () => {
    // As a node answers whose clock has gone on.
    let refusals = 0;
    await page.route('**/api/v1/gate/shifts/*/close', async (route) => {
      refusals += 1;
      if (refusals > 1) return route.continue();
      const body = JSON.stringify({ code: 'step_up_required', title: 'Show', detail: 'Show', status: 403 });
      return route.fulfill({ status: 403, contentType: 'application/problem+json', body });
    });
    await page.getByRole('button', { name: 'Close the shift' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Counted in the till').fill('900');
    await dialog.getByRole('button', { name: 'Close the shift' }).click();
    await dialog.getByText('This needs a proof that is not old.').waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await dialog.getByLabel('Password').fill('not this one');
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Password').fill(stage.accounts.gate.password);
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await dialog.getByRole('heading', { name: 'Shift closed' }).waitFor();
    expect(await dialog.locator('dd').nth(1).innerText()).toMatch(/900/);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByText('Open the shift').first().waitFor();
  });

  test('keeps its pages as they are when the language changes, and knows who is signed in after a reload', async () => {
    await page.getByRole('link', { name: 'Device' }).click();
    await page.getByRole('button', { name: 'Try the signals' }).waitFor();
    await page.evaluate(`document.querySelector('main select').dataset.kept = 'yes'`);
    const choice = page.locator('main select[data-kept=yes]');
    await choice.selectOption('ru');
    await page.getByRole('button', { name: 'Проверить сигналы' }).waitFor();
    expect(await choice.inputValue()).toBe('ru');
    await choice.selectOption('en');
    await page.getByRole('link', { name: 'Scan' }).click();
    const restored = page.waitForResponse('**/api/v1/auth/refresh');
    await page.reload();
    expect((await restored).status()).toBe(200);
    expect(errors).toEqual([]);
  });
});

function never(): never {
  throw new Error('the stage was not opened');
}
