/**
 * `node web/build.mjs FOLDER`: builds the three apps into FOLDER/guest, FOLDER/gate and FOLDER/console, each file that
 * compresses also as .br and .gz, so that no request waits for a compressor.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'vite';
import { APPS, configOf, serviceWorkerConfigOf } from './vite-apps.mjs';

const compressible = /\.(css|html|js|json|svg|wasm|webmanifest)$/;
/** Below this a compressed copy saves no packet. */
const WORTH_BYTES = 1_024;

async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** Of no use without a network, and to hardly any guest: loaded when it is asked for. */
const isKept = (app, name) => app !== 'guest' || !name.startsWith('assets/passkeys-');

/** What the service worker keeps: the addresses of files of the app, and a hash over all of them as the name of this version. */
async function versionOf(app, folder) {
  const hash = createHash('sha256');
  const files = [];
  for (const file of await filesBelow(folder)) {
    const name = relative(folder, file).replaceAll('\\', '/');
    hash.update(`${name}\0`).update(await readFile(file));
    if (isKept(app, name)) files.push(`${APPS[app]}${name === 'index.html' ? '' : name}`);
  }
  return { files, version: hash.digest('hex').slice(0, 16) };
}

async function compress(file) {
  const bytes = await readFile(file);
  if (bytes.length < WORTH_BYTES) return;
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
  await Promise.all([
    promisify(brotliCompress)(bytes, brotli).then((packed) => writeFile(`${file}.br`, packed)),
    promisify(gzip)(bytes, { level: 9 }).then((packed) => writeFile(`${file}.gz`, packed)),
  ]);
}

async function buildApp(app, folder) {
  await build(configOf(app, folder));
  await build(serviceWorkerConfigOf(app, folder, await versionOf(app, folder)));
  await Promise.all((await filesBelow(folder)).filter((file) => compressible.test(file)).map(compress));
}

// Whoever asks for a build may be a test run; what is built is what people get.
process.env.NODE_ENV = 'production';

const [, , target] = process.argv;
if (target === undefined) throw new Error('usage: node web/build.mjs FOLDER');
for (const app of Object.keys(APPS)) await buildApp(app, join(resolve(target), app));
