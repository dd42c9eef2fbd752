import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { projectRoot } from '../support/project-files.ts';

const PIECE = '000000010000000000000001';

/** An empty archive, and a piece of the log. */
function open() {
  const folder = mkdtempSync(join(tmpdir(), 'skypark-archive-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [archive, piece, back] = [join(folder, 'wal'), join(folder, 'piece'), join(folder, 'back')];
  writeFileSync(piece, randomBytes(1_000_000));
  const run = (command: string, ARCHIVE_DIR = archive): number | null =>
    spawnSync('sh', ['-c', command], {
      cwd: join(projectRoot, 'deploy/backup'),
      env: { PATH: process.env['PATH'], ARCHIVE_DIR },
    }).status;
  return {
    archive,
    piece,
    back,
    run,
    keep: `./archive-wal.sh ${piece} ${PIECE}`,
    fetch: `./fetch-wal.sh ${PIECE} ${back}`,
  };
}

test('a piece of the log comes back from the archive, and another of its name does not take its place', () => {
  const { archive, piece, back, run, keep, fetch } = open();
  expect([run(keep), run(keep)]).toEqual([0, 0]);
  expect(run(fetch)).toBe(0);
  expect(readFileSync(back)).toEqual(readFileSync(piece));
  writeFileSync(piece, 'of another cluster');
  expect(run(keep)).not.toBe(0);
  expect(readdirSync(archive)).toEqual([`${PIECE}.gz`]);
});

test('an archive that is full keeps no part of a piece, which would eat the room that is made', () => {
  const { archive, run, keep } = open();
  expect(run(`ulimit -f 100; ${keep}`)).not.toBe(0);
  expect(readdirSync(archive)).toEqual([]);
  expect(run(keep)).toBe(0);
});

test('only a piece that is not there ends the log; an archive that is away or damaged ends the recovery', () => {
  const { archive, run, keep, fetch } = open();
  expect(run(fetch, '/nowhere')).toBe(200);
  run(keep);
  expect(run(`./fetch-wal.sh 000000010000000000000002 /dev/null`)).toBe(1);
  writeFileSync(join(archive, `${PIECE}.gz`), 'damaged');
  expect(run(fetch)).toBe(200);
});
