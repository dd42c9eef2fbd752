import { randomUUID } from 'node:crypto';
import { createSkyParkClient, type SkyParkClient } from '../../../clients/typescript/client.ts';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { answered, bodyOf, expectThat } from '../answered.ts';
import type { Session } from '../session.ts';
import { setDay } from './parks.ts';
import { buyPaid, partyOf } from './tickets.ts';
import { ask, dayAfter, expectRefusal, FOLLOW_MS, newBuyer, tell, type Guest, type Tour } from './tour.ts';

type Scan = {
  readonly code: string;
  readonly direction?: 'in' | 'out';
  readonly people?: number;
  readonly gate?: string;
};
type ScanResult = components['schemas']['ScanResult'];
type Device = { readonly id: string; readonly client: SkyParkClient };

const bodyOfScan = ({ code, direction = 'in', gate = 'main', people }: Scan) => ({
  scan_id: randomUUID(),
  code,
  direction,
  gate,
  scanned_at: new Date().toISOString(),
  ...(people === undefined ? {} : { people }),
});

export async function tourAdmission(tour: Tour): Promise<void> {
  const guest = await newBuyer(tour);
  const device = await tour.step('a gate device is enrolled by a one-time code', () => enrol(tour, tour.parks.roomy));
  await passing(tour, guest, device);
  await fullPark(tour, guest);
  await counting(tour, guest, device);
  await contradiction(tour, guest, device);
  await ending(tour, guest, device);
}

async function enrol({ admin, baseUrl }: Tour, parkId: string): Promise<Device> {
  const invited = await ask(admin, 201, (client) =>
    client.POST('/api/v1/admin/devices', { body: { park_id: parkId } }),
  );
  const body = { code: invited.code, name: 'Tour gate' };
  const enrolled = await createSkyParkClient({ baseUrl }).POST('/api/v1/gate/devices/enroll', { body });
  const { credential, id } = bodyOf('enrol', 201, enrolled);
  return { id, client: createSkyParkClient({ baseUrl, token: () => credential }) };
}

/** Scans at a gate; the outcome must be this one. */
async function scan({ patience }: Tour, { client }: Device, one: Scan, outcome: ScanResult['outcome']) {
  const body = { scans: [bodyOfScan(one)] };
  const answer = await answered('scan', patience, (signal) => client.POST('/api/v1/gate/scans', { body, signal }));
  return expectOutcome(bodyOf('scan', 200, answer).results[0], outcome);
}

function expectOutcome(result: ScanResult | undefined, outcome: ScanResult['outcome']): ScanResult {
  expectThat(result?.outcome === outcome, `the scan was answered ${result?.outcome ?? 'nothing'}, not ${outcome}`);
  return result;
}

async function passing(tour: Tour, guest: Guest, device: Device): Promise<void> {
  const { step, parks } = tour;
  const { ticket, code } = await buyPaid(tour, guest, partyOf(parks.roomy, parks.today, 3));
  await step('a gate sees that a ticket is valid', async () => {
    const answer = await device.client.POST('/api/v1/tickets/validate', { body: { code } });
    const seen = bodyOf('validate', 200, answer);
    expectThat(seen.valid && seen.ticket?.people === 3, `the gate says ${seen.reason ?? 'nothing'}`);
  });
  await step('a gate fetches what it needs without a network', async () => {
    const params = { query: { park_id: parks.roomy } };
    const bundle = bodyOf('bundle', 200, await device.client.GET('/api/v1/gate/bundle', { params }));
    expectThat(bundle.keys.length > 0, 'the bundle has no keys');
    expectThat(
      bundle.today !== parks.today || bundle.tickets.some(({ id }) => id === ticket.id),
      'a ticket is missing',
    );
  });
  await step('a party comes in by parts, at two gates, and nobody twice', async () => {
    const first = await scan(tour, device, { code, people: 1, gate: 'north' }, 'admitted');
    const second = await scan(tour, device, { code, people: 2, gate: 'south' }, 'admitted');
    expectThat(first.remaining === 2 && second.remaining === 0, 'the party is counted wrong');
    await scan(tour, device, { code }, 'already_used');
  });
  await step('who goes out of a park that allows it comes in again', async () => {
    await scan(tour, device, { code, direction: 'out', people: 1 }, 'exited');
    await scan(tour, device, { code, people: 1 }, 'admitted');
    await scan(tour, device, { code }, 'already_used');
  });
  await step('a ticket of another day does not open the gate', async () => {
    const later = await buyPaid(tour, guest, partyOf(parks.roomy, dayAfter(parks.today, 3), 1));
    await scan(tour, device, { code: later.code }, 'wrong_date');
  });
}

async function fullPark(tour: Tour, guest: Guest): Promise<void> {
  const { step, admin, parks } = tour;
  await step('a full park lets nobody in, unless a manager says so', async () => {
    await setDay(admin, parks.tiny, parks.today, { day_quota: 5 });
    const gate = await enrol(tour, parks.tiny);
    const couple = await buyPaid(tour, guest, partyOf(parks.tiny, parks.today, 2));
    const third = await buyPaid(tour, guest, partyOf(parks.tiny, parks.today, 1));
    await scan(tour, gate, { code: couple.code }, 'admitted');
    await scan(tour, gate, { code: third.code }, 'park_full');
    await letIn(admin, third.code, { reason: 'Their bus leaves from inside' });
  });
}

/** The figures of a stream of server-sent events, one by one. */
async function* peopleIn(url: string, leaving: AbortSignal): AsyncGenerator<number> {
  const { body } = await fetch(url, { signal: leaving });
  expectThat(body !== null, 'the stream is empty');
  let rest = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const frames = `${rest}${text}`.split('\n\n');
    rest = frames.pop() ?? '';
    for (const line of frames.flatMap((frame) => frame.split('\n')).filter((one) => one.startsWith('data: '))) {
      yield (JSON.parse(line.slice('data: '.length)) as components['schemas']['Occupancy']).current;
    }
  }
}

async function counting(tour: Tour, guest: Guest, device: Device): Promise<void> {
  const { step, baseUrl, parks } = tour;
  await step('everybody sees how full a park is, as it changes', async () => {
    const { code } = await buyPaid(tour, guest, partyOf(parks.roomy, parks.today, 2));
    const leaving = AbortSignal.timeout(FOLLOW_MS);
    const figures = peopleIn(`${baseUrl}/api/v1/parks/${parks.roomy}/occupancy/stream`, leaving);
    const before = (await figures.next()).value;
    await scan(tour, device, { code }, 'admitted');
    const after = (await figures.next()).value;
    await figures.return(undefined);
    expectThat(after === before + 2, `${before} people were ${after} after two came in`);
  });
}

async function contradiction(tour: Tour, guest: Guest, device: Device): Promise<void> {
  const { step, admin, parks } = tour;
  await step(
    'a gate that was cut off let in whom another had let in: an incident, which a manager settles',
    async () => {
      const { ticket, code } = await buyPaid(tour, guest, partyOf(parks.roomy, parks.today, 1));
      await scan(tour, device, { code, gate: 'north' }, 'admitted');
      const late = { ...bodyOfScan({ code, gate: 'south', people: 1 }), decided_offline: true };
      const told = await device.client.POST('/api/v1/gate/scans', { body: { scans: [late] } });
      const [result] = bodyOf('scan', 200, told).results;
      const query = { park_id: parks.roomy, status: 'open' as const };
      const open = await ask(admin, 200, (client) => client.GET('/api/v1/admin/incidents', { params: { query } }));
      const incident = open.items.find(({ ticket_id }) => ticket_id === ticket.id);
      expectThat(incident !== undefined && incident.id === result?.incident_id, 'there is no incident of the ticket');
      const settle = {
        params: { path: { id: incident.id } },
        body: { resolution: 'gate_mistake' as const, note: 'Tour' },
      };
      await ask(admin, 200, (client) => client.POST('/api/v1/admin/incidents/{id}/resolve', settle));
      const left = await ask(admin, 200, (client) => client.GET('/api/v1/admin/incidents', { params: { query } }));
      expectThat(!left.items.some(({ id }) => id === incident.id), 'the incident is still open');
    },
  );
}

/** Staff scan a code, and its party comes in. */
export async function letIn(staff: Session, code: string, override?: { readonly reason: string }): Promise<void> {
  const body = { scans: [{ ...bodyOfScan({ code }), ...(override === undefined ? {} : { override }) }] };
  const { results } = await ask(staff, 200, (client) => client.POST('/api/v1/gate/scans', { body }));
  expectOutcome(results[0], 'admitted');
}

async function ending({ step, admin, parks }: Tour, { session }: Guest, { id, client }: Device): Promise<void> {
  await step('a guest scans nothing', async () => {
    const body = { scans: [bodyOfScan({ code: 'nothing' })] };
    const answer = await session.call('scan', (guest) => guest.POST('/api/v1/gate/scans', { body }));
    expectRefusal(answer, 403, 'forbidden');
  });
  await step('a revoked device is refused at once', async () => {
    await tell(admin, 204, (api) => api.DELETE('/api/v1/admin/devices/{id}', { params: { path: { id } } }));
    const params = { query: { park_id: parks.roomy } };
    expectRefusal(await client.GET('/api/v1/gate/bundle', { params }), 401, null);
    const list = await ask(admin, 200, (api) => api.GET('/api/v1/admin/devices', { params }));
    expectThat(list.items.find((device) => device.id === id)?.status === 'revoked', 'it is not listed as revoked');
  });
}
