import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { serve, type TestServer } from '../../../test/support/module-server.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import { createForgetGuestFlow } from '../../flows/forget-guest.ts';
import { NOON_MS, openUserTestNode, ownerTokens, register, type UserTestNode } from './user.suite.ts';

const noise = sharp({
  create: {
    width: 300,
    height: 200,
    channels: 3,
    background: '#000',
    noise: { type: 'gaussian', mean: 128, sigma: 40 },
  },
});

describeWithDatabase('the picture of a child', () => {
  let node: UserTestNode;
  let server: TestServer;
  let jpeg: Buffer;

  const children = '/api/v1/users/me/children';
  const parent = async () => {
    const token = await register(node);
    const body = { name: 'Алина', birth_date: '2022-03-01' };
    const added = await server.ask('POST', children, { token, body });
    const child = `${children}/${String(added.body['id'])}`;
    return { token, child, photo: `${child}/photo` };
  };
  const put = (token: string, photo: string, body: Buffer, type = 'image/jpeg') =>
    server.ask('PUT', photo, { token, body, headers: { 'content-type': type } });
  const linkTo = async (token: string, photo: string): Promise<string> =>
    new URL(String((await server.ask('GET', photo, { token })).body['url'])).pathname;
  const show = (path: string) => server.ask('GET', path);
  /** What the flow would do with everything that happened so far. */
  const hearAll = async () => {
    const flow = createForgetGuestFlow({
      finishErasure: node.first.module.finishErasure,
      deleteFile: (key) => node.files.delete(key),
    });
    for (const event of await node.first.store.read(0, 10_000, flow.eventTypes)) {
      await flow.handle(await node.first.codec.decode(event));
    }
  };

  beforeAll(async () => {
    node = await openUserTestNode();
    server = await serve(node.first.module.routes, ownerTokens, node.clock);
    jpeg = await noise
      .withExif({ IFD0: { Copyright: 'Secret' }, IFD3: { GPSLatitude: '42/1 52/1 0/1' } })
      .jpeg()
      .toBuffer();
  });
  afterAll(async () => {
    await server?.close();
    await node?.close();
  });

  test('is shown through an address of its own, without what came with it, and never kept by who shows it', async () => {
    const { token, child, photo } = await parent();
    expect((await put(token, photo, jpeg)).status).toBe(204);
    expect((await server.ask('GET', child, { token })).body['has_photo']).toBe(true);
    const answer = await server.ask('GET', photo, { token });
    expect(answer.body['expires_at']).toBe('2026-11-24T06:35:00.000Z');
    expect(String(answer.body['url'])).toMatch(/^https:\/\/park\.example\/api\/v1\/photos\/[\w.-]+$/);
    const shown = await show(await linkTo(token, photo));
    expect(shown).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'image/jpeg',
        'cache-control': 'private, no-store',
        'x-content-type-options': 'nosniff',
      },
    });
    const { format, exif } = await sharp(shown.bytes).metadata();
    expect([format, exif]).toEqual(['jpeg', undefined]);
    expect(shown.bytes.includes('Secret')).toBe(false);
  });

  test('is in the export of its parent by an address that shows it', async () => {
    const { token, photo } = await parent();
    await put(token, photo, jpeg);
    const { body } = await server.ask('GET', '/api/v1/users/me/export', { token });
    const [child] = body['children'] as readonly { readonly photo_url: string }[];
    expect((await show(new URL(child?.photo_url ?? '').pathname)).status).toBe(200);
  });

  test('lies sealed under a name of ours', async () => {
    const { token, photo } = await parent();
    await put(token, photo, jpeg);
    const [stored] = await node.first.store.read((await node.first.store.headPosition()) - 1, 1);
    expect(stored?.type).toBe('ChildPhotoStored');
    expect(JSON.stringify(stored?.data)).not.toContain('children/');
    const key = await keyOf(token);
    expect(key).toMatch(new RegExp(`^children/${token}/[0-9a-f-]{36}$`));
    const bytes = Buffer.from((await node.files.get(key)) ?? []);
    expect(bytes.length).toBeGreaterThan(1000);
    expect(bytes.subarray(0, 3).toString('hex')).not.toBe('ffd8ff');
    await expect(sharp(bytes).metadata()).rejects.toThrow();
  });

  const keyOf = async (userId: string): Promise<string> => (await node.first.children.of(userId))[0]?.photoKey ?? '';

  test('an address that is over, was edited or was made up is 403', async () => {
    const { token, photo } = await parent();
    await put(token, photo, jpeg);
    const link = await linkTo(token, photo);
    const middle = Math.floor(link.length / 2);
    const edited = link.slice(0, middle) + (link[middle] === 'A' ? 'B' : 'A') + link.slice(middle + 1);
    for (const bad of [edited, `${link}A`, '/api/v1/photos/a.b', '/api/v1/photos/-']) {
      expect(await show(bad)).toMatchObject({ status: 403, body: { code: 'link_expired' } });
    }
    node.clock.advance(5 * 60_000 - 1);
    expect((await show(link)).status).toBe(200);
    node.clock.advance(1);
    expect((await show(link)).status).toBe(403);
    node.clock.set(NOON_MS);
    expect((await show('/api/v1/photos/..%2f..%2fetc')).status).toBe(400);
    expect(server.lines.join('')).not.toContain(link.slice(15));
  });

  test('of somebody else’s child is 404 in every way, as is one of no child', async () => {
    const [{ token, photo }, { token: stranger }] = [await parent(), await parent()];
    await put(token, photo, jpeg);
    for (const path of [photo, `${children}/${systemIds.next()}/photo`]) {
      expect((await put(stranger, path, jpeg)).status).toBe(404);
      expect((await server.ask('GET', path, { token: stranger })).status).toBe(404);
      expect((await server.ask('DELETE', path, { token: stranger })).status).toBe(404);
    }
    expect((await show(await linkTo(token, photo))).status).toBe(200);
  });

  test('a new one takes the place of the old one, whose address ends and whose file goes', async () => {
    const { token, photo } = await parent();
    await put(token, photo, jpeg);
    const [oldLink, oldKey] = [await linkTo(token, photo), await keyOf(token)];
    await put(token, photo, await noise.clone().resize(50).png().toBuffer(), 'image/png');
    expect((await show(oldLink)).status).toBe(404);
    const { width } = await sharp((await show(await linkTo(token, photo))).bytes).metadata();
    expect(width).toBe(50);
    await hearAll();
    expect(await node.files.get(oldKey)).toBeNull();
    expect((await show(await linkTo(token, photo))).status).toBe(200);
  });

  test('goes with a request for it, and with the child', async () => {
    const [one, other] = [await parent(), await parent()];
    for (const { token, photo } of [one, other]) await put(token, photo, jpeg);
    const keys = [await keyOf(one.token), await keyOf(other.token)];
    const links = [await linkTo(one.token, one.photo), await linkTo(other.token, other.photo)];
    expect((await server.ask('DELETE', one.photo, { token: one.token })).status).toBe(204);
    expect((await server.ask('DELETE', one.photo, { token: one.token })).body['code']).toBe('photo_not_found');
    expect((await server.ask('GET', one.photo, { token: one.token })).status).toBe(404);
    expect((await server.ask('GET', one.child, { token: one.token })).body['has_photo']).toBe(false);
    await server.ask('DELETE', other.child, { token: other.token });
    for (const link of links) expect((await show(link)).status).toBe(404);
    await hearAll();
    for (const key of keys) expect(await node.files.get(key)).toBeNull();
  });

  describe('is refused, and nothing is kept,', () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>');
    test.each([
      ['a drawing with a script', svg, 'image/svg+xml', 415, 'unsupported_media_type'],
      ['a drawing that says it is a PNG', svg, 'image/png', 415, 'unsupported_media_type'],
      ['a text', Buffer.from('../../etc/passwd'), 'text/plain', 415, 'unsupported_media_type'],
      ['nothing', Buffer.alloc(0), 'image/png', 400, 'unreadable_image'],
      ['a signature with noise', Buffer.from('ffd8ffe000104a46494600', 'hex'), 'image/jpeg', 400, 'unreadable_image'],
      ['more than 5 MB', Buffer.alloc(5 * 1024 * 1024 + 1, 7), 'image/jpeg', 413, 'payload_too_large'],
    ])('when it is %s', async (_what, body, type, status, code) => {
      const { token, photo } = await parent();
      expect(await put(token, photo, body, type)).toMatchObject({ status, body: { code } });
      expect(await keyOf(token)).toBe('');
    });

    test('when it has too many pixels or was cut short', async () => {
      const { token, photo } = await parent();
      const flood = { create: { width: 6000, height: 5000, channels: 3, background: '#000' } } as const;
      const large = await sharp(flood).png().toBuffer();
      expect((await put(token, photo, large, 'image/png')).status).toBe(413);
      expect((await put(token, photo, jpeg.subarray(0, jpeg.length / 2))).status).toBe(400);
      expect(await keyOf(token)).toBe('');
    });
  });

  test('whose event a crash swallowed is deleted an hour later, and none that a child has', async () => {
    const { token, photo } = await parent();
    await put(token, photo, jpeg);
    const kept = await keyOf(token);
    const orphan = `children/${token}/${systemIds.next()}`;
    await node.files.put(orphan, Buffer.from('sealed'));
    const [job] = node.first.module.jobs ?? [];
    const sweep = async (limit: number) => {
      const meta = { actor: 'system', correlationId: 'test' };
      for (let round = 0; round < 100; round += 1) {
        await job?.run({ limit, stopping: new AbortController().signal, meta });
      }
    };
    node.clock.set(Date.now());
    await sweep(2);
    expect(await node.files.get(orphan)).not.toBeNull();
    node.clock.set(Date.now() + 3_600_000);
    await sweep(2);
    expect(await node.files.get(orphan)).toBeNull();
    expect(await node.files.get(kept)).not.toBeNull();
    node.clock.set(NOON_MS);
  });

  test('of many stored at once one stays, and the files of the others go', async () => {
    const { token, photo } = await parent();
    const answers = await Promise.all(Array.from({ length: 6 }, () => put(token, photo, jpeg)));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(204));
    await hearAll();
    const kept = await keyOf(token);
    expect((await show(await linkTo(token, photo))).status).toBe(200);
    const events = await node.first.store.load(token);
    const stored = await Promise.all(events.events.map((event) => node.first.codec.decode(event)));
    const keys = stored.flatMap(({ type, data }) =>
      type === 'ChildPhotoStored' ? [String(Reflect.get(data, 'photoKey'))] : [],
    );
    expect(keys).toHaveLength(6);
    for (const key of keys) expect((await node.files.get(key)) !== null).toBe(key === kept);
  });
});
