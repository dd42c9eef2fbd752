import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { openTill, PARK, type Till } from './till.suite.ts';

describeWithDatabase('a sale at the desk', () => {
  let till: Till;
  beforeAll(async () => void (till = await openTill(['elqr'])));
  afterAll(() => till.close());

  test('is looked up by whoever sells at its park, as it is by then, and by nobody else', async () => {
    const body = { park_id: PARK, children: [{ age: 5 }], method: 'elqr' };
    const bought = await till.asStaff('gate', 'POST', '/gate/sales', { body, key: ids.next(), parkId: PARK });
    const ticketId = String(bought.body['id']);
    const look = (role: 'gate' | 'finance', parkId = PARK) =>
      till.asStaff(role, 'GET', `/gate/sales/${ticketId}`, { parkId });
    expect(await look('gate')).toMatchObject({
      status: 200,
      body: { status: 'pending_payment', payment: bought.body['payment'] },
    });
    till.became(ticketId, 'active');
    expect((await look('gate')).body['status']).toBe('active');
    expect((await look('gate', 'osh')).status).toBe(404);
    expect((await look('finance')).status).toBe(403);
    const unknown = await till.asStaff('gate', 'GET', `/gate/sales/${ids.next()}`);
    expect(unknown).toMatchObject({ status: 404, body: { code: 'ticket_not_found' } });
  });
});
