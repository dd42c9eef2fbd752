import { randomUUID } from 'node:crypto';
import { bodyOf, codeOf, eventually } from '../answered.ts';
import type { NewFamily } from '../new-family.ts';
import type { Session } from '../session.ts';
import { today, type ParkNode } from './chain.ts';

/** A ticket with the code that lets its party in. */
export type Bought = { readonly ticketId: string; readonly code: string; readonly people: number };

const withKey = () => ({ header: { 'Idempotency-Key': randomUUID() } });

/** Buys tickets for today until there are `count`, or the park has no place left for sale online. */
export async function buyTickets({ session }: NewFamily, parkId: string, count: number): Promise<readonly Bought[]> {
  const bought: Bought[] = [];
  while (bought.length < count) {
    // Children under three come in for nothing here, so the ticket is good at once.
    const body = { park_id: parkId, visit_date: today(), children: [{ name: 'Алина', age: 2 }], adults: 1 };
    const params = withKey();
    const answer = await session.call('buy', (client, signal) =>
      client.POST('/api/v1/tickets', { params, body, signal }),
    );
    if (codeOf(answer.error) === 'park_at_capacity') break;
    const ticket = bodyOf('buy', 201, answer);
    bought.push({ ticketId: ticket.id, code: await codeOfTicket(session, ticket.id), people: ticket.people });
  }
  return bought;
}

const codeOfTicket = (session: Session, ticketId: string): Promise<string> =>
  eventually('the code of a ticket', 60_000, async () => {
    const params = { path: { id: ticketId } };
    const answer = await session.call('ticket', (client, signal) =>
      client.GET('/api/v1/tickets/{id}', { params, signal }),
    );
    return bodyOf('ticket', 200, answer).admission_code;
  });

/** Asks for the cancellation of a ticket; what became of its refund is told by the ticket. */
export async function cancelTicket(staff: Session, ticketId: string): Promise<number> {
  const params = { path: { id: ticketId }, ...withKey() };
  const answer = await staff.call('cancel', (client, signal) =>
    client.POST('/api/v1/admin/tickets/{id}/cancel', { params, body: { reason: 'the guest asked for it' }, signal }),
  );
  return answer.response.status;
}

/** Opens a till at the park. */
export async function openShift({ staff, parkId }: Pick<ParkNode, 'staff' | 'parkId'>): Promise<string> {
  const answer = await staff.call('open a shift', (client, signal) =>
    client.POST('/api/v1/gate/shifts', { params: withKey(), body: { park_id: parkId, float: '1000.00' }, signal }),
  );
  return bodyOf('open a shift', 201, answer).id;
}

/** Sells to people who walk up, for cash, until there are `count` tickets or the park's own share is gone. */
export async function sellWalkUps(park: ParkNode, count: number): Promise<readonly Bought[]> {
  const sold: Bought[] = [];
  while (sold.length < count) {
    const params = withKey();
    const body = { park_id: park.parkId, children: [{ age: 5 }], adults: 1, method: 'cash' as const };
    const answer = await park.staff.call('sell', (client, signal) =>
      client.POST('/api/v1/gate/sales', { params, body, signal }),
    );
    if (codeOf(answer.error) === 'park_at_capacity') break;
    const ticket = bodyOf('sell', 201, answer);
    sold.push({ ticketId: ticket.id, code: ticket.admission_code ?? '', people: ticket.people });
  }
  return sold;
}

export type ScanAnswer = { readonly outcome: string; readonly scanId: string };

/** Shows codes at a gate of the park, in one call for each 500. */
export async function scanCodes(
  staff: Session,
  codes: readonly string[],
  direction: 'in' | 'out' = 'in',
): Promise<readonly ScanAnswer[]> {
  const answers: ScanAnswer[] = [];
  for (let from = 0; from < codes.length; from += 500) {
    const scans = codes.slice(from, from + 500).map((code) => ({
      scan_id: randomUUID(),
      code,
      direction,
      scanned_at: new Date().toISOString(),
      gate: 'main',
    }));
    const answer = await staff.call('scan', (client, signal) =>
      client.POST('/api/v1/gate/scans', { body: { scans }, signal }),
    );
    const { results } = bodyOf('scan', 200, answer);
    answers.push(...results.map(({ outcome }, index) => ({ outcome, scanId: scans[index]?.scan_id ?? '' })));
  }
  return answers;
}
