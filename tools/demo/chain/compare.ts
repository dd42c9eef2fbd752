import { bodyOf, eventually, expectThat } from '../answered.ts';
import type { Session } from '../session.ts';
import { today, type Chain, type ParkNode } from './chain.ts';

const AGREE_MS = 300_000;

/** What a node holds in common with headquarters: a line for the chain and for the park. */
async function scopesOf(staff: Session, parkId: string): Promise<readonly string[]> {
  const answer = await staff.call('scopes', (client, signal) => client.GET('/api/v1/admin/scopes', { signal }));
  return bodyOf('scopes', 200, answer)
    .items.filter(({ park_id }) => park_id === null || park_id === parkId)
    .map(({ park_id, rows, hash }) => `${(park_id ?? '(chain)').padEnd(10)} ${String(rows).padStart(6)} rows  ${hash}`);
}

/** Waits until a park and headquarters hold the same. @returns the lines that both say */
export function waitUntilAlike(
  { admin }: Pick<Chain, 'admin'>,
  park: Pick<ParkNode, 'name' | 'parkId' | 'staff'>,
): Promise<readonly string[]> {
  return eventually(`${park.name} and headquarters agree`, AGREE_MS, async () => {
    const [here, there] = await Promise.all([scopesOf(admin, park.parkId), scopesOf(park.staff, park.parkId)]);
    return here.length > 0 && here.join('\n') === there.join('\n') ? here : null;
  });
}

type Incident = { readonly id: string; readonly winner: string };

/** The incidents of a park as a node lists them, by id. */
async function incidentsOf(staff: Session, parkId: string): Promise<readonly Incident[]> {
  const params = { query: { park_id: parkId } };
  const answer = await staff.call('incidents', (client, signal) =>
    client.GET('/api/v1/admin/incidents', { params, signal }),
  );
  return bodyOf('incidents', 200, answer)
    .items.map(({ id, winner }) => ({ id, winner: winner.scan_id }))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

/** Headquarters and the park tell of the same incidents with the same winners. @returns how many there are */
export async function compareIncidents(chain: Chain, park: ParkNode): Promise<number> {
  const [here, there] = [await incidentsOf(chain.admin, park.parkId), await incidentsOf(park.staff, park.parkId)];
  expectThat(JSON.stringify(here) === JSON.stringify(there), `${park.name} and headquarters tell of other incidents`);
  return here.length;
}

/** Waits until the park has places of today to sell by itself. */
export async function waitForShare({
  name,
  staff,
  parkId,
}: Pick<ParkNode, 'name' | 'staff' | 'parkId'>): Promise<number> {
  const params = { path: { id: parkId }, query: { from: today(), to: today() } };
  return eventually(`places that ${name} may sell`, AGREE_MS, async () => {
    const answer = await staff.call('availability', (client, signal) =>
      client.GET('/api/v1/parks/{id}/availability', { params, signal }),
    );
    const remaining = bodyOf('availability', 200, answer).items[0]?.remaining ?? 0;
    return remaining > 0 ? remaining : null;
  });
}

/** How much of what was acknowledged headquarters does not have, or has more than once. */
export async function countLost(
  { admin }: Chain,
  parkId: string,
  acknowledged: { readonly tickets: number; readonly scans: number },
): Promise<number> {
  const answer = await admin.call('scopes', (client, signal) => client.GET('/api/v1/admin/scopes', { signal }));
  const tables = bodyOf('scopes', 200, answer).items.find(({ park_id }) => park_id === parkId)?.tables ?? [];
  const rowsOf = (name: string): number => tables.find(({ table }) => table === name)?.rows ?? 0;
  return (
    Math.abs(rowsOf('booking.tickets') - acknowledged.tickets) +
    Math.abs(rowsOf('admission.scans') - acknowledged.scans)
  );
}
