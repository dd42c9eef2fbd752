import { join } from 'node:path';

const here = import.meta.dirname;

/** The apps, and where each lives below the address of the node. */
export const APPS = { guest: '/', gate: '/gate/', console: '/console/' };

const common = { configFile: false, logLevel: 'warn', mode: 'production' };
const target = 'es2022';

/**
 * What is fetched together is one file: what the first drawing of an app needs, and what the page of a park needs besides. The
 * bundler alone makes a file of each part that pages share, and a phone pays for each request. A group takes in whatever its
 * modules import.
 */
const groups = [
  {
    name: 'app',
    test: /[\\/]web[\\/](?:(?:guest|gate|console)[\\/]main\.tsx|shared[\\/]i18n[\\/]count\.ts)$/,
    priority: 2,
  },
  { name: 'visit', test: /[\\/]guest[\\/]parks[\\/]park-page\.tsx$/, priority: 1 },
];

/** How an app is built, or served while it is written. */
export function configOf(app, outDir) {
  return {
    ...common,
    root: join(here, app),
    base: APPS[app],
    publicDir: join(here, app, 'public'),
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir,
      emptyOutDir: true,
      target,
      // Pages allow no script, style or font that is written into them.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: { output: { codeSplitting: { groups } } },
    },
  };
}

/** How the service worker of an app is built: one plain script, since not every browser takes modules there. */
export function serviceWorkerConfigOf(app, outDir, { files, version }) {
  return {
    ...common,
    root: here,
    publicDir: false,
    define: { __SKYPARK_FILES__: JSON.stringify(files), __SKYPARK_VERSION__: JSON.stringify(version) },
    build: {
      outDir,
      emptyOutDir: false,
      target,
      rollupOptions: {
        input: join(here, 'service-worker', `${app}.ts`),
        output: { format: 'iife', entryFileNames: 'sw.js' },
      },
    },
  };
}
