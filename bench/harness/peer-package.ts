import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What peers are installed from, in the versions that the bars were set against. */
export const PEERS = {
  emmett: { '@event-driven-io/emmett': '0.42.0', '@event-driven-io/emmett-postgresql': '0.42.0' },
  vendure: { '@vendure/core': '3.7.3', pg: '8.23.1' },
} as const;

export type PeerName = keyof typeof PEERS;

/** The folder of a peer: in that of BENCH_PEERS_FOLDER, or in a scratch folder of this machine. */
const folderOf = (peer: PeerName): string =>
  join(process.env['BENCH_PEERS_FOLDER'] ?? join(tmpdir(), 'skypark-peers'), peer);

/**
 * Installs a peer from npm beside the project, never into it; what is there already is only looked at.
 * @returns its folder
 */
export async function installPeer(peer: PeerName, say: (line: string) => void): Promise<string> {
  const folder = folderOf(peer);
  await mkdir(folder, { recursive: true });
  const manifest = { private: true, dependencies: PEERS[peer] };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  say(
    `  installing ${Object.entries(PEERS[peer])
      .map((pair) => pair.join(' '))
      .join(', ')} into ${folder}`,
  );
  const quietly = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  await promisify(execFile)('npm', ['install', ...quietly], { cwd: folder, maxBuffer: 2 ** 26 });
  return folder;
}
