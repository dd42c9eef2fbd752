import { afterAll, beforeAll, expect, test } from 'vitest';
import { newGuest, openSmallPark, type Guest } from '../e2e/guests.ts';
import { expectRulesToHold } from '../e2e/rules.ts';
import { describeWithDatabase } from '../support/database.ts';
import { createCleanUp } from '../support/product.ts';
import type { Cell } from './cells.ts';
import { endingsSeen, play, type Visit } from './play.ts';
import { openStage, type Stage } from './stage.ts';

const START_MS = Date.parse('2026-12-04T06:00:00Z');
/** Where there is room for all cells, and a day that none of them reaches. */
const ROOMY: Visit = { parkId: 'roomy', date: '2027-02-20' };

/** A day for one visit alone, so many days after another. */
const tinyDay = (number: number): Visit => ({
  parkId: 'tiny',
  date: new Date(Date.UTC(2027, 0, 20 + number)).toISOString().slice(0, 10),
});

/** Plays cells one after another, each a test of its own, with ELQR by one wire profile. */
export function playMatrix(elqrWire: 'finik-v1' | 'bakai-v1', cells: readonly Cell[]): void {
  describeWithDatabase(`whatever goes wrong at a provider, with ELQR by ${elqrWire}, a purchase ends once`, () => {
    const { later, run } = createCleanUp();
    let stage: Stage;
    let guest: Guest;
    let fullDays = 0;

    beforeAll(async () => {
      stage = await openStage(START_MS, elqrWire, later);
      await openSmallPark(stage.api.app, ROOMY.parkId, 1000);
      await openSmallPark(stage.api.app, 'tiny', 1);
      guest = await newGuest(stage.api.url);
    });
    afterAll(run);

    const named = cells.map((cell) => [cell.title, cell] as const);
    test.each(named)('%s', async (_title, cell) => {
      const visit = cell.meanwhile === 'day_is_full' ? tinyDay(fullDays++) : ROOMY;
      const { ended, later: afterwards } = await play(stage, guest, visit, cell);
      expect({ ...ended, endings: endingsSeen(ended) }).toMatchObject({ endings: [cell.ending] });
      expect(endingsSeen(afterwards)).toEqual([cell.ending]);
      // An unpaid ticket may still have expired since, and nothing else.
      expect({ ...afterwards, ticketStatus: '' }).toEqual({ ...ended, ticketStatus: '' });
    });

    test('after all of that every rule holds', () => expectRulesToHold(stage.databaseUrl));
  });
}
