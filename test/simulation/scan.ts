import { callerOf, noteTaken } from './staff.ts';
import { gatesOf, textOf, ticketAt, wordOf, type Of, type Scene } from './scene.ts';
import { reach, type HeldTicket } from './diary.ts';
import type { Answer } from './sim-node.ts';
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
  if (result['incident_id'] !== null) reach(diary, 'incident at a gate');
  if (!again) return `${String(result['outcome'])} ${passed}`;
  const repeated = await node.call(caller, 'POST', '/gate/scans', { scans: [asked] });
  const [second] = (repeated.body['results'] ?? []) as readonly Answer['body'][];
  const isSame = second?.['outcome'] === result['outcome'] && second?.['people_admitted'] === result['people_admitted'];
  if (!isSame)
    node.troubles.push(`a repeated scan was answered ${JSON.stringify(second)}, first ${JSON.stringify(result)}`);
  return `${String(result['outcome'])} ${passed}, again the same`;
}
