import { brotliCompressSync } from 'node:zlib';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeFile } from 'node:fs/promises';
import { withTemporaryTree } from '../../../test/support/temporary-tree.ts';
import { startFixture } from './http-fixture.ts';

const FILES = {
  'index.html': '<!doctype html><title>Gate</title>',
  'sw.js': 'self.addEventListener("fetch", () => undefined);',
  'assets/main-abc.js': 'export const gate = 1;',
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  '.stamp': 'secret',
};

test('an app is served as it was built: its page at each address, its files, compressed where they are', () =>
  withTemporaryTree(FILES, async (folder) => {
    await writeFile(join(folder, 'assets/main-abc.js.br'), brotliCompressSync(FILES['assets/main-abc.js']));
    const app = { name: 'gate', folder, base: '/gate/', pages: ['/gate', '/gate/*'], usesCamera: true };
    const { app: server } = await startFixture({ webApps: [app] });
    const get = (url: string, headers = {}) => server.inject({ url, headers });

    for (const url of ['/gate', '/gate/', '/gate/devices/7']) {
      const page = await get(url);
      expect([page.statusCode, page.body, page.headers['cache-control']]).toEqual([
        200,
        FILES['index.html'],
        'no-cache',
      ]);
      expect(page.headers['content-security-policy']).toContain(
        "script-src 'self' 'wasm-unsafe-eval'; style-src 'self';",
      );
      expect(page.headers['permissions-policy']).toContain('camera=(self)');
    }
    const script = await get('/gate/assets/main-abc.js', { 'accept-encoding': 'br' });
    expect(script.headers).toMatchObject({
      'content-encoding': 'br',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'application/javascript; charset=utf-8',
    });
    expect((await get('/gate/sw.js')).headers['cache-control']).toBe('no-cache');
    expect((await get('/gate/icon.svg')).headers['cache-control']).toBe('public, max-age=86400');
  }));

test('what is no file of an app, and what is hidden, is not there', () =>
  withTemporaryTree(FILES, async (folder) => {
    const app = { name: 'guest', folder, base: '/', pages: ['/', '/parks/*'], usesCamera: false };
    const { app: server } = await startFixture({ webApps: [app] });
    const statusOf = async (url: string, method: 'GET' | 'POST' = 'GET') =>
      (await server.inject({ url, method })).statusCode;
    expect(await statusOf('/')).toBe(200);
    expect(await statusOf('/parks/osh-center')).toBe(200);
    for (const url of ['/nowhere', '/.stamp', '/assets/../../package.json', '/assets/main-abc.js.br', '/parks']) {
      expect([url, await statusOf(url)]).toEqual([url, 404]);
    }
    expect(await statusOf('/sw.js', 'POST')).toBe(405);
    expect((await server.inject({ url: '/' })).headers['content-security-policy']).not.toContain('wasm');
  }));
