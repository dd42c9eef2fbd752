import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../infrastructure/http/access.ts';
import { startFixture } from '../infrastructure/http/http-fixture.ts';
import { OPERATIONS_TAG } from '../infrastructure/http/operations-routes.ts';
import type { Route } from '../infrastructure/http/route.ts';
import { routeFaults } from '../infrastructure/http/route-faults.ts';
import { documentedRoutes } from './documented-routes.ts';

const documented = await documentedRoutes();
// A server brings those for machines itself.
const routes = documented.routes.filter(({ tag }) => tag !== OPERATIONS_TAG);

/** Everything that asks for a fresh proof. Whoever adds to it or takes from it says so here too. */
const REQUIRED = [
  'addWebhook',
  'beginPasskey',
  'beginTotp',
  'cancelDay',
  'changePassword',
  'changeWebhook',
  'confirmRefund',
  'confirmTotp',
  'finishPasskey',
  'inviteDevice',
  'inviteNode',
  'payOutInCash',
  'removePasskey',
  'removeTotp',
  'removeWebhook',
  'renewRecoveryCodes',
  'replaceWebhookSecret',
  'requestRefund',
  'resetSecondFactor',
  'revokeDevice',
  'revokeNode',
  'setUserRoles',
  'settlePaymentByStatement',
];

const byName = (left: string, right: string): number => (left < right ? -1 : 1);
const isByStaff = ({ access, method }: Route): boolean => access.kind === 'roles' && method !== 'GET';
const admin: Principal = {
  kind: 'user',
  userId: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  sessionId: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3f',
  roles: (['guest', 'gate', 'manager', 'finance', 'admin'] as const).map((role) => ({ role, parkId: null })),
  actor: 'user:01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
};

describe('a fresh proof', () => {
  let stale: Awaited<ReturnType<typeof startFixture>>;
  let asked: string[] = [];

  beforeAll(async () => {
    stale = await startFixture({
      routes,
      info: null,
      tokens: { verify: async () => admin },
      isFresh: async ({ userId }) => {
        asked.push(userId);
        return false;
      },
    });
  });
  afterAll(() => stale?.app.close());

  test('is asked for by these routes and no others', () => {
    const required = routes.filter(({ stepUp }) => stepUp === 'required').map(({ operationId }) => operationId);
    expect(required.toSorted(byName)).toEqual(REQUIRED);
  });

  test('is needed or not by word of each route on which staff change something', () => {
    expect(routes.filter(isByStaff).length).toBeGreaterThan(30);
    expect(routes.filter((route) => isByStaff(route) && !route.saysStepUp)).toEqual([]);
    const [silent] = routes.filter(isByStaff).map((route) => ({ ...route, saysStepUp: false }));
    expect(silent === undefined ? [] : routeFaults([silent])).toContain(`${silent?.operationId}: stepUp is not said`);
  });

  test.each(routes.filter(({ stepUp }) => stepUp === 'required').map((route) => [route.operationId, route] as const))(
    'is what %s answers without',
    async (_name, { method, url }) => {
      asked = [];
      const path = url.replaceAll(/:(\w+)/g, '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e');
      const key = { 'idempotency-key': '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e', 'if-match': '"1"' };
      const answer = await stale.app.inject({ method, url: path, headers: { authorization: 'Bearer admin', ...key } });
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([403, 'step_up_required']);
      expect(asked).toEqual([admin.userId]);
    },
  );
});
