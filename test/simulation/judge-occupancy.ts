import { statement } from '../../src/infrastructure/postgres/session.ts';
import { reach, reallyInside } from './diary.ts';
import type { Judged, Violation } from './judged.ts';

const INSIDE = statement('simulation.inside', 'select ticket_id as id, inside from admission.admissions');

/** I12: who is inside by the books of headquarters is who really is. What a node that was put back has forgotten no book can know. */
export async function occupancy({ world: { headquarters }, diary }: Judged): Promise<readonly Violation[]> {
  const rows = await headquarters.app.database.rows<{ readonly id: string; readonly inside: number }>(INSIDE, []);
  const known = new Map(rows.map(({ id, inside }) => [id, inside]));
  return diary.tickets.flatMap(({ ticketId, people }) => {
    const passages = diary.passages.filter((passage) => passage.ticketId === ticketId);
    if (passages.some(({ isLost }) => isLost)) return [];
    const [really, booked] = [reallyInside(passages), known.get(ticketId) ?? 0];
    // The books may hold a party that stood before a gate which did not hear its node and turned it away by what it knew itself.
    const isDoubtful = diary.unheard.has(ticketId) && booked > really && booked <= really + people;
    if (really > people) reach(diary, 'more are inside than a ticket is for');
    const what = `${booked} people of a ticket are inside by the books, and ${really} are: ${JSON.stringify(passages)}`;
    return booked === really || isDoubtful ? [] : [{ rule: 'occupancy', what }];
  });
}
