import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from 'playwright-core';
import { describe, expect } from 'vitest';
import { chromiumPath } from '../../test/support/chromium.ts';
import { describeWith } from '../../test/support/services.ts';

/** `describe` for tests in a real browser beside the whole product. The run said at its start why they are skipped. */
export const describeInBrowser: typeof describe | typeof describe.skip =
  chromiumPath() === null ? describe.skip : describeWith('postgres');

/** Screens that every page has to be right on. */
export const SCREENS = {
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
  desktop: { viewport: { width: 1280, height: 800 } },
} as const satisfies Readonly<Record<string, BrowserContextOptions>>;

/** For a context that is looked at right after a press: colours that are on their way from one to another have no contrast. */
export const MOTIONLESS = { reducedMotion: 'reduce' } as const satisfies BrowserContextOptions;

/**
 * A browser of its own for a test file. Its address is `localhost`, which browsers trust as they trust HTTPS.
 * @param args further switches of Chromium, such as a picture for its camera
 */
export async function startBrowser(args: readonly string[] = []): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error('no Chromium in this run: use describeInBrowser');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-dev-shm-usage', ...args],
  });
}

/** What went wrong in a page: errors of scripts, and whatever the content policy stopped. */
export function watchForErrors(context: BrowserContext, errors: string[] = []): readonly string[] {
  context.on('weberror', (error) => errors.push(String(error.error())));
  context.on('console', (message) => {
    // A request that fails while the network is cut is written there by the browser itself.
    const isNetwork = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isNetwork) errors.push(message.text());
  });
  return errors;
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Finding = { readonly id: string; readonly impact: string; readonly nodes: readonly { readonly html: string }[] };

/** Expects that the page, as it is shown now, breaks no rule of WCAG 2.2 AA that a program can judge. */
export async function expectAccessible(page: Page): Promise<void> {
  // Through the debugger, so that the page's own content policy stays as it is.
  await page.evaluate(`${axe}; undefined`);
  const findings: Finding[] = await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] })
       .then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => ({ html: html.slice(0, 200) })) })))`,
  );
  expect(findings, `accessibility of ${page.url()}`).toEqual([]);
}

/** Has every page of a context sum up from its start how far what it shows jumps. To be read by `shiftOf`. */
export const watchShifts = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(`
    window.shifted = 0;
    new PerformanceObserver((list) => {
      for (const { value } of list.getEntries()) window.shifted += value;
    }).observe({ type: 'layout-shift', buffered: true });`);

/** How far the page jumped so far: the sum of its layout shifts. The measure of the web is at most that. */
export const shiftOf = (page: Page): Promise<number> =>
  page.evaluate(
    'new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(window.shifted), 100)))',
  );

/** Expects that nothing makes the page wider than the screen. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const width = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  expect(width, `${page.url()} is wider than the screen`).toBe(0);
}

/** Presses what prints a page of a dark screen, and shows the page as it is on paper; `asOnScreen` ends that. */
export async function printToScreen(page: Page, print: Locator): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.evaluate(`window.print = () => window.dispatchEvent(new Event('beforeprint')); undefined`);
  await print.click();
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
}

export async function asOnScreen(page: Page): Promise<void> {
  await page.evaluate(`window.dispatchEvent(new Event('afterprint')); undefined`);
  await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
}
