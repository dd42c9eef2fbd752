import { encode } from 'fast-png';
import { expectThat } from '../answered.ts';
import { ask, askTagged, expectRefusal, newGuest, newKey, refused, tell, type Guest, type Tour } from './tour.ts';

export async function tourProfile(tour: Tour): Promise<void> {
  const guest = await newGuest(tour);
  await editing(tour, guest);
  await children(tour, guest);
  await rights(tour, guest);
}

async function editing({ step }: Tour, { session }: Guest): Promise<void> {
  await step('a profile is edited by its version; a lost update is refused', async () => {
    const { etag } = await askTagged(session, (client) => client.GET('/api/v1/users/me'));
    const edit = { params: { header: { 'If-Match': etag } }, body: { language: 'ru' as const } };
    const edited = await ask(session, 200, (client) => client.PATCH('/api/v1/users/me', edit));
    expectThat(edited.language === 'ru', 'the language was not changed');
    const late = { ...edit, body: { language: 'en' as const } };
    await refused(session, 412, 'precondition_failed', (client) => client.PATCH('/api/v1/users/me', late));
  });
}

async function children({ step }: Tour, { session }: Guest): Promise<void> {
  const child = await step('a child is added, edited and listed', async () => {
    const body = { name: 'Алина', birth_date: '2020-03-01' };
    const added = await ask(session, 201, (client) =>
      client.POST('/api/v1/users/me/children', { params: { header: newKey() }, body }),
    );
    const path = { id: added.id };
    const { etag } = await askTagged(session, (client) =>
      client.GET('/api/v1/users/me/children/{id}', { params: { path } }),
    );
    const edit = { params: { path, header: { 'If-Match': etag } }, body: { name: 'Алина-Айым' } };
    await ask(session, 200, (client) => client.PATCH('/api/v1/users/me/children/{id}', edit));
    const list = await ask(session, 200, (client) => client.GET('/api/v1/users/me/children'));
    expectThat(list.items[0]?.name === 'Алина-Айым', 'the edited child is not in the list');
    return added;
  });
  const params = { path: { id: child.id } };
  await step('a picture is kept, shown by a signed link and removed', async () => {
    const data = new Uint8Array(64 * 64 * 3).fill(200);
    const picture = new Blob([new Uint8Array(encode({ width: 64, height: 64, data, channels: 3, depth: 8 }))]);
    const sent = { params, headers: { 'content-type': 'image/png' }, body: '', bodySerializer: () => picture };
    await tell(session, 204, (client) => client.PUT('/api/v1/users/me/children/{id}/photo', sent as never));
    const { url } = await ask(session, 200, (client) => client.GET('/api/v1/users/me/children/{id}/photo', { params }));
    const shown = await fetch(url);
    expectThat(shown.headers.get('content-type') === 'image/jpeg', `the link answered ${shown.status}`);
    await shown.arrayBuffer();
    await tell(session, 204, (client) => client.DELETE('/api/v1/users/me/children/{id}/photo', { params }));
    const gone = await fetch(url);
    expectThat(gone.status === 404, `a removed picture is answered ${gone.status}`);
  });
  await step('a child is removed', () =>
    tell(session, 204, (client) => client.DELETE('/api/v1/users/me/children/{id}', { params })),
  );
}

async function rights({ step }: Tour, { session, login, userId }: Guest): Promise<void> {
  await step('a consent is given and withdrawn', async () => {
    const { consents } = await ask(session, 200, (client) => client.GET('/api/v1/users/me/consents'));
    const choice = consents.find(({ required }) => !required);
    expectThat(choice !== undefined, 'no document is optional');
    const { document, version } = choice;
    for (const given of [true, false]) {
      const body = { consents: [{ document, version, given }] };
      const said = await ask(session, 200, (client) => client.PUT('/api/v1/users/me/consents', { body }));
      const now = said.consents.find((one) => one.document === document)?.given_version;
      expectThat(now === (given ? version : null), `${document} is ${now ?? 'not given'}`);
    }
  });
  await step('all that is held is exported', async () => {
    const held = await ask(session, 200, (client) => client.GET('/api/v1/users/me/export'));
    expectThat(held.profile.id === userId, 'the export is of somebody else');
  });
  await step('an account is erased', async () => {
    const body = { password: login.password };
    await tell(session, 204, (client) => client.DELETE('/api/v1/users/me', { body }));
    expectRefusal(await session.trySignIn(), 401, 'invalid_credentials');
  });
}
