import { signal } from '@preact/signals';

/** A newer version of the app is here, whole, and waits for the old one to be closed. */
export const waitingVersion = signal<ServiceWorker | null>(null);

/** How often a page that stays open looks for a newer version. */
const LOOK_MS = 30 * 60_000;

function follow(registration: ServiceWorkerRegistration): void {
  const look = (worker: ServiceWorker | null): void => {
    worker?.addEventListener('statechange', () => {
      // The very first version takes over by itself: there is nothing older to wait for.
      if (worker.state === 'installed' && navigator.serviceWorker.controller !== null) waitingVersion.value = worker;
    });
  };
  if (registration.waiting !== null) waitingVersion.value = registration.waiting;
  look(registration.installing);
  registration.addEventListener('updatefound', () => look(registration.installing));
  setInterval(() => void registration.update().catch(() => undefined), LOOK_MS);
}

/** So long after it is whole a page is shown, on a slow phone too. */
const SHOWN_MS = 2_000;

/** Waits until the page is shown: to fetch what is kept for later must not slow down what is needed now. */
const isShown = (): Promise<void> =>
  new Promise((resolve) => {
    const rest = (): void => void setTimeout(resolve, SHOWN_MS);
    if (document.readyState === 'complete') rest();
    else addEventListener('load', rest, { once: true });
  });

/** Keeps the app for work without a network. Where browsers cannot, it works as a page. */
export async function keepForOffline(base: string): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  await isShown();
  try {
    follow(await navigator.serviceWorker.register(`${base}sw.js`, { scope: base, updateViaCache: 'none' }));
  } catch (error) {
    // The page works all the same, as long as there is a network.
    reportError(error);
  }
}

/** Lets the waiting version take over and begins anew with it. */
export function takeOver(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waitingVersion.value?.postMessage('take-over');
}

/** Whether the browser says that there is a network; that the node answers is another question. */
export const isOnline = signal(navigator.onLine);
addEventListener('online', () => (isOnline.value = true));
addEventListener('offline', () => (isOnline.value = false));
