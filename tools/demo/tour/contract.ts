import { randomUUID } from 'node:crypto';
import { codeOf, expectThat } from '../answered.ts';
import { newGuest, refused, type Tour } from './tour.ts';

export async function tourContract(tour: Tour): Promise<void> {
  const { step, baseUrl } = tour;
  await step('what is not there is 404, another method 405 with Allow, a bad value 400', async () => {
    const nothing = await fetch(`${baseUrl}/api/v1/nothing`);
    expectThat(nothing.status === 404 && codeOf(await nothing.json()) === 'not_found', `got ${nothing.status}`);
    const method = await fetch(`${baseUrl}/api/v1/parks`, { method: 'DELETE' });
    expectThat(method.status === 405 && method.headers.has('allow'), `got ${method.status}`);
    await method.arrayBuffer();
    await refused(tour.admin, 400, 'validation_failed', (client) =>
      client.GET('/api/v1/parks', { params: { query: { limit: 1000 } } }),
    );
  });
  await step('the same key answers the same again, and 422 with another body', async () => {
    const { session } = await newGuest(tour);
    const header = { 'Idempotency-Key': randomUUID() };
    const add = (name: string) =>
      session.call('add a child', (client) =>
        client.POST('/api/v1/users/me/children', {
          params: { header },
          body: { name, birth_date: '2020-03-01' },
        }),
      );
    const first = await add('Алина');
    const second = await add('Алина');
    expectThat(first.data !== undefined && first.data.id === second.data?.id, 'the second answer is another one');
    expectThat(second.response.headers.get('idempotent-replayed') === 'true', 'no Idempotent-Replayed');
    const other = await add('Айгүл');
    expectThat(other.response.status === 422, `another body was answered ${other.response.status}`);
  });
  await step('answers tell how many requests are left', async () => {
    const { headers } = await fetch(`${baseUrl}/api/v1/parks`);
    const missing = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'ratelimit', 'ratelimit-policy'].filter(
      (name) => !headers.has(name),
    );
    expectThat(missing.length === 0, `without ${missing.join(', ')}`);
  });
  await step('health, the public keys and the document of the API answer', async () => {
    for (const path of ['/health/live', '/health/ready', '/.well-known/jwks.json', '/openapi.json']) {
      const answer = await fetch(`${baseUrl}${path}`);
      await answer.arrayBuffer();
      expectThat(answer.status === 200, `${path} answered ${answer.status}`);
    }
  });
}
