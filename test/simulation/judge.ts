import { systemIds } from '../../src/infrastructure/ids.ts';
import { scopeHashes } from '../../src/infrastructure/event-store/scope-hashes.ts';
import { projections } from '../../src/main/migration-sources.ts';
import { statement } from '../../src/infrastructure/postgres/session.ts';
import type { BankOrder } from './bank.ts';
import type { Judged, Violation } from './judged.ts';
import { endedRightly } from './judge-ends.ts';
import { devicesHeard, oneDayOfTwo, ticketsWithIncidents } from './judge-gates.ts';
import { logs } from './judge-logs.ts';
import { occupancy } from './judge-occupancy.ts';
import { everIn, reach, type HeldTicket } from './diary.ts';

/**
 * The rules of the product by each node's own log: what `cli check --drained` looks at. A park that was revoked may be in the middle of
 * anything for ever. So may one that headquarters had asked in a life that it has forgotten, and headquarters that has forgotten a revocation.
 */
async function audits({ world, diary }: Judged): Promise<readonly Violation[]> {
  const [hasForgotten, hasRevoked] = [diary.putBack.has('hq'), diary.revoked.size > 0];
  const ended = new Set(
    world.parks.filter(({ parkId }) => hasForgotten || diary.revoked.has(parkId)).map(({ node }) => node),
  );
  if (hasForgotten && hasRevoked) ended.add(world.headquarters);
  const found = await Promise.all(
    world.nodes.map(async (node) => {
      const findings = await node.place.audit();
      const broken = findings.filter(({ holds, inProgress }) => !holds || (inProgress === true && !ended.has(node)));
      return broken.map(({ subject, text }) => ({ rule: subject, what: `${node.place.nodeId}: ${text}` }));
    }),
  );
  return found.flat();
}

/** I6: once everything is told, headquarters and a park hold the same of the park and of the chain. */
async function convergence({ world: { headquarters, parks }, diary }: Judged): Promise<readonly Violation[]> {
  // What parks heard of a life that headquarters has forgotten stays with them: the nodes hold different events.
  if (diary.reached.has('headquarters was put back')) return [];
  const central = await scopeHashes(headquarters.app.database, projections);
  const violations: Violation[] = [];
  for (const { parkId, node } of parks) {
    if (diary.revoked.has(parkId)) continue;
    const own = await scopeHashes(node.app.database, projections);
    for (const scope of [parkId, null]) {
      const [mine, theirs] = [own, central].map((hashes) => hashes.find((each) => each.scope === scope));
      const tables = new Set([...(mine?.tables ?? []), ...(theirs?.tables ?? [])].map(({ table }) => table));
      for (const table of tables) {
        const [here, there] = [mine, theirs].map((each) => each?.tables.find((hash) => hash.table === table));
        if (here?.hash === there?.hash) continue;
        const what = `${table} of ${scope ?? 'the chain'}: ${here?.rows ?? 0} rows at the park, ${there?.rows ?? 0} at headquarters`;
        violations.push({ rule: 'rule 5', what });
      }
    }
  }
  return violations;
}

const SCANS = statement(
  'simulation.scans',
  `select event_data->>'scanId' as id from store.event where event_type in ('PeopleAdmitted', 'PeopleAdmittedInExcess', 'PeopleExited') and event_data ? 'scanId'`,
);

/** Rule 3 and I1: what was acknowledged is at headquarters. */
async function nothingLost({ world, diary }: Judged): Promise<readonly Violation[]> {
  const { headquarters } = world;
  const violations: Violation[] = [];
  const rows = await headquarters.app.database.rows<{ readonly id: string }>(SCANS, []);
  const known = new Set(rows.map(({ id }) => id));
  // Whom a gate let in alone beyond an answer that it did not hear, it tells of under the same id.
  const isKnown = (scanId: string): boolean =>
    known.has(scanId) || known.has(systemIds.derive(`scan:${scanId}/offline`));
  for (const { scanId, at, isLost, people } of diary.passages) {
    if (!isLost && !isKnown(scanId))
      violations.push({ rule: 'rule 3', what: `a scan at ${at} of ${people} is not at headquarters` });
  }
  for (const { ticketId, at, isLost } of diary.tickets) {
    if (isLost) continue;
    if ((await headquarters.app.modules.booking.ticketFacts.byId(ticketId)) === null) {
      violations.push({ rule: 'rule 3', what: `a ticket sold by ${at} is not at headquarters` });
    }
  }
  return violations;
}

/** Whether gates could rightly take people of a ticket for too many, although no more came in than it is for. */
const mayBeSeenTwice = ({ ticketId, dates }: HeldTicket<string>, diary: Judged['diary']): boolean =>
  dates.length > 1 ||
  diary.unheard.has(ticketId) ||
  [...diary.cancellations, ...diary.passages.filter(({ isLost }) => isLost)].some((told) => told.ticketId === ticketId);

/**
 * Rule 4 by who really came: more people of a ticket than it is for are an incident, and nobody else is. The parks let nobody come back, so
 * whoever did by a gate that was alone has come once too often.
 */
async function nobodyTwice({ world, diary }: Judged): Promise<readonly Violation[]> {
  const incidents = await ticketsWithIncidents(world);
  const violations: Violation[] = [];
  for (const ticket of diary.tickets) {
    const passages = diary.passages.filter(({ ticketId, isLost }) => ticketId === ticket.ticketId && !isLost);
    const came = everIn(passages);
    if (came <= ticket.people) {
      if (incidents.has(ticket.ticketId) && !mayBeSeenTwice(ticket, diary))
        violations.push({ rule: 'rule 4', what: `an incident is of a ticket by which only ${came} came in` });
      continue;
    }
    reach(diary, 'a ticket was used twice');
    if (!incidents.has(ticket.ticketId)) {
      violations.push({
        rule: 'rule 4',
        what: `${came} people came in on a ticket for ${ticket.people}, and no incident says so`,
      });
    }
  }
  return violations;
}

/** A ticket is good at its own park, also where a gate is alone. */
function atItsPark({ diary }: Judged): readonly Violation[] {
  return diary.passages.flatMap(({ ticketId, parkId, direction }) => {
    const ticket = diary.tickets.find((each) => each.ticketId === ticketId);
    if (ticket === undefined || direction === 'out' || ticket.parkId === parkId) return [];
    return [{ rule: 'rule 4', what: `${parkId} let in by a ticket for ${ticket.parkId}` }];
  });
}

/** A ticket is good for its own day, and for the one it was moved to; a gate that is alone may not know the day. */
function onItsDay({ diary }: Judged): readonly Violation[] {
  return diary.passages.flatMap(({ ticketId, direction, date, at, isAlone }) => {
    const ticket = diary.tickets.find((each) => each.ticketId === ticketId);
    if (ticket === undefined || direction === 'out' || isAlone || ticket.dates.includes(date)) return [];
    if (diary.ofTwoDays.has(at)) return [];
    return [{ rule: 'rule 4', what: `${at} let in on ${date} by a ticket for ${ticket.dates.join(' or ')}` }];
  });
}

const sumOf = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((sum, amount) => sum + amount, 0n);

/** Money of one ticket, of several orders where it was moved to a dearer day. */
async function moneyOf(
  { world, diary }: Judged,
  ticket: HeldTicket<string> | undefined,
  orders: readonly BankOrder[],
): Promise<readonly string[]> {
  const { ticketFacts } = world.headquarters.app.modules.booking;
  const facts = ticket === undefined ? null : await ticketFacts.byId(ticket.ticketId);
  const isHonoured = facts !== null && facts.isPaid && ['active', 'used', 'expired'].includes(facts.status);
  const [paid, back] = [
    sumOf(orders.map(({ amountTyiyn }) => amountTyiyn)),
    sumOf(orders.flatMap(({ refunds }) => [...refunds.values()])),
  ];
  const name = orders.map(({ externalId }) => externalId).join(', ');
  if (back > 0n) reach(diary, `money went back: ${facts?.status ?? 'unknown'}`);
  if (orders.length > 1) reach(diary, `paid for twice: ${facts?.status ?? 'unknown'}`);
  if (!isHonoured && back < paid)
    return [`of ${paid} of ${name} ${back} went back, and the ticket is ${facts?.status ?? 'unknown'}`];
  if (isHonoured && paid - back !== facts.priceTyiyn)
    return [`of ${paid} of ${name} ${back} went back, and the ticket is good for ${facts.priceTyiyn}`];
  return [];
}

/** Rule 2 by the books of the bank: money that was taken is the price of a ticket that is good, or went back. */
async function moneyHonoured(scene: Judged): Promise<readonly Violation[]> {
  const { world, diary } = scene;
  const paid = [...world.bank.orders.values()].filter(({ state }) => state === 'paid');
  const ofTickets = new Map<HeldTicket<string> | BankOrder, BankOrder[]>();
  for (const order of paid) {
    const back = sumOf(order.refunds.values());
    if (back > order.amountTyiyn)
      return [{ rule: 'rule 2', what: `${order.externalId}: more went back than was paid` }];
    const ticket = diary.tickets.find(({ externalIds }) => externalIds.includes(order.externalId));
    const key = ticket ?? order;
    ofTickets.set(key, [...(ofTickets.get(key) ?? []), order]);
  }
  const violations: Violation[] = [];
  for (const [key, orders] of ofTickets) {
    // Of what headquarters has forgotten only a statement of the bank can tell.
    if (orders.some(({ isForgotten }) => isForgotten)) continue;
    const faults = await moneyOf(scene, 'ticketId' in key ? key : undefined, orders);
    violations.push(...faults.map((what) => ({ rule: 'rule 2', what })));
  }
  return violations;
}

/** I15: nothing waits, nothing was set apart, nobody stumbled. */
async function nothingStuck({ world: { headquarters, parks, nodes }, diary }: Judged): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  for (const node of nodes) {
    for (const trouble of new Set(node.troubles))
      violations.push({ rule: 'no trouble', what: `${node.place.nodeId}: ${trouble}` });
  }
  for (const { parkId, node } of parks) {
    if (diary.revoked.has(parkId)) continue;
    if (node.state?.verdict !== 'ok' || node.state.backlog > 0) {
      violations.push({ rule: 'progress', what: `${parkId} does not come through: ${JSON.stringify(node.state)}` });
    }
  }
  const kept = await headquarters.app.replication.quarantined({ nodeIds: null, after: null, limit: 100 });
  const copied = parks.filter(({ parkId }) => diary.copied.has(parkId)).map(({ node }) => node.place.nodeId);
  for (const { nodeId, why } of kept ?? []) {
    if (copied.includes(nodeId) && why.includes('two copies of the node have written')) continue;
    violations.push({ rule: 'progress', what: `headquarters put ${nodeId} aside: ${why}` });
  }
  return violations;
}

/** What must be true once everything works again and everybody has heard everything. */
export async function judge(scene: Judged): Promise<readonly Violation[]> {
  return [
    ...(await nothingStuck(scene)),
    ...(await audits(scene)),
    ...(await convergence(scene)),
    ...(await nothingLost(scene)),
    ...(await nobodyTwice(scene)),
    ...atItsPark(scene),
    ...onItsDay(scene),
    ...(await oneDayOfTwo(scene)),
    ...(await devicesHeard(scene)),
    ...(await occupancy(scene)),
    ...(await logs(scene)),
    ...(await endedRightly(scene)),
    ...(await moneyHonoured(scene)),
  ];
}
