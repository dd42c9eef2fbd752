import { describe, expect, test } from 'vitest';
import type { Travels } from '../kernel/event-definition.ts';
import type { Flow } from '../kernel/flow.ts';
import { manifests } from './migration-sources.ts';
import { wireFlows } from './wiring/flows.ts';

const definitions = manifests.flatMap(({ name, events }) => events.map((event) => ({ module: name, ...event })));
/** Flows that hear at parks what headquarters wrote; what they are made of is not called. */
function flowsAtParks(): readonly Flow[] {
  const anything: never = new Proxy(() => undefined, { get: () => anything }) as never;
  const flows = wireFlows(anything, anything);
  return flows.filter(({ runsAt, hears }) => (runsAt === 'park' || runsAt === 'everywhere') && hears !== 'own');
}

const downOf = (module: string) => definitions.filter((event) => event.module === module && event.travels?.down);

describe('what headquarters tells parks', () => {
  test.each(['auth', 'payment', 'loyalty', 'ledger', 'fiscal', 'office', 'notify'])(
    'nothing of %s: neither credentials nor roles, money, points or what others are told',
    (module) => expect(downOf(module)).toEqual([]),
  );

  test('of guests only that one was erased, by an id', () => {
    expect(downOf('user').map(({ type }) => type)).toEqual(['UserErased']);
  });

  test('of what is booked only the tickets and the days of the park itself, and what it is asked about them', () => {
    expect(downOf('booking').filter(({ travels }) => travels?.down !== 'its_park')).toEqual([]);
    const others = downOf('booking').filter(({ type }) => !/^(Ticket|Day|Capacity)/.test(type));
    expect(others.map(({ type }) => type)).toEqual(['ReturnAsked', 'VoidAsked']);
  });

  test('what their flows act on they have to understand: once it is passed over, nobody acts on it later', () => {
    const heard = flowsAtParks().flatMap(({ eventTypes }) => eventTypes);
    const down = definitions.filter(({ type, travels }) => travels?.down !== undefined && heard.includes(type));
    expect(down.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['VoidAsked', 'CapacityGranted', 'IncarnationOpened', 'UserErased']),
    );
    expect(down.filter(({ travels }) => travels?.mustUnderstand === undefined)).toEqual([]);
    expect(definitions.filter(({ version, travels }) => (travels?.mustUnderstand ?? 0) > version)).toEqual([]);
  });

  test('of people in every park, nothing at all, sealed or not', () => {
    const everywhere = definitions.filter(({ travels }) => travels?.down === 'every_park');
    expect(everywhere.filter(({ personal }) => personal !== undefined)).toEqual([]);
  });
});

describe('what parks tell headquarters', () => {
  test('whatever happens at gates and tills', () => {
    const told = definitions.filter(({ travels }) => travels?.up).map(({ type }) => type);
    expect(told).toEqual(
      expect.arrayContaining([
        'PeopleAdmitted',
        'ScanRefused',
        'DeviceRevoked',
        'TicketHeld',
        'CashTaken',
        'ShiftClosed',
      ]),
    );
  });

  test('never what headquarters alone decides', () => {
    const hq = /^(Role|User|Profile|Child|Park|Calendar|Holiday|Promo|Points|Loyalty|Pass|Webhook|Statement|Waitlist)/;
    const told = definitions.filter(({ travels }) => travels?.up).map(({ type }) => type);
    // A park tells of its own share of the places.
    expect(told.filter((type) => hq.test(type) && !type.startsWith('ParkShare'))).toEqual([]);
  });

  test('on streams that only the park itself would begin, or with ids that nobody can know', () => {
    const author = { nodeId: 'NODE', parkId: 'PARK', incarnation: 'LIFE' };
    const streamOf = (up: Travels['up']): string => {
      const { named = null, about = null } = up === true || up === undefined ? {} : up;
      const name = named?.({ author, text: (path) => `<${path}>` })[0] ?? 'drawn';
      return about === null ? name : `${name}, of ${about}`;
    };
    const streams = definitions.flatMap(({ type, travels }) => (travels?.up ? [[streamOf(travels.up), type]] : []));
    const types = new Map<string, string[]>();
    for (const [stream = '', type = ''] of streams) types.set(stream, [...(types.get(stream) ?? []), type]);
    const guessable = [...types].filter(([stream]) => !stream.startsWith('drawn'));
    expect(guessable.map(([stream]) => stream).toSorted()).toEqual([
      'admission:<ticketId>/NODE, of ticketId',
      'device-log:<deviceId>, of deviceId',
      'gate-day-end:PARK/<date>/NODE',
      'gate-day:PARK/<visitDate>/NODE',
      'incarnation:LIFE',
      'incident:<ticketId>/1/NODE, of ticketId',
      'node-witness:PARK/<seen.incarnation>',
      'park-share:PARK/<date>/NODE',
      'refused-scan:<scanId>/NODE',
    ]);
    expect(types.get('drawn')).toEqual([
      'TicketHeld',
      'TicketActivated',
      'TicketCancelled',
      'TicketRefunded',
      'TicketExpired',
      'DeviceInvited',
      'DeviceEnrolled',
      'DeviceRevoked',
    ]);
  });
});
