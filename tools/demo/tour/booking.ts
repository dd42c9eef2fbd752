import { eventually, expectThat } from '../answered.ts';
import type { SkyParkClient } from '../../../clients/typescript/client.ts';
import { ask, dayAfter, FOLLOW_MS, newBuyer, newGuest, newKey, refused, tell, type Guest, type Tour } from './tour.ts';
import { setDay } from './parks.ts';
import { readQr } from '../read-qr.ts';
import { buy, buyPaid, partyOf, payFor, ticketIn, ticketOf, type Paid, type VisitRequest } from './tickets.ts';

export async function tourBooking(tour: Tour): Promise<void> {
  const guest = await newBuyer(tour);
  await prices(tour, guest);
  const paid = await tour.step('a ticket is bought and paid', () =>
    buyPaid(tour, guest, partyOf(tour.parks.roomy, dayAfter(tour.parks.today, 5), 2)),
  );
  await images(tour, guest, paid);
  await papers(tour, guest, paid);
  await changes(tour, guest, paid);
  await waiting(tour);
  await leaving(tour);
  await closing(tour, guest);
  await passes(tour, guest);
}

const quote = ({ session }: Guest, body: VisitRequest) =>
  ask(session, 200, (client) => client.POST('/api/v1/tickets/quote', { body }));

async function prices(tour: Tour, guest: Guest): Promise<void> {
  const { step, admin, parks } = tour;
  const date = dayAfter(parks.today, 4);
  await step('a quote tells each line of the price', async () => {
    const quoted = await quote(guest, { ...partyOf(parks.roomy, date, 2), adults: 1 });
    expectThat(quoted.price === '700.00', `the quote is ${quoted.price}`);
    const kinds = quoted.price_breakdown.map(({ kind }) => kind);
    expectThat(kinds.includes('child_over_3') && kinds.includes('adult'), `lines ${kinds.join(', ')}`);
  });
  await step('ten children are a group and pay less', async () => {
    const quoted = await quote(guest, { ...partyOf(parks.roomy, date, 10), ticket_type: 'group' });
    expectThat(quoted.price === '3150.00', `the quote is ${quoted.price}`);
  });
  await step('a promo code lowers a price until it is used up', async () => {
    const code = `TOUR${parks.roomy.slice(-8).toUpperCase()}`;
    const body = {
      code,
      percent: 20,
      sum: null,
      valid_from: dayAfter(parks.today, -1),
      valid_until: dayAfter(parks.today, 30),
      dates_of: 'visit' as const,
      park_ids: [parks.roomy],
      min_price: '0.00',
      total_limit: 1,
      limit_per_guest: 1,
      active: true,
    };
    const params = { header: newKey() };
    const made = await ask(admin, 201, (client) => client.POST('/api/v1/admin/promo-codes', { params, body }));
    const wanted = { ...partyOf(parks.roomy, date, 1), promo_code: code };
    const { ticket } = await buyPaid(tour, guest, wanted);
    expectThat(ticket.price === '280.00', `the ticket costs ${ticket.price}`);
    const other = await newGuest(tour);
    const again = await other.session.call('buy', (client) =>
      client.POST('/api/v1/tickets', { params: { header: newKey() }, body: wanted }),
    );
    expectThat(again.response.status === 409, `a code that is used up was answered ${again.response.status}`);
    const path = { id: made.id };
    const { used } = await ask(admin, 200, (client) =>
      client.GET('/api/v1/admin/promo-codes/{id}', { params: { path } }),
    );
    expectThat(used === 1, `the code was used ${used} times`);
  });
}

async function images({ step }: Tour, { session }: Guest, { ticket, code }: Paid): Promise<void> {
  await step('the admission code is a QR image, as SVG and as PNG', async () => {
    const params = { path: { id: ticket.id }, query: { size: 256 } };
    const svg = await ask(session, 200, (client) =>
      client.GET('/api/v1/tickets/{id}/qr', { params, headers: { accept: 'image/svg+xml' }, parseAs: 'text' }),
    );
    expectThat(svg.startsWith('<svg'), 'the SVG is none');
    const png = await ask(session, 200, (client) =>
      client.GET('/api/v1/tickets/{id}/qr', { params, headers: { accept: 'image/png' }, parseAs: 'arrayBuffer' }),
    );
    expectThat(readQr(new Uint8Array(png)) === code, 'the PNG says something else');
  });
}

async function papers({ step, admin }: Tour, { session }: Guest, { ticket }: Paid): Promise<void> {
  await step('a receipt adds up in the language of its reader', async () => {
    const params = { path: { id: ticket.id } };
    const headers = { 'accept-language': 'ky' };
    const receipt = await ask(session, 200, (client) =>
      client.GET('/api/v1/tickets/{id}/receipt', { params, headers }),
    );
    const sum = receipt.lines.reduce((total, { amount }) => total + Number(amount), 0);
    expectThat(sum === Number(ticket.price), `the lines add up to ${sum}, the price is ${ticket.price}`);
    expectThat(receipt.sums.find(({ kind }) => kind === 'kept')?.amount === ticket.price, 'something was not kept');
  });
  await step('staff find a ticket by its number', async () => {
    const params = { query: { qr_code: ticket.qr_code } };
    const found = await ask(admin, 200, (client) => client.GET('/api/v1/admin/tickets', { params }));
    expectThat(found.items.length === 1 && found.items[0]?.id === ticket.id, 'it was not found');
  });
}

async function changes(tour: Tour, guest: Guest, { ticket }: Paid): Promise<void> {
  const { step, admin, parks } = tour;
  const params = { path: { id: ticket.id }, header: newKey() };
  await step('a ticket moves to another day, once', async () => {
    const body = { visit_date: dayAfter(ticket.visit_date, 1) };
    const move = { params, body };
    const moved = await ask(guest.session, 200, (client) => client.POST('/api/v1/tickets/{id}/move', move));
    expectThat(moved.visit_date === body.visit_date && moved.moved_from === ticket.visit_date, 'it did not move');
    const again = { params: { ...params, header: newKey() }, body: { visit_date: dayAfter(ticket.visit_date, 2) } };
    await refused(guest.session, 409, 'already_moved', (client) => client.POST('/api/v1/tickets/{id}/move', again));
  });
  await step('a ticket paid by ElCard is cancelled by its guest, and the money goes back', async () => {
    const paid = await buyPaid(tour, guest, partyOf(parks.roomy, dayAfter(parks.today, 7), 1), 'elcard');
    const cancel = { params: { path: { id: paid.ticket.id }, header: newKey() }, body: {} };
    await ask(guest.session, 200, (client) => client.POST('/api/v1/tickets/{id}/cancel', cancel));
    const ended = await ticketIn(guest, paid.ticket.id, 'refunded');
    expectThat(ended.refund?.status === 'succeeded', `the refund is ${ended.refund?.status ?? 'missing'}`);
  });
  await step('staff cancel a ticket for a guest', async () => {
    const unpaid = await buy(guest, partyOf(parks.roomy, dayAfter(parks.today, 8), 1));
    const cancel = { params: { path: { id: unpaid.id }, header: newKey() }, body: { reason: 'The slide is broken' } };
    const ended = await ask(admin, 200, (client) => client.POST('/api/v1/admin/tickets/{id}/cancel', cancel));
    expectThat(ended.status === 'cancelled' && ended.cancelled?.by === 'staff', `the ticket is ${ended.status}`);
    const own = await ask(guest.session, 200, (client) =>
      client.GET('/api/v1/tickets', { params: { query: { status: 'cancelled' } } }),
    );
    expectThat(
      own.items.some(({ id }) => id === unpaid.id),
      'the list by status lacks it',
    );
  });
}

async function waiting(tour: Tour): Promise<void> {
  const { step, admin, parks } = tour;
  const date = dayAfter(parks.today, 9);
  const [first, second] = [await newGuest(tour), await newBuyer(tour)];
  await step(
    'a full day refuses buyers and lets them wait; the place that comes free is offered and paid',
    async () => {
      await setDay(admin, parks.tiny, date, { day_quota: 1 });
      const wanted = partyOf(parks.tiny, date, 1);
      const held = await buy(first, wanted);
      await refused(second.session, 409, 'park_at_capacity', (client) =>
        client.POST('/api/v1/tickets', { params: { header: newKey() }, body: wanted }),
      );
      const entry = await ask(second.session, 201, (client) =>
        client.POST('/api/v1/waitlist', { params: { header: newKey() }, body: wanted }),
      );
      const cancel = { params: { path: { id: held.id }, header: newKey() }, body: {} };
      await ask(first.session, 200, (client) => client.POST('/api/v1/tickets/{id}/cancel', cancel));
      const path = { id: entry.id };
      await eventually('an offer', FOLLOW_MS, async () => {
        const { status } = await ask(second.session, 200, (client) =>
          client.GET('/api/v1/waitlist/{id}', { params: { path } }),
        );
        return status === 'offered' ? true : null;
      });
      const accept = { params: { path, header: newKey() } };
      const offered = await ask(second.session, 200, (client) => client.POST('/api/v1/waitlist/{id}/accept', accept));
      await payFor(tour, second, offered);
    },
  );
}

async function leaving(tour: Tour): Promise<void> {
  const { step, admin, parks } = tour;
  const date = dayAfter(parks.today, 14);
  const wanted = partyOf(parks.tiny, date, 1);
  const [first, second] = [await newGuest(tour), await newGuest(tour)];
  await step('who waits no longer leaves the waiting list, and is offered nothing', async () => {
    await setDay(admin, parks.tiny, date, { day_quota: 1 });
    const held = await buy(first, wanted);
    const params = { header: newKey() };
    const entry = await ask(second.session, 201, (client) => client.POST('/api/v1/waitlist', { params, body: wanted }));
    const path = { id: entry.id };
    await tell(second.session, 204, (client) => client.DELETE('/api/v1/waitlist/{id}', { params: { path } }));
    const cancel = { params: { path: { id: held.id }, header: newKey() }, body: {} };
    await ask(first.session, 200, (client) => client.POST('/api/v1/tickets/{id}/cancel', cancel));
    const { status } = await ask(second.session, 200, (client) =>
      client.GET('/api/v1/waitlist/{id}', { params: { path } }),
    );
    expectThat(status === 'left', `the entry is ${status}`);
  });
}

async function closing(tour: Tour, guest: Guest): Promise<void> {
  const { step, admin, parks } = tour;
  const date = dayAfter(parks.today, 13);
  await step('a sold day is closed: all its tickets are cancelled, and the money goes back', async () => {
    const { ticket } = await buyPaid(tour, guest, partyOf(parks.roomy, date, 1), 'elcard');
    const params = { path: { id: parks.roomy, date }, header: newKey() };
    const body = { reason: 'Storm warning' };
    const cancelAll = (client: SkyParkClient) =>
      client.POST('/api/v1/admin/parks/{id}/days/{date}/cancel-all', { params, body });
    await refused(admin, 409, 'day_not_closed', cancelAll);
    const reason = { ru: 'Шторм', ky: 'Бороон', en: 'Storm' };
    await setDay(admin, parks.roomy, date, { closed: true, reason });
    const again = { params: { ...params, header: newKey() }, body };
    await ask(admin, 202, (client) => client.POST('/api/v1/admin/parks/{id}/days/{date}/cancel-all', again));
    const done = await eventually('the end of the day', FOLLOW_MS, async () => {
      const progress = await ask(admin, 200, (client) =>
        client.GET('/api/v1/admin/parks/{id}/days/{date}/cancel-all', { params: { path: params.path } }),
      );
      return progress.done ? progress : null;
    });
    expectThat(done.cancelled === 1 && done.refunded === 1, `${done.cancelled} cancelled, ${done.refunded} refunded`);
    const ended = await ticketIn(guest, ticket.id, 'refunded');
    expectThat(ended.cancelled?.by === 'day_closed', `it was cancelled by ${ended.cancelled?.by ?? 'nobody'}`);
  });
}

async function passes({ step, admin, parks }: Tour, guest: Guest): Promise<void> {
  await step('a pass is issued at the desk, and a visit is booked from it for nothing', async () => {
    const body = {
      phone: guest.login.phone,
      name: 'Tour pass',
      park_ids: [parks.roomy],
      valid_from: parks.today,
      valid_to: dayAfter(parks.today, 30),
      visits: 3,
      people: 2,
      price: '900.00',
      payment_reference: 'tour',
    };
    const pass = await ask(admin, 201, (client) =>
      client.POST('/api/v1/passes', { params: { header: newKey() }, body }),
    );
    const visit = { ...partyOf(parks.roomy, dayAfter(parks.today, 10), 1), pass_id: pass.id };
    const ticket = await buy(guest, visit);
    expectThat(ticket.status === 'active' && ticket.price === '0.00', `the ticket is ${ticket.status}`);
    expectThat((await ticketOf(guest, ticket.id)).admission_code !== null, 'it has no admission code');
    const path = { id: pass.id };
    const left = await ask(guest.session, 200, (client) => client.GET('/api/v1/passes/{id}', { params: { path } }));
    expectThat(left.visits_left === 2, `${left.visits_left ?? 'all'} visits are left`);
  });
}
