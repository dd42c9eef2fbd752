import { randomUUID } from 'node:crypto';
import type { DemoAccounts } from '../../src/main/demo-seed.ts';
import { createSkyParkClient } from '../../clients/typescript/client.ts';

/** The demo park that never closes. */
const PARK = 'dordoi';
const PEOPLE = 2;

/** Sells a family a ticket at the desk and lets it in at two gates, one of which was cut off: an incident for each of the family. */
export async function admitTwice(url: string, { gate }: DemoAccounts): Promise<void> {
  let token = '';
  const api = createSkyParkClient({ baseUrl: url, token: () => token });
  const signedIn = await api.POST('/api/v1/auth/login', { body: gate });
  token = signedIn.data?.access_token ?? '';
  const sold = await api.POST('/api/v1/gate/sales', {
    params: { header: { 'Idempotency-Key': randomUUID() } },
    body: {
      park_id: PARK,
      children: [{ age: 5 }],
      adults: 1,
      method: 'elcard_terminal',
      terminal_reference: randomUUID(),
    },
  });
  const code = sold.data?.admission_code ?? '';
  const scan = (name: string, more: object = {}) => ({
    scan_id: randomUUID(),
    code,
    direction: 'in' as const,
    people: PEOPLE,
    scanned_at: new Date().toISOString(),
    gate: name,
    ...more,
  });
  const first = await api.POST('/api/v1/gate/scans', { body: { scans: [scan('main')] } });
  const second = await api.POST('/api/v1/gate/scans', { body: { scans: [scan('north', { decided_offline: true })] } });
  if (first.data?.results[0]?.outcome !== 'admitted') throw new Error('the family was not let in');
  if ((second.data?.results[0]?.incident_id ?? null) === null) throw new Error('nobody noticed the second admission');
}
