import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WebApp } from '../infrastructure/http/pages.ts';
import type { NodeRole } from '../kernel/node-role.ts';

const FOLDER = fileURLToPath(new URL('../../web/dist', import.meta.url));

/** Addresses of the guest app, as `web/guest/addresses.ts` has them. */
export const GUEST_PAGES: readonly string[] = [
  '/',
  '/parks/*',
  '/sign-in',
  '/tickets',
  '/tickets/*',
  '/pay/*',
  '/loyalty',
  '/waitlist',
  '/passes',
  '/account',
  '/account/*',
];

const app = (name: string, base: string, pages: readonly string[]): WebApp => ({
  name,
  folder: join(FOLDER, name),
  base,
  pages,
  usesCamera: name === 'gate',
});

const ofStaff = [app('gate', '/gate/', ['/gate', '/gate/*']), app('console', '/console/', ['/console', '/console/*'])];

/** What a node shows to browsers: guests buy at headquarters alone. Null: the pages were not built. */
export function webAppsOf(role: NodeRole): readonly WebApp[] | null {
  if (!existsSync(join(FOLDER, 'gate', 'index.html'))) return null;
  return role === 'hq' ? [app('guest', '/', GUEST_PAGES), ...ofStaff] : ofStaff;
}
