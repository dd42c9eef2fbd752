import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { answered, bodyOf, codeOf, type Answer } from '../../tools/demo/answered.ts';
import { today } from '../../tools/demo/chain/chain.ts';
import type { NewFamily } from '../../tools/demo/new-family.ts';
import type { SkyParkClient } from '../../clients/typescript/client.ts';
import type { HeldTicket } from '../simulation/diary.ts';
import type { ChaosPark } from './chain.ts';
import type { Gate } from './gate.ts';
import { note, noteBrought, patienceFor, pick, soon, type Arrival, type Scene } from './scene.ts';

const PAUSE_MS = 300;
const withKey = () => ({ header: { 'Idempotency-Key': randomUUID() } });

type Call<Good> = (client: SkyParkClient, signal: AbortSignal) => Promise<Good>;

/** Asks until there is an answer, and notes both. */
async function ask<Good extends Answer>(
  scene: Scene,
  question: string,
  { session }: Pick<NewFamily, 'session'>,
  call: Call<Good>,
): Promise<Good> {
  const once = (): Promise<Good> =>
    answered(question, patienceFor(scene, question), (signal) => call(session.client, signal));
  let answer = await once();
  if (answer.response.status === 401) {
    await session.signIn();
    answer = await once();
  }
  note(scene, question, [answer.response.status, codeOf(answer.error)].filter(Boolean).join(' '));
  return answer;
}

type Bought = Pick<HeldTicket<string>, 'at' | 'parkId' | 'ticketId' | 'people' | 'code' | 'guest'> & {
  readonly date: string;
};

function hold({ diary }: Scene, { date, ...bought }: Bought): HeldTicket<string> {
  const ticket = {
    ...bought,
    step: diary.tickets.length,
    atMs: Date.now(),
    isLost: false,
    dates: [date],
    paymentId: null,
    printedCode: bought.code,
    externalIds: [],
  };
  diary.tickets.push(ticket);
  return ticket;
}

/** A family pays at the provider's page, or thinks better of it. */
async function pay(scene: Scene, family: NewFamily, ticket: HeldTicket<string>): Promise<void> {
  const params = withKey();
  const body = { ticket_id: ticket.ticketId, method: pick(scene, ['elqr', 'elcard'] as const) };
  const isDeclined = scene.random() < 0.08;
  // A provider that is away is asked again for a while.
  for (let tries = 0; tries < 20; tries += 1) {
    const begun = await ask(scene, 'begin to pay', family, (client, signal) =>
      client.POST('/api/v1/payments', { params, body, signal }),
    );
    if (begun.data?.action) {
      ticket.paymentId = begun.data.id;
      const url = `${begun.data.action.url}/${isDeclined ? 'decline' : 'pay'}`;
      const { response } = await answered('pay', patienceFor(scene, 'pay'), async (signal) => ({
        response: await fetch(url, { method: 'POST', signal }),
      }));
      note(scene, 'pay', String(response.status));
      if (!isDeclined && response.status === 204) scene.paid.add(ticket.ticketId);
      return;
    }
    if (begun.data === undefined || begun.data.status === 'failed') return;
    await sleep(PAUSE_MS);
  }
}

const SEEN_AGAIN = 40;

/** Looks at the ticket until it shows its code, for a while. */
async function codeOfTicket(scene: Scene, family: NewFamily, { ticketId }: HeldTicket<string>): Promise<string | null> {
  const params = { path: { id: ticketId } };
  for (let looks = 0; looks < SEEN_AGAIN && !scene.isOver; looks += 1) {
    const { data } = await ask(scene, 'look at a ticket', family, (client, signal) =>
      client.GET('/api/v1/tickets/{id}', { params, signal }),
    );
    if (data?.admission_code) return data.admission_code;
    await sleep(PAUSE_MS);
  }
  return null;
}

async function buy(scene: Scene, family: NewFamily, guest: number, parkId: string) {
  const people = 1 + Math.floor(scene.random() * 3);
  // Little children come in for nothing, so their ticket is good at once.
  const isFree = scene.random() < 0.4;
  const children = Array.from({ length: people }, () => ({ name: 'Алина', age: isFree ? 2 : 6 }));
  const [params, date] = [withKey(), today()];
  const answer = await ask(scene, 'buy', family, (client, signal) =>
    client.POST('/api/v1/tickets', { params, body: { park_id: parkId, visit_date: date, children }, signal }),
  );
  if (answer.data === undefined) return null;
  const { id: ticketId } = answer.data;
  return { isFree, ticket: hold(scene, { at: 'hq', parkId, ticketId, people, date, guest, code: null }) };
}

/** The office at headquarters cancels for whoever calls: on the day of the visit guests cannot do it themselves. */
async function cancel(scene: Scene, { ticketId }: HeldTicket<string>): Promise<void> {
  const params = { path: { id: ticketId }, ...withKey() };
  // What gates bring once it is asked for, they may bring too late.
  const atMs = Date.now();
  const answer = await ask(scene, 'cancel', { session: scene.chain.admin }, (client, signal) =>
    client.POST('/api/v1/admin/tickets/{id}/cancel', { params, body: { reason: 'ill' }, signal }),
  );
  if (answer.data === undefined) return;
  scene.diary.cancellations.push({ at: 'hq', atMs, isLost: false, ticketId, isOverride: false });
}

/** The party sets out for the gates. */
function sendOff(scene: Scene, { parkId, ticketId, code }: HeldTicket<string>): void {
  if (code !== null) scene.arrivals.get(parkId)?.push({ ticketId, code, direction: 'in', atMs: soon(scene) });
}

/** A family at headquarters: buys, pays, comes, or stays away. */
export async function beGuest(scene: Scene, family: NewFamily, guest: number): Promise<void> {
  const { parks } = scene.chain;
  while (!scene.isOver) {
    const { parkId } = parks[Math.floor(scene.random() * parks.length)] ?? { parkId: '' };
    const bought = await buy(scene, family, guest, parkId);
    if (bought !== null) {
      const { ticket, isFree } = bought;
      if (!isFree && scene.random() < 0.94) await pay(scene, family, ticket);
      ticket.code = await codeOfTicket(scene, family, ticket);
      const stays = scene.random() < 0.08;
      if (!stays) sendOff(scene, ticket);
      // Now and then the party is at the gate meanwhile.
      if (stays || scene.random() < 0.08) await cancel(scene, ticket);
    }
    await sleep(PAUSE_MS * (0.5 + scene.random()));
  }
}

/** The desk of a park sells to whoever walks up, as long as it has places. */
export async function standAtDesk(scene: Scene, { parkId, staff }: ChaosPark): Promise<void> {
  while (!scene.isOver) {
    const people = 1 + Math.floor(scene.random() * 2);
    const params = withKey();
    const children = Array.from({ length: people }, () => ({ age: 5 }));
    const body = { park_id: parkId, children, adults: 0, method: 'cash' as const };
    const answer = await ask(scene, 'sell at the desk', { session: staff }, (client, signal) =>
      client.POST('/api/v1/gate/sales', { params, body, signal }),
    );
    if (answer.data !== undefined) {
      const { id: ticketId, admission_code: code, visit_date: date } = bodyOf('sale', 201, answer);
      sendOff(scene, hold(scene, { at: parkId, parkId, ticketId, people, date, guest: null, code }));
    }
    await sleep(PAUSE_MS * (2 + 2 * scene.random()));
  }
}

const TALK_EVERY_MS = 1_500;

/** What a device does beside: hears from its node, and brings what it decided alone. */
export async function tendGate(scene: Scene, gate: Gate): Promise<void> {
  while (!scene.isOver) {
    try {
      if (gate.hasToBring) await gate.bring((scanIds) => noteBrought(scene.diary, scanIds));
      await gate.listen();
      note(scene, 'gate hears and brings', '200');
    } catch {
      note(scene, 'gate hears and brings', 'no answer');
    }
    await sleep(TALK_EVERY_MS);
  }
}

/** A gate lets in who comes, until nobody does any more. */
export async function standAtGate(scene: Scene, { parkId }: ChaosPark, gate: Gate): Promise<void> {
  const arrivals = scene.arrivals.get(parkId) ?? [];
  while (!scene.isOver || arrivals.length > 0) {
    // When the day is over, everybody who is on the way is there.
    const there = arrivals.findIndex(({ atMs }) => scene.isOver || atMs <= Date.now());
    const [arrival] = there < 0 ? [] : arrivals.splice(there, 1);
    if (arrival === undefined) await sleep(PAUSE_MS / 4);
    else await letPass(scene, { parkId, gate, arrivals }, arrival);
  }
}

type Post = { readonly parkId: string; readonly gate: Gate; readonly arrivals: Arrival[] };

async function letPass(scene: Scene, { parkId, gate, arrivals }: Post, arrival: Arrival): Promise<void> {
  const { ticketId, code, direction } = arrival;
  const onAnswer = (answer: string): void => note(scene, 'scan', answer);
  const passed = await (direction === 'in' ? gate.letIn(code, onAnswer) : gate.letOut(code, onAnswer));
  const { scanId, people, isAlone, outcome } = passed;
  note(scene, isAlone ? 'gate alone' : 'gate with its node', outcome);
  // Its node may have let them in, and the gate did not hear so.
  if (isAlone && people === 0) scene.diary.unheard.add(ticketId);
  if (people === 0) return;
  // What a gate alone decided nobody else knows before it has brought it.
  const told = { at: parkId, atMs: Date.now(), isLost: isAlone, parkId, ticketId, date: today(), direction, people };
  scene.diary.passages.push({ ...told, scanId, isAlone });
  if (scene.isOver || arrival.isLast) return;
  const [again, atMs] = [scene.random(), soon(scene)];
  // Somebody has a copy of the code; others go out, and come back.
  if (direction === 'out') arrivals.push({ ...arrival, atMs, direction: 'in', isLast: true });
  else if (again < 0.3) arrivals.push({ ...arrival, atMs, isLast: true });
  else if (again < 0.45 && !isAlone) arrivals.push({ ...arrival, atMs, direction: 'out' });
}
