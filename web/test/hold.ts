import type { Page, Route } from 'playwright-core';

export type Held = {
  /** Kept when the page has asked. */
  readonly asked: Promise<void>;
  readonly go: () => void;
};

/** Keeps the next request to an address waiting, as a slow network would, until it may go. */
export async function hold(page: Page, url: string, method = 'POST'): Promise<Held> {
  let [begin, go]: (() => void)[] = [];
  const asked = new Promise<void>((resolve) => (begin = resolve));
  const released = new Promise<void>((resolve) => (go = resolve));
  let isDone = false;
  await page.route(url, async (route: Route) => {
    if (isDone || route.request().method() !== method) return route.fallback();
    isDone = true;
    begin?.();
    await released;
    return route.continue();
  });
  return { asked, go: () => go?.() };
}
