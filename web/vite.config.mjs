import { defineConfig } from 'vite';
import { APPS, configOf } from './vite-apps.mjs';

/** `APP=guest npx vite --config web/vite.config.mjs`: one app while it is written, beside a product on port 8080. */
export default defineConfig(() => {
  const app = process.env.APP ?? 'guest';
  if (!(app in APPS)) throw new Error(`APP is one of ${Object.keys(APPS).join(', ')}`);
  return { ...configOf(app, 'dist'), mode: 'development', server: { proxy: { '/api': 'http://127.0.0.1:8080' } } };
});
