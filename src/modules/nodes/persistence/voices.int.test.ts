import { afterAll, beforeAll, expect, test } from 'vitest';
import { createManualClock } from '../../../infrastructure/clock.ts';
import { openModuleDatabase, type ModuleDatabase } from '../../../../test/support/module-database.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import { describeWithDatabase } from '../../../../test/support/database.ts';
import type { Voices } from '../application/ports.ts';
import { nodesManifest } from '../module.ts';
import { createVoices } from './voices.ts';

const NOON_MS = Date.parse('2026-12-05T06:00:00Z');

describeWithDatabase('processes of nodes as they were heard', () => {
  let opened: ModuleDatabase;
  let voices: Voices;

  beforeAll(async () => {
    opened = await openModuleDatabase(nodesManifest, createManualClock(NOON_MS));
    voices = createVoices((await opened.startNode()).database);
  });
  afterAll(() => opened.close());

  test('each process is heard for itself in each life, and those that do not go on are told', async () => {
    const [life, process, incarnation] = [ids.derive('the life'), ids.derive('the copy'), ids.derive('its life')];
    const heard = {
      nodeId: 'park-osh',
      life,
      process,
      incarnation,
      atMs: NOON_MS,
      verdict: 'slow_down',
      trouble: null,
    };
    await voices.note(heard);
    expect(await voices.stopped()).toEqual([]);
    await voices.markCopies('park-osh', life, [process]);
    await voices.note({ ...heard, atMs: NOON_MS + 1_000, trouble: 'a copy' });
    const copy = { ...heard, firstAtMs: NOON_MS, atMs: NOON_MS + 1_000, trouble: 'a copy', isCopy: true };
    expect(await voices.of('park-osh', life)).toEqual([copy]);
    expect(await voices.stopped()).toEqual([copy]);
    // Enrolled again it goes on from a life of its own, and is none.
    await voices.note({ ...heard, life: incarnation, atMs: NOON_MS + 2_000, verdict: 'ok' });
    expect((await voices.of('park-osh', incarnation)).map(({ isCopy }) => isCopy)).toEqual([false]);
    expect(await voices.stopped()).toEqual([]);
  });

  test('whoever said what it could not prove is shown, until it is served', async () => {
    const life = ids.derive('a life of Talas');
    const heard = {
      nodeId: 'park-talas',
      life,
      process: ids.derive('a thief'),
      incarnation: life,
      trouble: 'unproven',
    };
    await voices.note({ ...heard, atMs: NOON_MS, verdict: 'unproven' });
    expect((await voices.stopped()).map(({ trouble }) => trouble)).toEqual(['unproven']);
    await voices.note({ ...heard, atMs: NOON_MS + 1_000, verdict: 'ok' });
    expect(await voices.stopped()).toEqual([]);
  });

  test('whoever was not heard for a month is forgotten', async () => {
    const life = ids.derive('another life');
    const heard = { nodeId: 'park-osh', life, incarnation: life, verdict: 'ok', trouble: null };
    await voices.note({ ...heard, process: ids.derive('long ago'), atMs: NOON_MS });
    await voices.note({ ...heard, process: ids.derive('of now'), atMs: NOON_MS + 40 * 86_400_000 });
    expect((await voices.of('park-osh', life)).map(({ process }) => process)).toEqual([ids.derive('of now')]);
  });

  test('of one node the two hundred that were heard last are kept, and of others nothing is lost', async () => {
    const life = ids.derive('a life with many processes');
    const heard = { life, incarnation: life, verdict: 'ok', trouble: null };
    await voices.note({ ...heard, nodeId: 'park-naryn', process: ids.derive('beside'), atMs: NOON_MS - 60_000 });
    const all = Array.from({ length: 203 }, (_, index) => ids.derive(`process ${index}`));
    for (const [index, process] of all.entries())
      await voices.note({ ...heard, nodeId: 'park-batken', process, atMs: NOON_MS + index });
    const kept = (await voices.of('park-batken', life)).map(({ process }) => process);
    expect(new Set(kept)).toEqual(new Set(all.slice(3)));
    expect(await voices.of('park-naryn', life)).toHaveLength(1);
  });
});
