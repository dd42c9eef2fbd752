import { writeNotice } from './bank.ts';
import { useDevice } from './devices.ts';
import { reach, type HeldTicket } from './diary.ts';
import { scan } from './scan.ts';
import { callerOf, dismiss, hire, noteHeard, noteTaken } from './staff.ts';
import { gatesOf, nodeOf, noteDrained, parkOf, textOf, ticketAt, wordOf, type Of, type Scene } from './scene.ts';
import type { Answer } from './sim-node.ts';
import type { Act, Step } from './steps.ts';
import type { ParkId } from './places.ts';
import { DATES } from './world.ts';

const partyOf = (people: number) => ({
  children: Array.from({ length: Math.ceil(people / 2) }, () => ({ age: 5 })),
  adults: Math.floor(people / 2),
});

async function buy(scene: Scene, { id, guest, park, day, people, pupils }: Of<'buy'>): Promise<string> {
  const { world, diary } = scene;
  const caller = world.people.guests[guest];
  if (caller === undefined) return 'nobody';
  const { children, adults } =
    pupils === undefined
      ? partyOf(people)
      : { children: Array.from({ length: pupils }, () => ({ age: 8 })), adults: people - pupils };
  const body = {
    park_id: park,
    visit_date: DATES[day],
    children: children.map((child) => ({ name: 'Aibek', ...child })),
    adults,
  };
  const answer = await world.headquarters.call(caller, 'POST', '/tickets', body);
  if (answer.status === 201) {
    diary.tickets.push({
      step: id,
      at: 'hq',
      atMs: world.clock.now(),
      isLost: false,
      ticketId: textOf(answer.body['id']),
      parkId: park,
      people,
      guest,
      dates: [DATES[day]],
      code: null,
      printedCode: null,
      paymentId: null,
      externalIds: [],
    });
  }
  return wordOf(answer);
}

async function beginToPay({ world }: Scene, ticket: HeldTicket): Promise<string> {
  const caller = world.people.guests[ticket.guest ?? 0];
  if (caller === undefined) return 'nobody';
  const body = { ticket_id: ticket.ticketId, method: 'elqr' };
  const answer = await world.headquarters.call(caller, 'POST', '/payments', body);
  if (answer.status === 201 || answer.status === 200 || answer.status === 202) {
    ticket.paymentId = textOf(answer.body['id']);
    const order = textOf(answer.body['external_id']);
    if (order !== '' && !ticket.externalIds.includes(order)) ticket.externalIds.push(order);
  }
  return wordOf(answer);
}

async function pay(scene: Scene, { ticket: made, how, told }: Of<'pay'>): Promise<string> {
  const { world } = scene;
  const ticket = ticketAt(scene, made);
  if (ticket === undefined || ticket.guest === null) return 'no ticket';
  const begun = await beginToPay(scene, ticket);
  const order = ticket.externalIds.at(-1);
  if (order === undefined) return begun;
  const notice = world.bank.settle(order, how) ?? world.bank.tellAgain(order);
  if (notice === null) return `${begun}, nothing to pay`;
  const heard: string[] = [];
  for (let time = 0; time < told; time += 1) {
    const url = 'https://headquarters.example/api/v1/payments/webhooks/elqr';
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: writeNotice(notice) };
    heard.push(
      await world.headquarters.answer(url, init).then(
        ({ status }) => String(status),
        () => 'nobody there',
      ),
    );
  }
  return `${begun}, ${how}, told ${heard.join(' ') || 'nobody'}`;
}

async function sell(scene: Scene, { id, park, people, method }: Of<'sell'>): Promise<string> {
  const { world, diary } = scene;
  const { node, at } = gatesOf(scene, park);
  const reference = method === 'cash' ? {} : { terminal_reference: `slip-${id}` };
  const body = { park_id: park, ...partyOf(people), method, ...reference };
  const answer = await node.call(world.people.gate[park], 'POST', '/gate/sales', body);
  if (answer.status === 201) {
    diary.tickets.push({
      step: id,
      at,
      atMs: world.clock.now(),
      isLost: false,
      ticketId: textOf(answer.body['id']),
      parkId: park,
      people,
      guest: null,
      dates: [textOf(answer.body['visit_date'])],
      code: textOf(answer.body['admission_code']),
      printedCode: textOf(answer.body['admission_code']),
      paymentId: textOf((answer.body['payment'] as Answer['body'] | undefined)?.['id']),
      externalIds: [],
    });
  }
  return wordOf(answer);
}

/** Whoever cancels, and where: staff at the node that sold the ticket. */
function wayToCancel(scene: Scene, ticket: HeldTicket, by: 'guest' | 'manager') {
  const { people, headquarters } = scene.world;
  const { ticketId, at: soldAt, guest: number, parkId } = ticket;
  const guest = by === 'guest' && number !== null ? people.guests[number] : undefined;
  if (guest !== undefined) {
    return { caller: guest, node: headquarters, at: 'hq', path: `/tickets/${ticketId}/cancel` } as const;
  }
  const { node, at } = soldAt === 'hq' ? ({ node: headquarters, at: 'hq' } as const) : gatesOf(scene, soldAt);
  return { caller: people.manager[parkId], node, at, path: `/admin/tickets/${ticketId}/cancel` } as const;
}

async function cancel(scene: Scene, { ticket: made, by, override = false, staff }: Of<'cancel'>): Promise<string> {
  const { world, diary } = scene;
  const ticket = ticketAt(scene, made);
  if (ticket === undefined) return 'no ticket';
  const { caller: usual, node, at, path } = wayToCancel(scene, ticket, by);
  const caller = staff === undefined ? usual : await callerOf(scene, staff, { node, at });
  if (typeof caller === 'string') return caller;
  const answer = await node.call(caller, 'POST', path, { reason: 'Ill', ...(override ? { override } : {}) });
  if (answer.status === 200) {
    const { ticketId } = ticket;
    diary.cancellations.push({ at, atMs: world.clock.now(), isLost: false, ticketId, isOverride: override });
  }
  if (staff !== undefined) noteTaken(scene, staff, { node, at }, answer);
  return wordOf(answer);
}

async function move(scene: Scene, { ticket: made, day }: Of<'move'>): Promise<string> {
  const { world } = scene;
  const ticket = ticketAt(scene, made);
  const guest = world.people.guests[ticket?.guest ?? -1];
  if (ticket === undefined || guest === undefined) return 'no ticket';
  const body = { visit_date: DATES[day] };
  const answer = await world.headquarters.call(guest, 'POST', `/tickets/${ticket.ticketId}/move`, body);
  if (answer.status === 200) ticket.dates.push(DATES[day]);
  return wordOf(answer);
}

/** A manager changes what a park is, by the version that the page shows. */
async function change({ world }: Scene, park: ParkId, what: object): Promise<string> {
  const { headquarters, people } = world;

  return wordOf(await headquarters.edit(people.manager[park], `/parks/${park}`, what));
}

/** What became of it, and in which straits its park was then: states that are worth having been in. */
function note(scene: Scene, step: Step & Act, outcome: string): void {
  const { diary } = scene;
  const parkId = 'park' in step ? step.park : 'ticket' in step ? ticketAt(scene, step.ticket)?.parkId : undefined;
  if (parkId === undefined || step.kind === 'talk' || step.kind === 'pay' || step.kind === 'device_scan') return;
  const { link } = parkOf(scene, parkId);
  const straits = [
    ...('override' in step && step.override === true ? ['override'] : []),
    ...(diary.revoked.has(parkId) ? ['taken over'] : link.fault === 'cut' ? ['cut off'] : []),
    ...(diary.putBack.has(parkId) ? ['put back'] : []),
  ];
  const where = straits.length === 0 ? '' : ` (${straits.join(', ')})`;
  reach(diary, `${step.kind}${where}: ${outcome.replace(/ \d+(, again the same)?$/, '')}`);
}

export async function act(scene: Scene, step: Step & Act): Promise<string> {
  const outcome = await doStep(scene, step);
  note(scene, step, outcome);
  return outcome;
}

async function doStep(scene: Scene, step: Step & Act): Promise<string> {
  const { world } = scene;
  switch (step.kind) {
    case 'buy':
      return buy(scene, step);
    case 'pay':
      return pay(scene, step);
    case 'sell':
      return sell(scene, step);
    case 'scan':
      return scan(scene, step);
    case 'cancel':
      return cancel(scene, step);
    case 'move':
      return move(scene, step);
    case 'capacity':
      return change(scene, step.park, { capacity: step.to });
    case 'price':
      return change(scene, step.park, { price_over_3: `${step.som}.00` });
    case 'hire':
      return hire(scene, step);
    case 'dismiss':
      return dismiss(scene, step);
    case 'device':
    case 'device_copied':
    case 'device_scan':
    case 'device_talk':
      return useDevice(scene, step);
    case 'work': {
      const node = nodeOf(scene, step.node);
      const heard = await node.react();
      await node.work();
      return `${heard + (await node.react())} heard`;
    }
    case 'talk': {
      const { node, link } = parkOf(scene, step.park);
      const ends: string[] = [];
      for (let round = 0; round < step.rounds; round += 1) ends.push(await node.talk());
      for (const end of ends) reach(scene.diary, `talk: ${end}`);
      noteDrained(scene, step.park);
      if (ends.at(-1) === 'drained ok') noteHeard(scene, step.park);
      if (link.lostAnswers > 0 && ends.at(-1) === 'drained ok') {
        link.lostAnswers = 0;
        reach(scene.diary, 'talk: what an answer was lost to was asked again');
      }
      await world.headquarters.react();
      await node.react();
      return ends.join(', ');
    }
  }
}
