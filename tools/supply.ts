/**
 * Checks what others wrote and we ship or run: every locked package is named by a hash, runs no script at its installation that
 * `allowScripts` in package.json does not decide about, and comes under a licence that we can keep to.
 *
 * With `--vulnerabilities` it asks the registry for known ones instead, and ends with exit code 1 for a high one in what is shipped.
 * Where no feed answers, it says so in a line that stands out, and ends well: nobody may take silence for health.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

type Entry = {
  readonly integrity?: string;
  readonly hasInstallScript?: true;
  readonly license?: string;
  readonly link?: true;
  readonly dev?: true;
};
export type SupplyLock = { readonly packages: Readonly<Record<string, Entry>> };

/** Licences that ask for no more than their text beside the program. */
const FREE = ['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'CC0-1.0'];
/** Licences that ask for more, with the packages that may come under them, and why that is well. */
const FREE_FOR: readonly (readonly [licence: string, packages: RegExp, why: string])[] = [
  ['LGPL-3.0-or-later', /^@img\/sharp-/, 'a shared library that is loaded as it came'],
  ['MPL-2.0', /^(lightningcss|@axe-core|axe-core)/, 'runs at the build or in tests, and is not changed'],
  ['OFL-1.1', /^@fontsource/, 'a font, shipped as it came'],
];
const SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/;

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

const isAllowed = (licence: string, name: string): boolean =>
  FREE.includes(licence) || FREE_FOR.some(([one, packages]) => one === licence && packages.test(name));

/** Whether one alternative of an SPDX expression has parts that are all allowed. */
const mayUse = (expression: string, name: string): boolean =>
  expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((alternative) => alternative.split(' AND ').every((licence) => isAllowed(licence.trim(), name)));

/** @returns one line a fault, none when all packages are sound */
export function supplyFaults(lock: SupplyLock, scripts: Readonly<Record<string, boolean>>): string[] {
  return Object.entries(lock.packages).flatMap(([path, { integrity, hasInstallScript, license, link }]) => {
    if (!path.includes('node_modules/') || link === true) return [];
    const name = nameOf(path);
    return [
      ...(SHA512.test(integrity ?? '') ? [] : [`${path}: has no SHA-512 to be known by`]),
      ...(hasInstallScript === true && !(name in scripts)
        ? [`${path}: runs a script that allowScripts does not name`]
        : []),
      ...(mayUse(license ?? '', name) ? [] : [`${path}: comes under ${license ?? 'no licence'}`]),
    ];
  });
}

type AuditReport = {
  readonly metadata?: { readonly vulnerabilities: Readonly<Record<string, number>> };
  readonly message?: string;
};

/** @returns whether nothing high is known, as far as anybody could be asked; and what to say of it */
export function verdictOf(report: AuditReport | null): { readonly isGood: boolean; readonly says: string } {
  const known = report?.metadata?.vulnerabilities;
  if (known === undefined) {
    const why = report?.message ?? 'no answer';
    return { isGood: true, says: `!!! NOT CHECKED for known vulnerabilities: no feed answers here (${why})` };
  }
  const { high = 0, critical = 0, moderate = 0, low = 0 } = known;
  const says = `known vulnerabilities in what is shipped: ${critical} critical, ${high} high, ${moderate} moderate, ${low} low`;
  return { isGood: high + critical === 0, says };
}

function askFeed(): Promise<AuditReport | null> {
  const line = ['audit', '--omit=dev', '--json'];
  return new Promise((resolve) => {
    execFile('npm', line, { timeout: 60_000, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout) => {
      try {
        resolve(JSON.parse(stdout) as AuditReport);
      } catch {
        resolve(null);
      }
    });
  });
}

async function main(): Promise<boolean> {
  if (process.argv.includes('--vulnerabilities')) {
    const { isGood, says } = verdictOf(await askFeed());
    // The address of a registry is a matter of the machine.
    console.log(says.replaceAll(/https?:\/\/[^\s)]+/g, 'the feed'));
    return isGood;
  }
  const read = async <T>(file: string): Promise<T> => JSON.parse(await readFile(file, 'utf8')) as T;
  const { allowScripts } = await read<{ readonly allowScripts: Record<string, boolean> }>('package.json');
  const lock = await read<SupplyLock>('package-lock.json');
  const faults = supplyFaults(lock, allowScripts);
  for (const fault of faults) console.error(fault);
  console.log(`${Object.keys(lock.packages).length} packages of others, ${faults.length} faults`);
  return faults.length === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = (await main()) ? 0 : 1;
