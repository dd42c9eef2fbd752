import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { components } from '../../clients/typescript/schema.d.ts';
import { formatSom, parseSom } from '../../src/kernel/money.ts';
import { bodyOf } from '../../tools/demo/answered.ts';
import { gateLogin } from '../../tools/demo/demo-logins.ts';
import type { Journal } from '../../tools/demo/journal.ts';
import { Session } from '../../tools/demo/session.ts';
import { patience } from './guests.ts';
import { keepGoing, type Watch } from './parts-away-watch.ts';

type Scan = components['schemas']['ScanResult'];
type Sold = { readonly id: string; readonly code: string };

/** The park of a demo that is open at any hour. */
const PARK = 'dordoi';
const CHILDREN = 2;
const ADULTS = 1;
const SELL_EVERY_MS = 500;
const SCAN_EVERY_MS = 20;
const BATCH = 100;

const withKey = () => ({ header: { 'Idempotency-Key': randomUUID() } });

const bodyOfScan = (code: string, people: number) => ({
  scan_id: randomUUID(),
  code,
  direction: 'in' as const,
  people,
  scanned_at: new Date().toISOString(),
  gate: 'main',
});

/** What a scan was answered, which is its answer for ever. */
const meant = ({ scan_id, outcome, people_admitted, remaining }: Scan) => ({
  scan_id,
  outcome,
  people_admitted,
  remaining,
});

type Place = {
  /** Where the cashier works, and where the gate does: two processes. */
  readonly deskUrl: string;
  readonly gateUrl: string;
  readonly dataDir: string;
  readonly watch: Watch;
  readonly journal: Journal;
};

async function signedIn(url: string, dataDir: string): Promise<Session> {
  const session = new Session(url, await gateLogin(dataDir), patience);
  await session.signIn();
  return session;
}

/** A cashier who sells out of one shift, as fast as it goes. */
async function keepSelling({ deskUrl, dataDir, watch, journal }: Place, onSold: (ticket: Sold) => void) {
  const { client } = await signedIn(deskUrl, dataDir);
  const opened = await client.POST('/api/v1/gate/shifts', {
    params: withKey(),
    body: { park_id: PARK, float: '0.00' },
  });
  const { id } = bodyOf('shift', 201, opened);
  let takenTyiyn = 0n;
  const children = Array.from({ length: CHILDREN }, () => ({ age: 5 }));
  const body = { park_id: PARK, children, adults: ADULTS, method: 'cash' } as const;
  const selling = keepGoing(SELL_EVERY_MS, async () => {
    const params = withKey();
    const answer = await watch.settle('sale at the desk', (signal) =>
      client.POST('/api/v1/gate/sales', { params, body, signal }),
    );
    const ticket = bodyOf('sale at the desk', 201, answer);
    await journal.write({ fact: 'active', ticketId: ticket.id });
    takenTyiyn += parseSom(ticket.price) ?? 0n;
    onSold({ id: ticket.id, code: ticket.admission_code ?? '' });
  });
  return {
    async end() {
      await selling.end();
      const shift = await client.GET('/api/v1/gate/shifts/{id}', { params: { path: { id } } });
      expect(bodyOf('shift', 200, shift).taken).toBe(formatSom(takenTyiyn));
    },
  };
}

/**
 * A desk that sells and a gate that lets in whom it sold to: one of each party, then the rest, then one too many. Every scan is sent
 * twice, and once more at the end, and must get its first answer each time.
 */
export async function keepAdmitting(place: Place) {
  const { watch, journal } = place;
  const sold: Sold[] = [];
  const scans: { readonly body: ReturnType<typeof bodyOfScan>; readonly first: ReturnType<typeof meant> }[] = [];
  const { client } = await signedIn(place.gateUrl, place.dataDir);
  const send = async (bodies: readonly ReturnType<typeof bodyOfScan>[]): Promise<readonly Scan[]> => {
    const answer = await watch.settle('scan', (signal) =>
      client.POST('/api/v1/gate/scans', { body: { scans: [...bodies] }, signal }),
    );
    return bodyOf('scan', 200, answer).results;
  };
  const expectSame = (again: readonly Scan[], firsts: readonly object[]): void =>
    expect(again.map((one) => ({ ...meant(one), repeated: one.repeated }))).toEqual(
      firsts.map((first) => ({ ...first, repeated: true })),
    );
  async function scan({ id: ticketId, code }: Sold, people: number, outcome: Scan['outcome']): Promise<void> {
    const body = bodyOfScan(code, people);
    const [answer] = await send([body]);
    expect(answer).toMatchObject({ outcome, people_admitted: outcome === 'admitted' ? people : 0 });
    if (answer === undefined) return;
    if (outcome === 'admitted') await journal.write({ fact: 'admitted', ticketId, scanId: body.scan_id, people });
    const first = meant(answer);
    scans.push({ body, first });
    expectSame(await send([body]), [first]);
  }
  const selling = await keepSelling(place, (ticket) => sold.push(ticket));
  const admit = async (ticket: Sold): Promise<void> => {
    await scan(ticket, 1, 'admitted');
    await scan(ticket, CHILDREN + ADULTS - 1, 'admitted');
    await scan(ticket, 1, 'already_used');
  };
  const scanning = keepGoing(SCAN_EVERY_MS, async () => {
    const ticket = sold.shift();
    if (ticket !== undefined) await admit(ticket);
  });
  return {
    /** Lets in the last, then asks for every answer once more. @returns how many scans were acknowledged */
    async end(): Promise<{ readonly scans: number; readonly refused: number }> {
      await selling.end();
      await scanning.end();
      for (const ticket of sold.splice(0)) await admit(ticket);
      for (let from = 0; from < scans.length; from += BATCH) {
        const batch = scans.slice(from, from + BATCH);
        const [bodies, firsts] = [batch.map(({ body }) => body), batch.map(({ first }) => first)];
        expectSame(await send(bodies), firsts);
      }
      return { scans: scans.length, refused: scans.filter(({ first }) => first.outcome === 'already_used').length };
    },
  };
}
