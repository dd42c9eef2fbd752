import { randomBytes } from 'node:crypto';
import { createSkyParkClient } from '../../../clients/typescript/client.ts';
import { admitted, bodyOf, eventually, expectThat } from '../answered.ts';
import { Session, type Login } from '../session.ts';
import { ask, expectRefusal, FOLLOW_MS, newGuest, refused, tell, type Guest, type Tour } from './tour.ts';

/** What every code is in demo mode. */
const DEMO_CODE = '000000';

export async function tourAccounts(tour: Tour): Promise<void> {
  const guest = await tour.step('a guest registers and signs in', () => newGuest(tour));
  await tokens(tour, guest);
  await passwords(tour, guest);
  await roles(tour, guest);
}

async function tokens({ step, baseUrl }: Tour, { login, session }: Guest): Promise<void> {
  const client = createSkyParkClient({ baseUrl });
  const signIn = async () => admitted(bodyOf('login', 200, await client.POST('/api/v1/auth/login', { body: login })));
  await step('a refresh token is good once; an old one ends its whole family', async () => {
    const refresh = (token: string) => client.POST('/api/v1/auth/refresh', { body: { refresh_token: token } });
    const { refresh_token: first = '' } = await signIn();
    const { refresh_token: second = '' } = bodyOf('refresh', 200, await refresh(first));
    const { refresh_token: third = '' } = bodyOf('refresh', 200, await refresh(second));
    expectRefusal(await refresh(first), 401, null);
    expectRefusal(await refresh(third), 401, null);
  });
  await step('sessions are listed, and one is ended', async () => {
    await signIn();
    const list = () => ask(session, 200, (api) => api.GET('/api/v1/auth/sessions'));
    const other = (await list()).items.find(({ current }) => !current);
    expectThat(other !== undefined, 'the other session is not listed');
    const params = { path: { id: other.id } };
    await tell(session, 204, (api) => api.DELETE('/api/v1/auth/sessions/{id}', { params }));
    expectThat(!(await list()).items.some(({ id }) => id === other.id), 'an ended session is still listed');
  });
}

async function passwords({ step, baseUrl, patience }: Tour, guest: Guest): Promise<void> {
  const client = createSkyParkClient({ baseUrl });
  const { phone, password } = guest.login;
  async function show(purpose: 'login' | 'reset' | 'verify', token?: string) {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    expectRefusal(await client.POST('/api/v1/auth/otp', { body: { phone, purpose } }), 202, null);
    const body = { phone, code: DEMO_CODE, purpose };
    return admitted(bodyOf('code', 200, await client.POST('/api/v1/auth/otp/verify', { body, headers })));
  }
  const signIn = (login: Login) => client.POST('/api/v1/auth/login', { body: login });
  await step('a phone number is proved by a one-time code', async () => {
    const { access_token: token } = admitted(bodyOf('login', 200, await signIn(guest.login)));
    await show('verify', token);
  });
  await step('a one-time code signs in', async () => {
    expectThat((await show('login')).access_token !== undefined, 'no access token');
  });
  const changed = { phone, password: randomBytes(12).toString('base64url') };
  await step('a password is changed by whoever knows the old one', async () => {
    const session = new Session(baseUrl, guest.login, patience);
    await session.signIn();
    const body = { current_password: password, new_password: changed.password };
    await tell(session, 204, (api) => api.POST('/api/v1/auth/password', { body }));
    expectRefusal(await signIn(guest.login), 401, 'invalid_credentials');
    bodyOf('login', 200, await signIn(changed));
  });
  await step('a forgotten password is set anew by a one-time code', async () => {
    const { reset_token: token = '' } = await show('reset');
    const body = { reset_token: token, new_password: password };
    expectRefusal(await client.POST('/api/v1/auth/password/reset', { body }), 204, null);
    expectRefusal(await signIn(changed), 401, 'invalid_credentials');
    bodyOf('login', 200, await signIn(guest.login));
  });
}

async function roles({ step, admin, baseUrl, patience, parks }: Tour, guest: Guest): Promise<void> {
  const session = new Session(baseUrl, guest.login, patience);
  await session.signIn();
  const params = { path: { id: parks.roomy }, query: { from: parks.today, to: parks.today } };
  const seesCalendar = (status: number): Promise<true> =>
    eventually(`the calendar is answered ${status}`, FOLLOW_MS, async () => {
      const answer = await session.call('calendar', (api) => api.GET('/api/v1/parks/{id}/calendar', { params }));
      return answer.response.status === status ? true : null;
    });
  const give = (list: { role: 'manager'; park_id: string }[]) =>
    ask(admin, 200, (api) =>
      api.PUT('/api/v1/admin/users/{id}/roles', { params: { path: { id: guest.userId } }, body: { roles: list } }),
    );
  await step('an admin gives a role at one park and takes it again', async () => {
    await seesCalendar(403);
    await give([{ role: 'manager', park_id: parks.roomy }]);
    await seesCalendar(200);
    await give([]);
    await seesCalendar(403);
  });
  await step('logging out everywhere ends every session', async () => {
    const client = createSkyParkClient({ baseUrl });
    const signedIn = admitted(bodyOf('login', 200, await client.POST('/api/v1/auth/login', { body: guest.login })));
    const headers = { authorization: `Bearer ${signedIn.access_token}` };
    await tell(session, 204, (api) => api.POST('/api/v1/auth/logout-all'));
    expectRefusal(await client.GET('/api/v1/users/me', { headers }), 401, null);
  });
  await step('a stranger is no admin', () =>
    refused(session, 403, 'forbidden', (api) => api.GET('/api/v1/admin/holidays')),
  );
}
