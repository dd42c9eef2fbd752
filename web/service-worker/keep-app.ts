/// <reference lib="webworker" />

declare const self: ServiceWorkerGlobalScope;
/** The files of this version, below the address of the node; written in by the build. */
declare const __SKYPARK_FILES__: readonly string[];
declare const __SKYPARK_VERSION__: string;

export type KeptApp = {
  readonly name: string;
  /** The page that every address of the app shows. */
  readonly page: string;
  /** Whether an address below the scope is one of the app; others go to the node. */
  readonly isOurs: (path: string) => boolean;
};

/** Asked for by a page that has told its user: the version that waits takes over. */
const TAKE_OVER = 'take-over';

/**
 * Keeps one version of an app, whole, and serves it without a network. Nothing of the API is kept here: what people need without
 * a network, the app itself puts into its database.
 *
 * A new version is fetched whole before it may take over, and takes over when no page of the old one is open or when a page
 * asks for it, so no page ever gets parts of two versions.
 */
export function keepApp({ name, page, isOurs }: KeptApp): void {
  const files = __SKYPARK_FILES__;
  const cacheName = `skypark-${name}-${__SKYPARK_VERSION__}`;

  const keep = async (): Promise<void> => {
    const cache = await caches.open(cacheName);
    // Names of assets hold a hash of what is in them, so the browser's own cache may answer; the page is asked for anew.
    await cache.addAll(files.map((file) => new Request(file, { cache: file === page ? 'reload' : 'default' })));
  };

  const forgetOthers = async (): Promise<void> => {
    const names = await caches.keys();
    const old = names.filter((one) => one.startsWith(`skypark-${name}-`) && one !== cacheName);
    await Promise.all(old.map((one) => caches.delete(one)));
    await self.clients.claim();
  };

  const fromCache = async (request: Request | string): Promise<Response> => {
    const cache = await caches.open(cacheName);
    return (await cache.match(request)) ?? fetch(request);
  };

  self.addEventListener('install', (event) => event.waitUntil(keep()));
  self.addEventListener('activate', (event) => event.waitUntil(forgetOthers()));
  self.addEventListener('message', ({ data }) => {
    if (data === TAKE_OVER) void self.skipWaiting();
  });
  self.addEventListener('fetch', (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (request.method !== 'GET' || origin !== self.location.origin) return;
    if (request.mode === 'navigate') {
      if (isOurs(pathname)) event.respondWith(fromCache(page));
    } else if (files.includes(pathname)) event.respondWith(fromCache(request));
  });
}
