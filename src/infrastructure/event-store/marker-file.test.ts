import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { authoredBy, chained, fill, parkNode, signer } from './authored-log.suite.ts';
import { compareMarker, createMarkerFile, markSeals } from './marker-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skypark-marker-'));
});
afterEach(() => rm(folder, { recursive: true }));

const fileIn = () => createMarkerFile(join(folder, 'volume', 'marker.json'));

describe('the marker of a log', () => {
  test('says where it was sealed last', async () => {
    const [node, file] = [parkNode(), fileIn()];
    const log = markSeals(node.replication, file);
    expect(await log.seal(signer)).toBe(0);
    expect(await file.read()).toBeNull();
    for (let round = 0; round < 3; round += 1) {
      await fill(node, 3);
      expect(await log.seal(signer)).toBe(1);
      const { incarnation, seq, link } = await log.head();
      expect(await file.read()).toEqual({ incarnation, seq, link });
      expect(await compareMarker(log, file)).toBe('ok');
    }
    expect(await readdir(join(folder, 'volume'))).toEqual(['marker.json']);
  });

  test('catches up after a write that failed, and after a crash before it', async () => {
    const [node, file] = [parkNode(), fileIn()];
    let isFull = true;
    const log = markSeals(node.replication, {
      read: () => file.read(),
      write: async (place) => {
        if (isFull) throw new Error('no space left');
        await file.write(place);
      },
    });
    await fill(node, 3);
    for (let round = 0; round < 2; round += 1) await expect(log.seal(signer)).rejects.toThrow('no space left');
    isFull = false;
    expect(await log.seal(signer)).toBe(0);
    expect(await file.read()).toMatchObject({ seq: (await log.head()).seq });
    await fill(node, 2);
    await node.replication.seal(signer);
    expect(await markSeals(node.replication, file).seal(signer)).toBe(0);
    expect(await file.read()).toMatchObject({ seq: (await log.head()).seq });
  });

  test('stays good while more is written, and over a new incarnation', async () => {
    const [node, file] = [parkNode(), fileIn()];
    const log = markSeals(node.replication, file);
    await fill(node, 3);
    await log.seal(signer);
    await fill(node, 2);
    expect(await compareMarker(log, file)).toBe('ok');
    await log.openIncarnation('a test');
    expect(await compareMarker(log, file)).toBe('ok');
  });

  test('tells a log that lost what it sealed', async () => {
    const [node, file] = [parkNode(), fileIn()];
    await fill(node, 6);
    await markSeals(node.replication, file).seal(signer);
    const restored = parkNode();
    expect(await compareMarker(restored.replication, file)).toBe('rollback');
    await restored.replication.receive(chained(await authoredBy(node), 1, 4));
    expect(await compareMarker(restored.replication, file)).toBe('rollback');
  });

  test('is missing when it is not there or cannot be read', async () => {
    const path = join(folder, 'marker.json');
    const { replication } = parkNode();
    expect(await compareMarker(replication, createMarkerFile(path))).toBe('missing');
    await writeFile(path, '{"incarnation": "half');
    expect(await compareMarker(replication, createMarkerFile(path))).toBe('missing');
    await writeFile(path, 'null');
    expect(await compareMarker(replication, createMarkerFile(path))).toBe('missing');
  });
});
