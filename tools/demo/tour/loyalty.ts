import { eventually, expectThat } from '../answered.ts';
import { ask, askTagged, dayAfter, FOLLOW_MS, newBuyer, newKey, type Guest, type Tour } from './tour.ts';
import { letIn } from './admission.ts';
import { buyPaid, partyOf } from './tickets.ts';

export async function tourLoyalty(tour: Tour): Promise<void> {
  const guest = await newBuyer(tour);
  await points(tour, guest);
  await figures(tour);
}

/** Waits until a guest has so many points to spend. */
export const balanceIs = ({ session }: Guest, expected: number): Promise<true> =>
  eventually(`${expected} points`, FOLLOW_MS, async () => {
    const { points: balance } = await ask(session, 200, (client) => client.GET('/api/v1/loyalty'));
    return balance === expected ? true : null;
  });

async function points(tour: Tour, guest: Guest): Promise<void> {
  const { step, admin, parks } = tour;
  const visit = await step('a visit earns a point for every ten som that was paid', async () => {
    const paid = await buyPaid(tour, guest, partyOf(parks.roomy, parks.today, 1), 'elcard');
    await letIn(admin, paid.code);
    await balanceIs(guest, 35);
    return paid;
  });
  await step('points are spent on a ticket, and come back when it is refunded', async () => {
    const wanted = { ...partyOf(parks.roomy, dayAfter(parks.today, 12), 1), points: 30 };
    const { ticket } = await buyPaid(tour, guest, wanted);
    expectThat(ticket.price === '320.00', `the ticket costs ${ticket.price}`);
    await balanceIs(guest, 5);
    const cancel = { params: { path: { id: ticket.id }, header: newKey() }, body: {} };
    await ask(guest.session, 200, (client) => client.POST('/api/v1/tickets/{id}/cancel', cancel));
    await balanceIs(guest, 35);
  });
  await step('money that goes back takes its points along; the history tells all', async () => {
    const params = { path: { id: visit.payment.id }, header: newKey() };
    const body = { amount: '100.00', reason: 'goodwill' };
    await ask(admin, 201, (client) => client.POST('/api/v1/payments/{id}/refunds', { params, body }));
    await balanceIs(guest, 25);
    const history = await ask(guest.session, 200, (client) => client.GET('/api/v1/loyalty/history'));
    const kinds = new Set(history.items.map(({ kind }) => kind));
    for (const kind of ['earned', 'reserved', 'returned', 'reversed'] as const)
      expectThat(kinds.has(kind), `the history has nothing ${kind}`);
  });
}

async function figures({ step, admin }: Tour): Promise<void> {
  await step('an admin changes the tiers and changes them back', async () => {
    const read = () => askTagged(admin, (client) => client.GET('/api/v1/admin/loyalty/tiers'));
    const { body: before, etag } = await read();
    const write = (body: typeof before, version: string) =>
      ask(admin, 200, (client) =>
        client.PUT('/api/v1/admin/loyalty/tiers', { params: { header: { 'If-Match': version } }, body }),
      );
    const tiers = before.tiers.map((tier, index) => (index === 0 ? { ...tier, name: 'tour' } : tier));
    const changed = await write({ ...before, tiers }, etag);
    await write(before, (await read()).etag);
    expectThat(changed.tiers[0]?.name === 'tour', 'the tier was not renamed');
  });
}
