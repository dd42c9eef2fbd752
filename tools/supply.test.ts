import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { projectRoot, readProjectFile } from '../test/support/project-files.ts';
import { supplyFaults, verdictOf } from './supply.ts';

const integrity = `sha512-${'A'.repeat(86)}==`;

test('a package without a hash, with a script or a licence that nobody allowed is a fault', () => {
  const packages = {
    '': {},
    web: {},
    'node_modules/web': { link: true },
    'node_modules/good': { integrity, license: 'MIT' },
    'node_modules/either': { integrity, license: '(GPL-3.0-only OR Apache-2.0)' },
    'node_modules/@img/sharp-linux-x64': { integrity, license: 'Apache-2.0 AND LGPL-3.0-or-later' },
    'node_modules/a/node_modules/built': { integrity, license: 'ISC', hasInstallScript: true },
    'node_modules/loose': { license: 'MIT' },
    'node_modules/weak': { integrity: `sha1-${'A'.repeat(27)}=`, license: 'MIT' },
    'node_modules/script': { integrity, license: 'MIT', hasInstallScript: true },
    'node_modules/both': { integrity, license: 'MIT AND GPL-3.0-only' },
    'node_modules/copyleft': { integrity, license: 'LGPL-3.0-or-later' },
    'node_modules/none': { integrity },
  } as const;
  expect(supplyFaults({ packages }, { built: false })).toEqual([
    'node_modules/loose: has no SHA-512 to be known by',
    'node_modules/weak: has no SHA-512 to be known by',
    'node_modules/script: runs a script that allowScripts does not name',
    'node_modules/both: comes under MIT AND GPL-3.0-only',
    'node_modules/copyleft: comes under LGPL-3.0-or-later',
    'node_modules/none: comes under no licence',
  ]);
});

test('a feed that does not answer is said aloud and is no health; a high vulnerability is a fault, a low one is not', () => {
  expect(verdictOf(null)).toEqual({ isGood: true, says: expect.stringContaining('NOT CHECKED') });
  expect(verdictOf({ message: '405 Method Not Allowed' }).says).toContain('405');
  const found = (vulnerabilities: Record<string, number>) => verdictOf({ metadata: { vulnerabilities } }).isGood;
  expect([found({ low: 3, moderate: 1 }), found({ high: 1 }), found({ critical: 1 })]).toEqual([true, false, false]);
});

test('the list of parts names each that we ship, by version, licence and hash', async () => {
  const run = promisify(execFile);
  const { stdout } = await run('npm', ['run', '--silent', 'sbom'], { cwd: projectRoot, maxBuffer: 64 * 1024 * 1024 });
  const { bomFormat, components } = JSON.parse(stdout) as {
    readonly bomFormat: string;
    readonly components: readonly {
      readonly group?: string;
      readonly name: string;
      readonly version: string;
      readonly licenses?: readonly unknown[];
      readonly hashes?: readonly { readonly alg: string }[];
    }[];
  };
  const { dependencies } = JSON.parse(readProjectFile('package.json')) as {
    readonly dependencies: Record<string, string>;
  };
  expect(bomFormat).toBe('CycloneDX');
  for (const [name, version] of Object.entries(dependencies)) {
    const named = components.filter(
      (one) => (one.group === undefined ? one.name : `${one.group}/${one.name}`) === name,
    );
    expect(named).toContainEqual(
      expect.objectContaining({
        version,
        licenses: [expect.anything()],
        hashes: [expect.objectContaining({ alg: 'SHA-512' })],
      }),
    );
  }
}, 60_000);
