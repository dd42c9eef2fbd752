import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { eventually, expectThat } from '../answered.ts';
import { ask, askTagged, FOLLOW_MS, tell, type Tour } from './tour.ts';

type Message = { readonly headers: IncomingHttpHeaders; readonly body: string };

export async function tourOffice(tour: Tour): Promise<void> {
  await reports(tour);
  await looking(tour);
  await webhooks(tour);
}

async function reports({ step, admin, parks }: Tour): Promise<void> {
  const params = { query: { from: parks.today, to: parks.today, park_id: parks.roomy } };
  await step('sales are reported day by day, as JSON and as a table', async () => {
    const sales = await ask(admin, 200, (client) => client.GET('/api/v1/admin/reports/sales', { params }));
    expectThat(typeof sales !== 'string' && Array.isArray(sales.items), 'no lines');
    const table = await ask(admin, 200, (client) =>
      client.GET('/api/v1/admin/reports/sales', { params, headers: { accept: 'text/csv' }, parseAs: 'text' }),
    );
    expectThat(String(table).includes('tickets_sold'), 'the table has no heading');
  });
  await step('admissions, occupancy, payments and points are reported', async () => {
    await ask(admin, 200, (client) => client.GET('/api/v1/admin/reports/admissions', { params }));
    await ask(admin, 200, (client) => client.GET('/api/v1/admin/reports/occupancy', { params }));
    await ask(admin, 200, (client) => client.GET('/api/v1/admin/reports/payments', { params }));
    await ask(admin, 200, (client) => client.GET('/api/v1/admin/reports/loyalty', { params }));
  });
}

async function looking({ step, admin, parks }: Tour): Promise<void> {
  await step('what staff did is in the audit, and the events behind it in the log', async () => {
    const query = { park_id: parks.roomy, limit: 1 };
    const entry = await eventually('an audit entry', FOLLOW_MS, async () => {
      const { items } = await ask(admin, 200, (client) => client.GET('/api/v1/admin/audit', { params: { query } }));
      return items[0] ?? null;
    });
    const params = { query: { aggregate_id: entry.aggregate_id } };
    const events = await ask(admin, 200, (client) => client.GET('/api/v1/admin/events', { params }));
    expectThat(events.items.length > 0, `no events of ${entry.aggregate_id}`);
  });
  await step('no event waits for a person', async () => {
    const parked = await ask(admin, 200, (client) => client.GET('/api/v1/admin/parked-events'));
    expectThat(parked.items.length === 0, `${parked.items.length} events are parked`);
  });
}

/** Whether a message was signed with the secret, after the Standard Webhooks specification. */
function isSigned({ headers, body }: Message, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const signature = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(signature);
}

/** Somebody else's system, on loopback. */
async function withReceiver(work: (url: string, messages: readonly Message[]) => Promise<void>): Promise<void> {
  const messages: Message[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      messages.push({ headers: request.headers, body });
      response.writeHead(204).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  try {
    await work(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hook`, messages);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function webhooks({ step, admin, parks }: Tour): Promise<void> {
  await step('another system is told by a signed webhook', () =>
    withReceiver(async (url, messages) => {
      const body = { url, description: 'tour', topics: ['visit.admitted' as const], park_id: parks.roomy };
      const { id, secret } = await ask(admin, 201, (client) => client.POST('/api/v1/admin/webhooks', { body }));
      const params = { path: { id } };
      await tell(admin, 202, (client) => client.POST('/api/v1/admin/webhooks/{id}/ping', { params }));
      const message = await eventually('a ping', FOLLOW_MS, () => Promise.resolve(messages[0] ?? null));
      expectThat(isSigned(message, secret), 'the signature is wrong');
      await eventually('a delivery', FOLLOW_MS, async () => {
        const list = await ask(admin, 200, (client) =>
          client.GET('/api/v1/admin/webhooks/{id}/deliveries', { params }),
        );
        return list.items.some(({ status }) => status === 'delivered') ? true : null;
      });
      await tell(admin, 204, (client) => client.DELETE('/api/v1/admin/webhooks/{id}', { params }));
    }),
  );
  await step('a webhook is edited, gets a new secret beside the old one, and hears a message again', () =>
    withReceiver(async (url, messages) => {
      const body = { url, description: 'tour', topics: ['visit.admitted' as const], park_id: parks.roomy };
      const { id, secret } = await ask(admin, 201, (client) => client.POST('/api/v1/admin/webhooks', { body }));
      const params = { path: { id } };
      const { etag } = await askTagged(admin, (client) => client.GET('/api/v1/admin/webhooks/{id}', { params }));
      const edit = {
        params: { ...params, header: { 'If-Match': etag } },
        body: { ...body, description: 'edited', enabled: true },
      };
      const edited = await ask(admin, 200, (client) => client.PUT('/api/v1/admin/webhooks/{id}', edit));
      expectThat(edited.description === 'edited', 'it was not edited');
      const next = await ask(admin, 201, (client) => client.POST('/api/v1/admin/webhooks/{id}/secret', { params }));
      await tell(admin, 202, (client) => client.POST('/api/v1/admin/webhooks/{id}/ping', { params }));
      const delivered = await eventually('a delivery', FOLLOW_MS, async () => {
        const list = await ask(admin, 200, (client) =>
          client.GET('/api/v1/admin/webhooks/{id}/deliveries', { params }),
        );
        return list.items.find(({ status }) => status === 'delivered') ?? null;
      });
      const again = { params: { path: { id, delivery_id: delivered.id } } };
      await tell(admin, 202, (client) =>
        client.POST('/api/v1/admin/webhooks/{id}/deliveries/{delivery_id}/retry', again),
      );
      await eventually('the message again', FOLLOW_MS, () => Promise.resolve(messages[1] ?? null));
      const ids = new Set(messages.map(({ headers }) => headers['webhook-id']));
      const isSignedByBoth = messages.every((one) => isSigned(one, secret) && isSigned(one, next.secret));
      expectThat(ids.size === 1 && isSignedByBoth, 'it is another message, or not signed with both secrets');
      await tell(admin, 204, (client) => client.DELETE('/api/v1/admin/webhooks/{id}', { params }));
    }),
  );
}
