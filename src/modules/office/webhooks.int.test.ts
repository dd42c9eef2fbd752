import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createMemorySubjectKeys } from '../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../infrastructure/event-store/vault.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import type { OutsidePost, PostOutcome } from '../../infrastructure/outgoing-http/post-outside.ts';
import { createCommandRunner } from '../../kernel/command-runner.ts';
import { createEventCodec } from '../../kernel/event-codec.ts';
import { createOfficeModule, officeManifest, type OfficeModule } from './module.ts';
import { createKeepWebhooks } from './application/keep-webhooks.ts';
import type { OutsideFact } from './contract.ts';
import { createDeliveries } from './persistence/deliveries.ts';
import { createEndpoints } from './persistence/endpoints.ts';

const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
const meta = { actor: 'user:admin', correlationId: 'test' };
const URL = 'https://hooks.example.com/skypark?key=very-secret';
const hmacSha256 = (keyBase64: string, text: string): string =>
  createHmac('sha256', Buffer.from(keyBase64, 'base64')).update(text).digest('base64');

const never = new AbortController().signal;

const listening = { url: URL, description: 'Accounting', topics: ['payment.succeeded'] as const, parkId: null };

const factOf = (change: Partial<OutsideFact> = {}): OutsideFact => ({
  eventId: ids.next(),
  topic: 'payment.succeeded',
  parkId: 'ala-archa',
  occurredAtMs: clock.now(),
  data: { payment_id: 'p', amount: '350.00' },
  ...change,
});

describeWithDatabase('webhooks to other systems', () => {
  let opened: ModuleDatabase;
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
  let node: TestNode;
  let sent: OutsidePost[] = [];
  let answer: (message: OutsidePost) => PostOutcome | Promise<PostOutcome> = () => ({ kind: 'answered', status: 204 });

  beforeAll(async () => {
    opened = await openModuleDatabase(officeManifest, clock);
    node = await opened.startNode();
  });
  afterAll(() => opened.close());
  beforeEach(() => {
    sent = [];
    answer = () => ({ kind: 'answered', status: 204 });
  });

  /** A process with its own connections. */
  function office({ store, database }: TestNode) {
    const runner = createCommandRunner({ store, codec: createEventCodec(officeManifest.events, vault), ids, clock });
    const outsideWorld = {
      faultOf: async (url: string) => (url.includes('127.0.0.1') ? 'does not lead to the public internet' : null),
      async post(message: OutsidePost): Promise<PostOutcome> {
        sent.push(message);
        return answer(message);
      },
    };
    const tools = { runner, store, database, vault, ids, clock, outsideWorld, hmacSha256 };
    const endpoints = createEndpoints(database, vault);
    const deliveries = createDeliveries(database, clock);
    const module: OfficeModule = createOfficeModule(tools);
    const addressFault = (url: string): Promise<string | null> => outsideWorld.faultOf(url);
    const instantText = (ms: number): string => String(ms);
    const keep = createKeepWebhooks({ ...tools, endpoints, deliveries, addressFault, instantText });
    return { module, keep, endpoints, deliveries, send: (stopping = never) => module.sendMessages(stopping, meta) };
  }

  async function added(change: Partial<Parameters<ReturnType<typeof office>['keep']['add']>[0]> = {}) {
    const result = await office(node).keep.add({ ...listening, ...change }, meta);
    if (!result.ok) throw new Error(result.refusal.code);
    return { id: result.value.endpoint.endpointId, secret: result.value.secret };
  }

  /** What was sent to one endpoint, by its address. */
  const sentTo = (url: string): OutsidePost[] => sent.filter((message) => message.url === url);
  const outcomes = async (endpointId: string) =>
    (await office(node).deliveries.ofEndpoint(endpointId, null, 100)).map(({ status, attempts, lastStatus }) => ({
      status,
      attempts,
      lastStatus,
    }));

  describe('a message', () => {
    test('is signed as the receiver can check with the secret alone', async () => {
      const url = `${URL}&a`;
      const { secret } = await added({ url });
      const { module, send } = office(node);
      const fact = factOf();
      await module.tellOutside(fact);
      await send();
      const [message] = sentTo(url);
      const {
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': signature,
      } = message?.headers ?? {};
      const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
      expect(key).toHaveLength(32);
      const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${message?.body}`).digest('base64');
      expect(signature).toBe(`v1,${expected}`);
      expect(id).toBe(fact.eventId);
      expect(Number(timestamp)).toBe(Math.floor(clock.now() / 1000));
      expect(JSON.parse(message?.body ?? '')).toEqual({
        type: 'payment.succeeded',
        timestamp: '2026-12-05T06:00:00.000Z',
        data: { park_id: 'ala-archa', payment_id: 'p', amount: '350.00' },
      });
    });

    test('for a day after a change of the secret carries a signature of the old one too', async () => {
      const url = `${URL}&b`;
      const { id } = await added({ url });
      const { module, keep, send } = office(node);
      await keep.replaceSecret(id, meta);
      const signatures = async () => {
        sent = [];
        await module.tellOutside(factOf());
        await send();
        return sentTo(url)[0]?.headers['webhook-signature']?.split(' ').length;
      };
      expect(await signatures()).toBe(2);
      clock.advance(24 * 3_600_000);
      expect(await signatures()).toBe(1);
    });

    test('goes to those who listen to its topic and its park', async () => {
      const [all, here, there, other] = [`${URL}&c1`, `${URL}&c2`, `${URL}&c3`, `${URL}&c4`];
      await added({ url: all });
      await added({ url: here, parkId: 'ala-archa' });
      await added({ url: there, parkId: 'asanbay' });
      await added({ url: other, topics: ['visit.admitted'] });
      const { module, send } = office(node);
      await module.tellOutside(factOf());
      await send();
      expect([all, here, there, other].map((url) => sentTo(url).length)).toEqual([1, 1, 0, 0]);
    });

    test('of an event that is told ten times by two processes is kept once', async () => {
      const url = `${URL}&d`;
      const { id } = await added({ url });
      const second = office(await opened.startNode());
      const fact = factOf();
      const tell = (index: number) => (index % 2 === 0 ? office(node) : second).module.tellOutside(fact);
      await Promise.all(Array.from({ length: 10 }, (_, index) => tell(index)));
      await Promise.all([office(node).send(), second.send()]);
      expect(sentTo(url)).toHaveLength(1);
      expect(await outcomes(id)).toEqual([{ status: 'delivered', attempts: 1, lastStatus: 204 }]);
    });
  });

  describe('a receiver that fails', () => {
    test('is tried ten times over 75 h 35 min, then its webhook is switched off', async () => {
      const url = `${URL}&e`;
      const { id } = await added({ url });
      const { module, endpoints, send } = office(node);
      answer = (message) => ({ kind: 'answered', status: message.url === url ? 500 : 204 });
      await module.tellOutside(factOf());
      const startedAtMs = clock.now();
      await send();
      for (let tries = 1; tries < 10; tries += 1) {
        expect(await outcomes(id)).toEqual([{ status: 'waiting', attempts: tries, lastStatus: 500 }]);
        const [waiting] = await office(node).deliveries.ofEndpoint(id, null, 1);
        clock.set((waiting?.nextTryAtMs ?? 0) - 1);
        await send();
        expect(sentTo(url)).toHaveLength(tries);
        clock.advance(1);
        await send();
      }
      expect(sentTo(url)).toHaveLength(10);
      expect(clock.now() - startedAtMs).toBe((75 * 60 + 35) * 60_000 + 5000);
      expect(await outcomes(id)).toEqual([{ status: 'given_up', attempts: 10, lastStatus: 500 }]);
      expect(await endpoints.find(id)).toMatchObject({ enabled: false, stoppedWhy: 'exhausted' });
    });

    test('with 410 is gone for good and hears nothing more', async () => {
      const url = `${URL}&f`;
      const { id } = await added({ url });
      const { module, endpoints, send } = office(node);
      answer = () => ({ kind: 'answered', status: 410 });
      await module.tellOutside(factOf());
      await send();
      await module.tellOutside(factOf());
      await send();
      expect(sentTo(url)).toHaveLength(1);
      expect(await endpoints.find(id)).toMatchObject({ enabled: false, stoppedWhy: 'gone' });
    });

    test('with a redirect, or by leading inside since it was named, has failed', async () => {
      const url = `${URL}&g`;
      const { id } = await added({ url });
      const { module, keep, send } = office(node);
      answer = () => ({ kind: 'answered', status: 302 });
      await module.tellOutside(factOf());
      await send();
      expect(await outcomes(id)).toEqual([{ status: 'waiting', attempts: 1, lastStatus: 302 }]);
      answer = () => ({ kind: 'refused', reason: 'the address does not lead to the public internet' });
      clock.advance(5000);
      await send();
      expect((await office(node).deliveries.ofEndpoint(id, null, 1))[0]?.lastError).toContain('public internet');
      expect(await keep.remove(id, meta)).toEqual({ ok: true, value: null });
    });

    test('that hangs when its process dies is tried again by another one a minute later', async () => {
      const url = `${URL}&h`;
      await added({ url });
      await office(node).module.tellOutside(factOf());
      answer = (message) => (message.url === url ? new Promise(() => undefined) : { kind: 'answered', status: 204 });
      const dying = new AbortController();
      void office(node).send(dying.signal);
      await expect.poll(() => sentTo(url).length).toBe(1);
      dying.abort();
      answer = () => ({ kind: 'answered', status: 204 });
      const second = office(await opened.startNode());
      await second.send();
      expect(sentTo(url)).toHaveLength(1);
      clock.advance(60_000);
      await second.send();
      expect(sentTo(url)).toHaveLength(2);
    });

    test('and hangs holds up no other one', async () => {
      const [slow, fast] = [`${URL}&j1`, `${URL}&j2`];
      await added({ url: slow });
      await added({ url: fast });
      const { module, send } = office(node);
      for (let told = 0; told < 20; told += 1) await module.tellOutside(factOf());
      let letGo = (): void => undefined;
      const released = new Promise<PostOutcome>((resolve) => {
        letGo = () => resolve({ kind: 'failed', reason: 'no answer within 15 s' });
      });
      answer = ({ url }) => (url === slow ? released : { kind: 'answered', status: 204 });
      const sending = send();
      await expect.poll(() => sentTo(fast).length, { timeout: 5000 }).toBe(20);
      // Whoever has fewer turns comes first, so the slow one has all of its own only once the others are served.
      await expect.poll(() => sentTo(slow).length).toBe(4);
      letGo();
      await sending;
      expect(sentTo(slow)).toHaveLength(20);
    });

    test('hears a message again when a person asks for it', async () => {
      const url = `${URL}&i`;
      const { id } = await added({ url });
      const { module, deliveries, send } = office(node);
      await module.tellOutside(factOf());
      await send();
      const [delivery] = await deliveries.ofEndpoint(id, null, 1);
      expect(await deliveries.retry(id, delivery?.deliveryId ?? '', clock.now())).toBe(true);
      expect(await deliveries.retry(ids.next(), delivery?.deliveryId ?? '', clock.now())).toBe(false);
      await send();
      expect(sentTo(url).map(({ headers }) => headers['webhook-id'])).toEqual([
        delivery?.messageId,
        delivery?.messageId,
      ]);
    });
  });

  describe('the list', () => {
    test('refuses an address that leads inside, when it is named and when it is changed', async () => {
      const { keep } = office(node);
      const inside = { ...listening, url: 'https://127.0.0.1/' };
      expect(await keep.add(inside, meta)).toMatchObject({ ok: false, refusal: { code: 'bad_address' } });
      const { id } = await added();
      const edit = { ...inside, enabled: true, seenVersion: 1 };
      expect(await keep.change(id, edit, meta)).toMatchObject({ ok: false, refusal: { code: 'bad_address' } });
    });

    test('loses no edit: of two who saw the same version one is refused', async () => {
      const { id } = await added();
      const second = office(await opened.startNode());
      const edit = { ...listening, enabled: false, seenVersion: 1 };
      const both = await Promise.all([office(node).keep.change(id, edit, meta), second.keep.change(id, edit, meta)]);
      expect(both.filter(({ ok }) => ok)).toHaveLength(1);
      expect(both.find(({ ok }) => !ok)).toMatchObject({ refusal: { code: 'stale_version' } });
    });

    test('keeps addresses and secrets sealed, in the log and in the rows', async () => {
      const { secret } = await added();
      const text = JSON.stringify([await opened.rows(), await node.store.read(0, 10_000)]);
      expect(text).not.toContain('very-secret');
      expect(text).not.toContain(secret);
      expect(text).not.toContain('whsec_');
    });

    test('rebuilt in ranges of any size is the same rows', async () => {
      const live = await opened.rows();
      expect(live['office.webhook_endpoints']?.length).toBeGreaterThan(5);
      for (const batch of [1, 3, 10_000]) {
        await opened.rebuild(batch);
        expect(await opened.rows()).toEqual(live);
      }
    });
  });
});
