import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../../test/support/database.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import type { GateTicketFacts } from '../application/ports.ts';
import { incidentsOf, type Entry } from '../domain/incident.ts';
import { enrolDevice, type GateDevice } from './device-log.suite.ts';
import { NOW, openGateServer, type GateServer } from './gate-server.suite.ts';

const DEVICES = 3;
const TICKETS = 2;
const PARTY = 3;

/** One family after another at gates that hear nothing of each other. */
const visits = fc.array(
  fc.record({
    device: fc.nat(DEVICES - 1),
    ticket: fc.nat(TICKETS - 1),
    people: fc.integer({ min: 1, max: PARTY }),
    minutesAgo: fc.integer({ min: 1, max: 20 }),
  }),
  { minLength: 1, maxLength: 8 },
);
/** In which order the devices bring which parts of their logs; some parts twice, some before their time. */
const deliveries = fc.array(
  fc.record({ device: fc.nat(DEVICES - 1), from: fc.nat(9), count: fc.integer({ min: 1, max: 4 }) }),
  {
    maxLength: 12,
  },
);

describeWithDatabase('the logs of devices that heard nothing of each other', () => {
  let server: GateServer;
  let devices: readonly GateDevice[];

  beforeAll(async () => {
    server = await openGateServer();
    devices = await Promise.all(Array.from({ length: DEVICES }, () => enrolDevice(server)));
    for (const device of devices) await device.listen();
  });
  afterAll(() => server.close());

  async function incidents(ticketId: string) {
    const { body } = await server.call('manager', 'GET', '/admin/incidents?park_id=ala-archa&limit=100');
    const items = body['items'] as {
      ticket_id: string;
      id: string;
      place: number;
      winner: object;
      scan_ids: string[];
    }[];
    return items.filter(({ ticket_id: of }) => of === ticketId).toSorted((one, other) => one.place - other.place);
  }

  /** What must come of it, from nothing but who came in when. */
  function expected({ ticketId }: GateTicketFacts, entries: readonly Entry[]) {
    const places = Array.from({ length: PARTY }, (_, index) => ids.derive(`incident:${ticketId}/${index + 1}`));
    const inAll = entries.reduce((sum, { people }) => sum + people, 0);
    return incidentsOf(entries, Math.max(0, inAll - PARTY), places).map(({ incidentId, place, winner, scanIds }) => ({
      id: incidentId,
      place,
      winner: {
        scan_id: winner.scanId,
        scanned_at: new Date(winner.scannedAtMs).toISOString(),
        node_id: 'hq',
        gate: 'main',
      },
      scan_ids: scanIds,
    }));
  }

  test('give the same admissions and incidents, with the same winners, in whatever order and however often they come', async () => {
    await fc.assert(
      fc.asyncProperty(visits, deliveries, async (seen, plan) => {
        const tickets = Array.from({ length: TICKETS }, () => server.sell({ partySize: PARTY }));
        const cameIn = tickets.map((): Entry[] => []);
        const begins = devices.map(({ log }) => log.seq + 1);
        for (const { device, ticket, people, minutesAgo } of seen) {
          const [at, of] = [devices[device], tickets[ticket]];
          if (at === undefined || of === undefined) continue;
          const scannedAtMs = Date.parse(NOW) - minutesAgo * 60_000;
          // The quota is another rule.
          const known = {
            ...at.known,
            allowances: at.known.allowances.map((one) => ({ ...one, greenPerHour: 9_999 })),
          };
          at.known = known;
          const decision = await at.decide(server.admission.issueCode(of), { people, nowMs: scannedAtMs });
          if (decision.light === 'red') continue;
          const { scanId } = decision.decided;
          cameIn[ticket]?.push({ scanId, people, scannedAtMs, nodeId: 'hq', gate: 'main' });
        }
        for (const { device, from, count } of plan) {
          const at = devices[device];
          const first = Math.max(1, (begins[device] ?? 1) + from - 1);
          if (at === undefined || first > at.entries.length) continue;
          expect((await at.bring(first, first + count - 1)).verdict).toMatch(/^(merged|gap)$/);
        }
        for (const at of devices) if (at.entries.length > 0) expect((await at.bring()).verdict).toBe('merged');
        for (const [index, ticket] of tickets.entries()) {
          const entries = cameIn[index] ?? [];
          const found = await incidents(ticket.ticketId);
          expect(found.map(({ id, place, winner, scan_ids }) => ({ id, place, winner, scan_ids }))).toEqual(
            expected(ticket, entries),
          );
          const inAll = entries.reduce((sum, { people }) => sum + people, 0);
          expect((await server.admission.findAdmission(ticket.ticketId))?.inside ?? 0).toBe(inAll);
        }
      }),
      { numRuns: 25 },
    );
  });
});
