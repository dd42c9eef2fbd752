import { randomUUID } from 'node:crypto';
import { answered, bodyOf, DemoFailure, eventually, expectThat, type Patience } from './answered.ts';
import type { Journal } from './journal.ts';
import { registerFamily, verifyPhone } from './new-family.ts';
import { readQr } from './read-qr.ts';
import type { Session } from './session.ts';
import { datesToEnterNow } from './visit-choice.ts';

export type FamilyWorld = {
  readonly baseUrl: string;
  /** Staff at the gates. */
  readonly gate: Session;
  readonly journal: Journal;
  readonly patience: Patience;
  /** Told what has happened, step by step. */
  readonly tell: (step: string, text: string) => void;
};

export type Visit = {
  readonly ticketId: string;
  readonly people: number;
  readonly paidSom: string;
  readonly points: number;
};

/** How long the product may take to learn of a payment, or to credit points. */
const FLOW_LIMIT_MS = 120_000;
const QR_SIZE_PX = 256;

const withKey = () => ({ header: { 'Idempotency-Key': randomUUID() } });

type Family = { readonly world: FamilyWorld; readonly userId: string; readonly session: Session };

async function join(world: FamilyWorld): Promise<Family> {
  const { userId, login, session } = await registerFamily(world.baseUrl, world.patience);
  await world.journal.write({ fact: 'registered', userId });
  world.tell('register', `account ${userId} for ${login.phone}`);
  await session.signIn();
  world.tell('log in', 'signed in with phone and password');
  await verifyPhone({ userId, login, session });
  world.tell('verify', 'the number is verified by a one-time code');
  return { world, userId, session };
}

async function addChild({ world, userId, session }: Family): Promise<string> {
  const params = withKey();
  const body = { name: 'Алина', birth_date: '2020-03-01' };
  const answer = await session.call('add a child', (client, signal) =>
    client.POST('/api/v1/users/me/children', { params, body, signal }),
  );
  const child = bodyOf('add a child', 201, answer);
  await world.journal.write({ fact: 'child', userId, childId: child.id });
  world.tell('add a child', `${child.name}, born ${child.birth_date}`);
  return child.id;
}

/** The park with most room among those that let in right now whoever buys a ticket. */
async function chooseVisit({ world, session }: Family): Promise<{ parkId: string; date: string }> {
  const parks = bodyOf(
    'parks',
    200,
    await session.call('parks', (client, signal) => client.GET('/api/v1/parks', { signal })),
  );
  let best: { parkId: string; name: string; date: string; remaining: number; of: number } | null = null;
  for (const park of parks.items) {
    for (const date of datesToEnterNow(park, Date.now())) {
      const params = { path: { id: park.id }, query: { from: date, to: date } };
      const answer = await session.call('availability', (client, signal) =>
        client.GET('/api/v1/parks/{id}/availability', { params, signal }),
      );
      const day = bodyOf('availability', 200, answer).items[0];
      if (day?.open !== true || day.remaining <= (best?.remaining ?? 1)) continue;
      best = { parkId: park.id, name: park.name, date, remaining: day.remaining, of: day.capacity };
    }
  }
  if (best === null) throw new DemoFailure('no park has room for a family that wants to come in now');
  world.tell('see a park', `${best.name} on ${best.date}: ${best.remaining} of ${best.of} places left`);
  return best;
}

async function buy({ world, userId, session }: Family, childId: string, visit: { parkId: string; date: string }) {
  const body = { park_id: visit.parkId, visit_date: visit.date, children: [{ child_id: childId }], adults: 1 };
  const quoted = await session.call('quote', (client, signal) =>
    client.POST('/api/v1/tickets/quote', { body, signal }),
  );
  const quote = bodyOf('quote', 200, quoted);
  world.tell('quote', `${quote.price} KGS for one child and one adult`);
  const params = withKey();
  const bought = await session.call('buy', (client, signal) =>
    client.POST('/api/v1/tickets', { params, body, signal }),
  );
  const ticket = bodyOf('buy', 201, bought);
  await world.journal.write({ fact: 'ticket', userId, ticketId: ticket.id });
  expectThat(ticket.price === quote.price, `the ticket costs ${ticket.price}, the quote said ${quote.price}`);
  expectThat(ticket.admission_code === null, 'an unpaid ticket has an admission code');
  world.tell('buy', `ticket ${ticket.id} holds ${ticket.people} places until ${ticket.expires_at}`);
  return ticket;
}

async function pay({ world, session }: Family, ticketId: string, priceSom: string): Promise<void> {
  const params = withKey();
  const started = await session.call('start payment', (client, signal) =>
    client.POST('/api/v1/payments', { params, body: { ticket_id: ticketId, method: 'elqr' }, signal }),
  );
  const payment = bodyOf('start payment', 201, started);
  await world.journal.write({ fact: 'payment', paymentId: payment.id, ticketId });
  expectThat(payment.amount === priceSom, `the payment is of ${payment.amount}, the ticket costs ${priceSom}`);
  const action = payment.action;
  expectThat(action !== null, `payment ${payment.id} is ${payment.status} and asks nothing of the payer`);
  world.tell('start payment', `${payment.amount} KGS by ELQR, to be paid at ${action.url}`);
  const paid = await answered('pay', world.patience, async (signal) => ({
    response: await fetch(`${action.url}/pay`, { method: 'POST', signal }),
  }));
  expectThat(paid.response.status === 204, `the sandbox answered ${paid.response.status} to the payer`);
  await world.journal.write({ fact: 'paid', paymentId: payment.id });
  world.tell('pay', 'the payer paid in the sandbox');
}

async function activeTicket({ world, session }: Family, ticketId: string): Promise<string> {
  const params = { path: { id: ticketId } };
  const code = await eventually('active ticket', FLOW_LIMIT_MS, async () => {
    const answer = await session.call('ticket', (client, signal) =>
      client.GET('/api/v1/tickets/{id}', { params, signal }),
    );
    const ticket = bodyOf('ticket', 200, answer);
    return ticket.status === 'active' ? ticket.admission_code : null;
  });
  await world.journal.write({ fact: 'active', ticketId });
  world.tell('ticket', `active, admission code of ${code.length} characters`);
  return code;
}

async function checkImages({ world, session }: Family, ticketId: string, code: string): Promise<void> {
  const params = { path: { id: ticketId }, query: { size: QR_SIZE_PX } };
  const asSvg = await session.call('QR as SVG', (client, signal) =>
    client.GET('/api/v1/tickets/{id}/qr', { params, headers: { accept: 'image/svg+xml' }, parseAs: 'text', signal }),
  );
  expectThat(bodyOf('QR as SVG', 200, asSvg).startsWith('<svg'), 'the QR code as SVG is no SVG');
  const asPng = await session.call('QR as PNG', (client, signal) =>
    client.GET('/api/v1/tickets/{id}/qr', { params, headers: { accept: 'image/png' }, parseAs: 'arrayBuffer', signal }),
  );
  const read = readQr(new Uint8Array(bodyOf('QR as PNG', 200, asPng)));
  expectThat(read === code, 'a reader of the QR code does not get the admission code');
  world.tell('QR code', 'SVG and PNG fetched; the PNG, decoded, is the admission code');
}

async function scan({ world }: Family, scanId: string, code: string) {
  const one = { scan_id: scanId, code, direction: 'in', scanned_at: new Date().toISOString(), gate: 'main' } as const;
  const answer = await world.gate.call('scan', (client, signal) =>
    client.POST('/api/v1/gate/scans', { body: { scans: [one] }, signal }),
  );
  const [result] = bodyOf('scan', 200, answer).results;
  expectThat(result !== undefined, 'a scan was not answered');
  return result;
}

async function enter(family: Family, ticketId: string, code: string, people: number): Promise<void> {
  const { world } = family;
  const looked = await world.gate.call('validate', (client, signal) =>
    client.POST('/api/v1/tickets/validate', { body: { code }, signal }),
  );
  const validation = bodyOf('validate', 200, looked);
  expectThat(validation.valid, `the gate says ${validation.reason ?? 'nothing'} of a paid ticket`);
  world.tell('validate', `staff see a valid ticket for ${validation.ticket?.people ?? 0} people`);
  const scanId = randomUUID();
  const first = await scan(family, scanId, code);
  expectThat(
    first.outcome === 'admitted' && first.people_admitted === people,
    `the first scan was answered ${first.outcome} for ${first.people_admitted} of ${people}`,
  );
  await world.journal.write({ fact: 'admitted', ticketId, scanId, people });
  world.tell('scan in', `${first.people_admitted} people admitted`);
  const second = await scan(family, randomUUID(), code);
  expectThat(second.outcome === 'already_used', `the second scan was answered ${second.outcome}`);
  world.tell('scan again', `refused: ${second.outcome}`);
}

async function creditedPoints({ world, userId, session }: Family, paidSom: string): Promise<number> {
  const due = Math.floor(Number(paidSom) / 10);
  const points = await eventually('points', FLOW_LIMIT_MS, async () => {
    const answer = await session.call('points', (client, signal) => client.GET('/api/v1/loyalty', { signal }));
    const balance = bodyOf('points', 200, answer).points;
    return balance > 0 ? balance : null;
  });
  expectThat(points === due, `${points} points for ${paidSom} KGS, expected ${due}`);
  await world.journal.write({ fact: 'points', userId, points });
  world.tell('points', `${points} points credited`);
  return points;
}

/**
 * One family from registration to the inside of a park. Every step is repeated until it is answered, with the same key, so
 * the product may die and come back at any moment.
 * @throws DemoFailure when the product does something else than it says
 */
export async function visitPark(world: FamilyWorld): Promise<Visit> {
  const family = await join(world);
  const childId = await addChild(family);
  const ticket = await buy(family, childId, await chooseVisit(family));
  await pay(family, ticket.id, ticket.price);
  const code = await activeTicket(family, ticket.id);
  await checkImages(family, ticket.id, code);
  await enter(family, ticket.id, code, ticket.people);
  const points = await creditedPoints(family, ticket.price);
  await world.journal.write({ fact: 'finished', userId: family.userId });
  return { ticketId: ticket.id, people: ticket.people, paidSom: ticket.price, points };
}
