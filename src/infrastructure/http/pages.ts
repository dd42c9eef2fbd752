import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** A web app: a folder of built files, and the addresses that its one page answers. */
export type WebApp = {
  readonly name: string;
  /** Where its files are. */
  readonly folder: string;
  /** Where it lives: `/` or `/gate/`. */
  readonly base: string;
  /** Addresses that show its page; a `*` at the end stands for the rest. */
  readonly pages: readonly string[];
  /** Whether it reads codes by the camera, with a decoder in WebAssembly. */
  readonly usesCamera: boolean;
};

/** Nothing but our own files: no script, style or frame that is written into a page, and no other origin. */
const policyOf = ({ usesCamera }: WebApp): string =>
  [
    "default-src 'none'",
    `script-src 'self'${usesCamera ? " 'wasm-unsafe-eval'" : ''}`,
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "media-src 'self' blob:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

function headersOf(app: WebApp): Readonly<Record<string, string>> {
  return {
    'content-security-policy': policyOf(app),
    'permissions-policy': `camera=(${app.usesCamera ? 'self' : ''}), geolocation=(), microphone=(), screen-wake-lock=(self)`,
    // Asked for at each visit and answered 304: a page names the files of its version.
    'cache-control': 'no-cache',
  };
}

/** Names of files below `assets` hold a hash of what is in them. */
const KEPT_FOR_EVER = { 'cache-control': 'public, max-age=31536000, immutable' };

/** Icons are shown beside each other on every page, and hardly ever change. */
const KEPT_FOR_A_DAY = { 'cache-control': 'public, max-age=86400' };

function keepingOf(file: string): Readonly<Record<string, string>> {
  if (file.startsWith('assets/')) return KEPT_FOR_EVER;
  return /\.(?:svg|png)$/.test(file) ? KEPT_FOR_A_DAY : {};
}

/** Compressed copies are sent in place of their files; what begins with a dot is a tool's. */
const isServed = (name: string): boolean => !name.startsWith('.') && !/\.(br|gz)$/.test(name);

async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && isServed(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
}

/**
 * Serves the files of an app and its page, each by a route of its own: an address that is not there stays unknown, and a wrong
 * method is told as such. Files that were compressed when the app was built are sent so.
 */
async function serveApp(scope: FastifyInstance, app: WebApp): Promise<void> {
  const headers = headersOf(app);
  await scope.register(fastifyStatic, {
    root: app.folder,
    serve: false,
    decorateReply: true,
    preCompressed: true,
    cacheControl: false,
  });
  const send = (reply: FastifyReply, file: string): FastifyReply =>
    reply.headers({ ...headers, ...keepingOf(file) }).sendFile(file);
  for (const file of await filesOf(app.folder)) {
    if (file !== 'index.html') scope.get(`${app.base}${file}`, (_request, reply) => send(reply, file));
  }
  for (const page of app.pages) scope.get(page, (_request, reply) => send(reply, 'index.html'));
}

/** Serves web apps beside the API. */
export async function servePages(app: FastifyInstance, apps: readonly WebApp[]): Promise<void> {
  for (const one of apps) await app.register((scope) => serveApp(scope, one));
}
