import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { serve, type TestServer } from '../../../test/support/module-server.ts';
import { createForgetPicturesFlow } from '../../flows/forget-pictures.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createMemorySubjectKeys } from '../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../infrastructure/event-store/vault.ts';
import { createMemoryFileStore } from '../../infrastructure/files/memory-file-store.ts';
import { createImageCleaner } from '../../infrastructure/images/clean-image.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createZone } from '../../infrastructure/zone.ts';
import { createEventCodec } from '../../kernel/event-codec.ts';
import { editorTokens as tokens } from './editors.suite.ts';
import { newParkExample } from './http/park-examples.ts';
import { createParkModule, parkManifest, type ParkModule } from './module.ts';

const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
const PARK = '/api/v1/parks/ala-archa';

describeWithDatabase('pictures of a park', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  let parks: ParkModule;
  let server: TestServer;
  let jpeg: Buffer;
  const files = createMemoryFileStore();

  beforeAll(async () => {
    opened = await openModuleDatabase(parkManifest, clock);
    node = await opened.startNode();
    parks = createParkModule({
      gateLag: async () => null,
      ...node,
      ids,
      clock,
      zone: createZone(),
      files,
      cleanImage: createImageCleaner(clock),
      onError: () => undefined,
      occupancy: async (parkIds) => parkIds.map(() => 0),
      placesOfDays: async (_parkId, dates) => dates.map(() => null),
      followQuota: async () => undefined,
    });
    server = await serve(parks.routes, tokens, clock);
    for (const id of ['ala-archa', 'asanbay'])
      await server.ask('POST', '/api/v1/parks', { token: 'admin', body: { ...newParkExample, id } });
    const blue = { create: { width: 60, height: 40, channels: 3, background: '#00f' } } as const;
    jpeg = await sharp(blue)
      .withExif({ IFD0: { Copyright: 'Secret' } })
      .jpeg()
      .toBuffer();
  });
  afterAll(async () => {
    await server.close();
    await opened.close();
  });

  const add = (more: { park?: string; token?: string; body?: Buffer; type?: string; key?: string } = {}) => {
    const { park = PARK, token = 'manager', body = jpeg, type = 'image/jpeg', key } = more;
    const headers = { 'content-type': type, ...(key === undefined ? {} : { 'idempotency-key': key }) };
    return server.ask('POST', `${park}/images`, { token, body, headers });
  };
  const added = async (): Promise<string> => String((await add()).body['url']);
  const shown = async () => {
    const { body, headers } = await server.ask('GET', PARK);
    return { images: body['images'] as readonly string[], etag: String(headers['etag']) };
  };
  const put = async (images: readonly string[], token = 'manager', etag?: string) =>
    server.ask('PUT', `${PARK}/images`, {
      token,
      body: { images },
      headers: { 'if-match': etag ?? (await shown()).etag },
    });
  const fileOf = (address: string) => files.get(`parks/ala-archa/${address.split('/').at(-1)}`);
  const hearAll = async () => {
    const flow = createForgetPicturesFlow(parks);
    const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
    const codec = createEventCodec(parkManifest.events, vault);
    for (const event of await node.store.read(0, 10_000, flow.eventTypes)) await flow.handle(await codec.decode(event));
  };

  test('are drawn anew, shown to everybody, and kept by caches', async () => {
    const answer = await add();
    expect(answer).toMatchObject({ status: 201, headers: { location: answer.body['url'] } });
    expect((await shown()).images).toEqual([answer.body['url']]);
    const picture = await server.ask('GET', String(answer.body['url']));
    expect(picture).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'image/jpeg',
        'cache-control': 'public, max-age=31536000, immutable',
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
      },
    });
    expect((await sharp(picture.bytes).metadata()).width).toBe(60);
    expect(picture.bytes.includes('Secret')).toBe(false);
    await put([]);
  });

  test('are put in order beside those elsewhere, each time from the newest version', async () => {
    const [one, two] = [await added(), await added()];
    const elsewhere = 'https://images.example/1.jpg';
    const { etag } = await shown();
    const ordered = await put([two, elsewhere, one], 'manager', etag);
    expect(ordered).toMatchObject({ status: 200, body: { images: [two, elsewhere, one] } });
    expect((await put([one], 'manager', etag)).status).toBe(412);
    expect((await server.ask('PUT', `${PARK}/images`, { token: 'manager', body: { images: [] } })).status).toBe(428);
    // The version that the answer tells is the one to edit from, also after something was removed.
    const fewer = await put([one], 'manager', String(ordered.headers['etag']));
    expect((await put([], 'manager', String(fewer.headers['etag']))).status).toBe(200);
  });

  test('are gone with their files once they are not listed, and cannot be listed again', async () => {
    const [gone, kept] = [await added(), await added()];
    await put([kept]);
    expect(await server.ask('GET', gone)).toMatchObject({ status: 404, body: { code: 'photo_not_found' } });
    await hearAll();
    expect([await fileOf(gone), (await fileOf(kept)) === null]).toEqual([null, false]);
    expect((await server.ask('GET', kept)).status).toBe(200);
    expect((await put([gone, kept])).status).toBe(400);
    await put([]);
  });

  test.each([
    ['of another park', '/api/v1/parks/asanbay/images/01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e'],
    ['never uploaded', `${PARK}/images/01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e`],
    ['without https', 'http://images.example/1.jpg'],
    ['in a script', 'javascript:alert(1)'],
  ])('%s cannot be listed', async (_what, image) => {
    expect((await put([image])).status).toBe(400);
    expect((await server.ask('GET', `${PARK}/images/${ids.next()}`)).status).toBe(404);
  });

  test('are at most twenty, however many come at once, and a refused one leaves no event', async () => {
    await put(Array.from({ length: 18 }, (_, index) => `https://images.example/${index}.jpg`));
    const answers = await Promise.all(Array.from({ length: 5 }, () => add()));
    for (const [status, count] of [
      [201, 2],
      [409, 3],
    ])
      expect(answers.filter((answer) => answer.status === status)).toHaveLength(count ?? 0);
    expect((await shown()).images).toHaveLength(20);
    await put([]);
  });

  test('are added once by a request that is repeated', async () => {
    const [first, again] = [await add({ key: 'picture-1' }), await add({ key: 'picture-1' })];
    expect(again.body).toEqual(first.body);
    expect((await shown()).images).toEqual([first.body['url']]);
    await put([]);
  });

  test.each([
    ['admin', 201],
    ['other', 403],
    ['gate', 403],
    ['guest', 403],
  ])('may be added by %s: %i', async (token, status) => {
    expect((await add({ token })).status).toBe(status);
    expect((await put([], token)).status).toBe(status === 201 ? 200 : 403);
  });

  test('are of a park that exists', async () => {
    expect(await add({ park: '/api/v1/parks/nowhere', token: 'admin' })).toMatchObject({ status: 404 });
  });

  describe('are refused', () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>');
    test.each([
      ['a drawing', svg, 'image/svg+xml', 415, 'unsupported_media_type'],
      ['a drawing that says it is a PNG', svg, 'image/png', 415, 'unsupported_media_type'],
      ['nothing', Buffer.alloc(0), 'image/png', 400, 'unreadable_image'],
      ['a signature with noise', Buffer.from('ffd8ffe000104a46494600', 'hex'), 'image/jpeg', 400, 'unreadable_image'],
      ['more than 5 MB', Buffer.alloc(5 * 1024 * 1024 + 1, 7), 'image/jpeg', 413, 'payload_too_large'],
    ])('when it is %s', async (_what, body, type, status, code) => {
      expect(await add({ body, type })).toMatchObject({ status, body: { code } });
      expect((await shown()).images).toEqual([]);
    });
  });
});
