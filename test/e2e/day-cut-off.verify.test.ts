import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { newVerifiedFamily, type NewFamily } from '../../tools/demo/new-family.ts';
import { openChain, type Chain, type ParkNode } from '../../tools/demo/chain/chain.ts';
import { countLost, waitForShare, waitUntilAlike } from '../../tools/demo/chain/compare.ts';
import { buyTickets, openShift, scanCodes, sellWalkUps, type Bought } from '../../tools/demo/chain/trade.ts';
import { describeWithDatabase } from '../support/database.ts';
import { tally, patience } from './guests.ts';

/** What a busy park does in eight hours, told as fast as it goes. */
const DAY = { before: 6_000, meanwhile: 1_000, walkUps: 2_000, capacity: 24_000, walkUpPercent: 25 };
const SCANS = 3 * DAY.before + DAY.walkUps;
const CALLERS = 16;
/** Kills of each side while the backlog drains, and how long it then has to itself. */
const KILLS = 3;
const WORK_MS = 4_000;

const codesOf = (tickets: readonly Bought[]): readonly string[] => tickets.map(({ code }) => code);

/** Shares work out among callers that go on until all is done. */
async function together<Made>(count: number, work: (share: number) => Promise<readonly Made[]>) {
  const share = Math.ceil(count / CALLERS);
  const parts = Array.from({ length: CALLERS }, (_, index) => Math.min(share, Math.max(0, count - index * share)));
  return (await Promise.all(parts.map(work))).flat();
}

async function sellOnline(families: readonly NewFamily[], parkId: string, count: number): Promise<readonly Bought[]> {
  let next = 0;
  return together(count, (share) => {
    const family = families[next++ % families.length];
    return family === undefined ? Promise.resolve([]) : buyTickets(family, parkId, share);
  });
}

/** Everybody comes in, is refused the second time, and goes out again. */
async function scanAll(park: ParkNode, before: readonly Bought[], walkUps: readonly Bought[]) {
  const [known, fresh] = [codesOf(before), codesOf(walkUps)];
  const came = await scanCodes(park.staff, [...known, ...fresh]);
  const again = await scanCodes(park.staff, known);
  const left = await scanCodes(park.staff, known, 'out');
  return tally([...came, ...again, ...left].map(({ outcome }) => outcome));
}

/** Kills headquarters and the park in turn while what the park wrote is handed over. */
async function killInTurn({ hq }: Chain, park: ParkNode): Promise<void> {
  for (let kills = 0; kills < KILLS; kills += 1) {
    for (const node of [park, hq]) {
      await sleep(WORK_MS);
      await node.kill();
      await node.start();
    }
  }
}

/** @returns how much of what was acknowledged headquarters lacks, or has twice */
async function playDay(chain: Chain, park: ParkNode): Promise<number> {
  const families = await Promise.all(Array.from({ length: 4 }, () => newVerifiedFamily(chain.hq.url, patience)));
  await openShift(park);
  await waitForShare(park);
  const before = await sellOnline(families, park.parkId, DAY.before);
  await waitUntilAlike(chain, park);
  park.cable.pull();
  const [online, walkUps] = await Promise.all([
    sellOnline(families, park.parkId, DAY.meanwhile),
    together(DAY.walkUps, (share) => sellWalkUps(park, share)),
  ]);
  expect([before.length, online.length, walkUps.length]).toEqual([DAY.before, DAY.meanwhile, DAY.walkUps]);
  expect(await scanAll(park, before, walkUps)).toEqual({
    admitted: DAY.before + DAY.walkUps,
    already_used: DAY.before,
    exited: DAY.before,
  });
  park.cable.putBack();
  await killInTurn(chain, park);
  await waitUntilAlike(chain, park);
  const tickets = DAY.before + DAY.meanwhile + DAY.walkUps;
  const lost = await countLost(chain, park.parkId, { tickets, scans: SCANS });
  for (const node of [park, chain.hq]) {
    await node.stop();
    expect(await node.cli('check')).toContain('All rules hold.');
  }
  return lost;
}

describeWithDatabase('a park whose cable is pulled for a day', () => {
  test(
    `${SCANS} scans and ${DAY.walkUps} sales at its gates arrive once each, though both sides are killed meanwhile`,
    { timeout: 1_800_000 },
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'skypark-day-'));
      await chmod(folder, 0o755);
      const { capacity, walkUpPercent } = DAY;
      const chain = await openChain({
        parks: ['lake'],
        capacity,
        walkUpPercent,
        folder,
        patience,
        tell: () => undefined,
      });
      try {
        const [park] = chain.parks;
        if (park === undefined) throw new Error('there is a park');
        expect(await playDay(chain, park)).toBe(0);
      } finally {
        await chain.stop();
        await rm(folder, { recursive: true, force: true, maxRetries: 10 });
      }
    },
  );
});
