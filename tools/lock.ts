/**
 * Checks package-lock.json: every optional platform package is in it (or `npm ci` stops on another platform), and it names
 * no registry host (or an install elsewhere is tied to ours).
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

type LockEntry = { readonly optionalDependencies?: Readonly<Record<string, string>>; readonly resolved?: string };
export type Lock = { readonly packages: Readonly<Record<string, LockEntry>> };

/** @returns one line a fault, none when the lock is sound */
export function lockFaults(lock: Lock): string[] {
  const entries = Object.entries(lock.packages);
  if (entries.length === 0) return ['the lock has no entries'];
  return entries.flatMap(([path, entry]) => {
    const missing = Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !isLocked(lock, path, name))
      .map((name) => `${path === '' ? 'package.json' : path}: optional ${name} has no entry`);
    return entry.resolved?.includes('://') === true ? [...missing, `${path}: names a host in "resolved"`] : missing;
  });
}

/** Looks for `name` where Node would: beside the dependent package, then in every folder above it. */
function isLocked(lock: Lock, path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in lock.packages) return true;
    if (folder === '') return false;
  }
}

async function main(): Promise<void> {
  const lock: Lock = JSON.parse(await readFile('package-lock.json', 'utf8'));
  const faults = lockFaults(lock);
  for (const fault of faults) console.error(fault);
  console.log(`${Object.keys(lock.packages).length} locked packages, ${faults.length} faults`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
