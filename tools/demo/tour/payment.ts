import { eventually, expectThat } from '../answered.ts';
import { ask, dayAfter, FOLLOW_MS, newBuyer, newKey, refused, type Guest, type Tour } from './tour.ts';
import { atProvider, buy, buyPaid, partyOf, payFor, paymentIn, startPayment, ticketIn } from './tickets.ts';

export async function tourPayment(tour: Tour): Promise<void> {
  const guest = await newBuyer(tour);
  await paying(tour, guest);
  await refunds(tour, guest);
  await byHand(tour, guest);
  await desk(tour);
}

async function paying(tour: Tour, guest: Guest): Promise<void> {
  const { step, parks } = tour;
  const wanted = partyOf(parks.roomy, dayAfter(parks.today, 11), 1);
  await step('a declined payment fails, and the ticket is paid by another method', async () => {
    const ticket = await buy(guest, wanted);
    const declined = await startPayment(guest, ticket.id, 'elqr');
    await atProvider(tour, declined, 'decline');
    await paymentIn(guest, declined.id, 'failed');
    const { payment } = await payFor(tour, guest, ticket, 'elcard');
    const params = { path: { id: ticket.id } };
    const all = await ask(guest.session, 200, (client) => client.GET('/api/v1/tickets/{id}/payments', { params }));
    expectThat(all.items.length === 2 && all.items.some(({ id }) => id === payment.id), 'both payments are listed');
  });
  await step('a ticket is paid by ELQR', () => buyPaid(tour, guest, wanted, 'elqr'));
}

async function refunds(tour: Tour, guest: Guest): Promise<void> {
  const { step, admin, parks } = tour;
  await step('staff give a part of a payment back, never more than was paid', async () => {
    const { payment } = await buyPaid(tour, guest, partyOf(parks.roomy, dayAfter(parks.today, 11), 1), 'elcard');
    const path = { id: payment.id };
    const refund = (amount: string) => ({
      params: { path, header: newKey() },
      body: { amount, reason: 'goodwill' },
    });
    const part = refund('100.00');
    await ask(admin, 201, (client) => client.POST('/api/v1/payments/{id}/refunds', part));
    await paymentIn(guest, payment.id, 'partially_refunded');
    const tooMuch = refund('250.01');
    await refused(admin, 409, 'refund_exceeds_payment', (client) =>
      client.POST('/api/v1/payments/{id}/refunds', tooMuch),
    );
    const list = await ask(admin, 200, (client) => client.GET('/api/v1/payments/{id}/refunds', { params: { path } }));
    expectThat(list.items[0]?.status === 'succeeded' && list.items[0].amount === '100.00', 'the refund is not listed');
  });
}

async function byHand(tour: Tour, guest: Guest): Promise<void> {
  const { step, admin, parks } = tour;
  await step('money that no provider gives back waits for a person, who says that it is paid out', async () => {
    const { ticket, payment } = await buyPaid(tour, guest, partyOf(parks.roomy, dayAfter(parks.today, 11), 1), 'elqr');
    const cancel = { params: { path: { id: ticket.id }, header: newKey() }, body: {} };
    await ask(guest.session, 200, (client) => client.POST('/api/v1/tickets/{id}/cancel', cancel));
    const query = { status: 'manual' as const, park_id: parks.roomy };
    const owed = await eventually('a refund by hand', FOLLOW_MS, async () => {
      const { items } = await ask(admin, 200, (client) => client.GET('/api/v1/admin/refunds', { params: { query } }));
      return items.find(({ payment_id }) => payment_id === payment.id) ?? null;
    });
    const path = { id: payment.id, refund_id: owed.id };
    const payout = { params: { path, header: newKey() }, body: { reference: 'transfer of the tour' } };
    const paid = await ask(admin, 200, (client) =>
      client.POST('/api/v1/payments/{id}/refunds/{refund_id}/confirm', payout),
    );
    expectThat(paid.status === 'succeeded' && paid.amount === ticket.price, `the refund is ${paid.status}`);
    await ticketIn(guest, ticket.id, 'refunded');
  });
}

async function desk({ step, admin, parks }: Tour): Promise<void> {
  await step('the desk opens a shift, sells for cash and counts the till', async () => {
    const header = newKey();
    const open = { params: { header }, body: { park_id: parks.roomy, float: '1000.00' } };
    const shift = await ask(admin, 201, (client) => client.POST('/api/v1/gate/shifts', open));
    const sale = {
      params: { header: newKey() },
      body: { park_id: parks.roomy, children: [{ age: 5 }], adults: 1, method: 'cash' as const },
    };
    const sold = await ask(admin, 201, (client) => client.POST('/api/v1/gate/sales', sale));
    expectThat(sold.status === 'active' && sold.admission_code !== null, `the ticket is ${sold.status}`);
    const close = { params: { path: { id: shift.id }, header: newKey() }, body: { counted: '1350.00' } };
    const closed = await ask(admin, 200, (client) => client.POST('/api/v1/gate/shifts/{id}/close', close));
    expectThat(closed.difference === '0.00', `the till differs by ${closed.difference ?? 'nothing known'}`);
  });
}
