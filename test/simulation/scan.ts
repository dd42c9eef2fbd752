import { callerOf, noteTaken } from './staff.ts';
import { gatesOf, textOf, ticketAt, wordOf, type Of, type Scene } from './scene.ts';
import { reach, reallyInside, type Diary, type HeldTicket } from './diary.ts';
import type { Answer } from './sim-node.ts';
import { CAPACITY, type ParkId } from './places.ts';
import { dateAt } from './world.ts';

/** The code as it stands on the screen of whoever holds the ticket: they look when they can. */
export async function codeOf({ world }: Scene, ticket: HeldTicket, isPrinted: boolean): Promise<string | null> {
  const caller = ticket.guest === null ? undefined : world.people.guests[ticket.guest];
  if (caller === undefined || (isPrinted && ticket.printedCode !== null)) return ticket.printedCode;
  const { body } = await world.headquarters.call(caller, 'GET', `/tickets/${ticket.ticketId}`);
  ticket.code = textOf(body['admission_code']) || ticket.code;
  ticket.printedCode ??= ticket.code;
  return ticket.code;
}

export async function scan(
  scene: Scene,
  { park, ticket: made, direction, people, again, alone = false, printed = false, staff }: Of<'scan'>,
): Promise<string> {
  const { world, diary } = scene;
  const ticket = ticketAt(scene, made);
  if (ticket === undefined) return 'no ticket';
  const code = await codeOf(scene, ticket, printed);
  if (code === null) return 'no code';
  const { node, at } = gatesOf(scene, park);
  const asked = {
    scan_id: node.ids.next(),
    code,
    direction,
    gate: 'main',
    scanned_at: new Date(node.clock.now()).toISOString(),
    ...(people === null ? {} : { people }),
    ...(alone ? { decided_offline: true, people: people ?? ticket.people } : {}),
  };
  const caller = staff === undefined ? world.people.gate[park] : await callerOf(scene, staff, { node, at });
  if (typeof caller === 'string') return caller;
  const answer = await node.call(caller, 'POST', '/gate/scans', { scans: [asked] });
  if (staff !== undefined) noteTaken(scene, staff, { node, at }, answer);
  const [result] = (answer.body['results'] ?? []) as readonly Answer['body'][];
  if (result === undefined) return wordOf(answer);
  const passed = Number(direction === 'in' ? result['people_admitted'] : result['people_exited']);
  if (passed > 0) {
    diary.passages.push({
      at,
      atMs: world.clock.now(),
      isLost: false,
      scanId: asked.scan_id,
      ticketId: ticket.ticketId,
      parkId: park,
      date: dateAt(node.clock.now()),
      direction,
      people: passed,
      isAlone: alone,
    });
  }
  const isTurnedAway = direction === 'in' && passed === 0;
  const outcome = String(result['outcome']);
  const seen = { outcome, at, park, people: people ?? 1, date: dateAt(node.clock.now()) };
  if (isTurnedAway && (alone || !mayRefuse(scene, ticket, seen)))
    node.troubles.push(
      `${at} answered ${outcome} to the ${alone ? 'gate that had let in' : 'holders of'} ${wordsOf(scene, ticket)}`,
    );
  if (result['incident_id'] !== null) reach(diary, 'incident at a gate');
  if (!again) return `${outcome} ${passed}`;
  const repeated = await node.call(caller, 'POST', '/gate/scans', { scans: [asked] });
  const [second] = (repeated.body['results'] ?? []) as readonly Answer['body'][];
  const isSame = ['outcome', 'people_admitted', 'people_exited'].every((field) => second?.[field] === result[field]);
  if (!isSame)
    node.troubles.push(`a repeated scan was answered ${JSON.stringify(second)}, first ${JSON.stringify(result)}`);
  return `${outcome} ${passed}, again the same`;
}

type Refused = {
  readonly outcome: string;
  readonly at: 'hq' | ParkId;
  readonly park: ParkId;
  readonly people: number;
  readonly date: string;
};

/** How many are really inside a park, whatever its books say. */
function insideOf({ tickets, passages }: Diary, park: ParkId): number {
  const atPark = passages.filter(({ parkId }) => parkId === park);
  const byTicket = tickets.map(({ ticketId }) => atPark.filter((passage) => passage.ticketId === ticketId));
  return byTicket.reduce((sum, some) => sum + reallyInside(some), 0);
}

/** Whether what really happened is a reason for such an answer at a gate. */
function mayRefuse({ diary }: Scene, ticket: HeldTicket, { outcome, at, park, people, date }: Refused): boolean {
  const { ticketId, people: party, dates } = ticket;
  const cameIn = diary.passages.filter((passage) => passage.ticketId === ticketId && passage.direction === 'in');
  const entered = cameIn.reduce((sum, passage) => sum + passage.people, 0);
  const isMoved = dates.length > 1;
  switch (outcome) {
    case 'already_used':
    case 'partly_used':
      return diary.unheard.has(ticketId) || entered + people > party || (isMoved && entered > 0);
    case 'cancelled':
      return diary.cancellations.some((cancellation) => cancellation.ticketId === ticketId);
    case 'unknown':
      return ticket.isLost || ticket.at !== at;
    case 'bad_signature':
      return ticket.at !== 'hq' && diary.revoked.has(ticket.at);
    case 'park_full':
      return insideOf(diary, park) + people > CAPACITY;
    case 'wrong_date':
      return isMoved || !dates.includes(date);
    case 'wrong_park':
      return ticket.parkId !== park;
    case 'revoked':
      return isMoved || diary.revoked.size > 0;
    case 'expired':
      return true;
    default:
      return false;
  }
}

const wordsOf = ({ diary }: Scene, { ticketId, parkId, dates }: HeldTicket): string =>
  `a ticket for ${parkId} on ${dates.join(' or ')}: ${JSON.stringify(diary.passages.filter((passage) => passage.ticketId === ticketId))}`;
