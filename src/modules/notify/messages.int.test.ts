import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createMemorySubjectKeys } from '../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../infrastructure/event-store/vault.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import type { Contact, Letter, SendOutcome } from './application/ports.ts';
import type { Notice } from './contract.ts';
import { createNotifyModule, notifyManifest } from './module.ts';

const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
const never = new AbortController().signal;
const ROWS = statement('test.messages', 'select row_to_json(m)::text as row from notify.message m order by id');
const paid: Notice = { kind: 'ticket_paid', parkId: 'ala-archa', visitDate: '2026-12-08', people: 4 };

describeWithDatabase('messages to guests', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1), cachedForMs: 1 });
  const contacts = new Map<string, Contact>();
  let sent: (Letter & { readonly channel: string })[] = [];
  const askedFor: string[] = [];
  let mayText = true;
  let answer: SendOutcome = { kind: 'sent' };

  beforeAll(async () => {
    opened = await openModuleDatabase(notifyManifest, clock);
    node = await opened.startNode();
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    answer = { kind: 'sent' };
    clock.advance(86_400_000);
    await notify().sendMessages(never);
    sent = [];
  });

  function notify({ database } = node) {
    const messenger = (channel: string) => ({
      async send({ letter }: { readonly letter: Letter }): Promise<SendOutcome> {
        sent.push({ ...letter, channel });
        return answer;
      },
    });
    return createNotifyModule({
      database,
      vault,
      ids,
      clock,
      contactOf: async (userId) => contacts.get(userId) ?? null,
      parkNames: async () => ({ names: { ru: 'Ала-Арча', ky: 'Ала-Арча', en: 'Ala-Archa' }, timeZone: 'Asia/Bishkek' }),
      async mayText(_userId, phone) {
        askedFor.push(phone);
        return mayText;
      },
      messengers: { sms: messenger('sms'), email: messenger('email') },
    });
  }

  function guest(change: Partial<Contact> = {}): string {
    const userId = ids.next();
    contacts.set(userId, { phone: '+996555123456', email: null, language: 'en', ...change });
    return userId;
  }
  const tell = (userId: string, notice: Notice = paid, noticeId = ids.next()) =>
    notify().notifyGuest({ noticeId, userId, notice });
  const send = () => notify().sendMessages(never);

  test('a guest is told in the own language by text message, and by e-mail where one is known', async () => {
    await tell(guest());
    await tell(guest({ language: 'ru', email: 'a@example.com' }));
    await send();
    expect(sent).toHaveLength(3);
    expect(sent.find(({ text }) => text.startsWith('Ala-Archa'))).toMatchObject({
      channel: 'sms',
      to: '+996555123456',
    });
    expect(
      sent
        .filter(({ text }) => text.startsWith('Ала-Арча'))
        .map(({ channel }) => channel)
        .join(),
    ).toMatch(/^(sms,email|email,sms)$/);
  });

  test('of what costs nobody anything a text message goes only where one may be sent; an e-mail and paid tickets go always', async () => {
    const visit = { parkId: 'ala-archa', visitDate: '2026-12-08' };
    const free: readonly Notice[] = [
      { kind: 'new_device' },
      { kind: 'roles_changed' },
      { kind: 'hold_expired', ...visit },
      { kind: 'ticket_cancelled', refundTyiyn: 0n, ...visit },
    ];
    const paidFor: readonly Notice[] = [paid, { kind: 'ticket_cancelled', refundTyiyn: 1n, ...visit }];
    const userId = guest({ phone: '+77011234567', email: 'a@example.com' });
    mayText = false;
    for (const notice of [...free, ...paidFor]) await tell(userId, notice);
    await send();
    mayText = true;
    const by = (channel: string) => sent.filter((message) => message.channel === channel).length;
    expect([by('email'), by('sms')]).toEqual([6, 2]);
    expect(askedFor).toEqual(Array(4).fill('+77011234567'));
    for (const notice of free) await tell(userId, notice);
    await send();
    expect([by('email'), by('sms')]).toEqual([10, 6]);
  });

  test('an offer says until when in the time of the park', async () => {
    const untilMs = Date.parse('2026-12-05T06:30:00Z');
    await tell(guest(), { kind: 'place_offered', parkId: 'ala-archa', visitDate: '2026-12-08', untilMs });
    await send();
    expect(sent[0]?.text).toContain('12:30');
  });

  test('what is told ten times by two processes is sent once', async () => {
    const [userId, noticeId] = [guest(), ids.next()];
    const other = await opened.startNode();
    const both = [notify(), notify(other)];
    const told = Array.from({ length: 5 }, () =>
      both.map((one) => one.notifyGuest({ noticeId, userId, notice: paid })),
    );
    await Promise.all(told.flat());
    await Promise.all(both.map((one) => one.sendMessages(never)));
    expect(sent).toHaveLength(1);
  });

  test('a message that nobody takes is tried again, ever more rarely, and given up after half a day', async () => {
    answer = { kind: 'failed', reason: 'no answer' };
    await tell(guest());
    const startedAtMs = clock.now();
    for (const waitMs of [10_000, 60_000, 300_000, 1_800_000, 7_200_000, 36_000_000]) {
      await send();
      const tries = sent.length;
      clock.advance(waitMs - 1);
      await send();
      expect(sent).toHaveLength(tries);
      clock.advance(1);
    }
    await send();
    expect(sent).toHaveLength(7);
    expect(clock.now() - startedAtMs).toBeLessThan(13 * 3_600_000);
    clock.advance(86_400_000);
    await send();
    expect(sent).toHaveLength(7);
  });

  test('a message that is refused for good is not tried again', async () => {
    answer = { kind: 'refused', reason: 'no such number' };
    await tell(guest());
    await send();
    clock.advance(86_400_000);
    await send();
    expect(sent).toHaveLength(1);
  });

  test('whoever is erased before the message is sent is told nothing, and no account hears nothing', async () => {
    const userId = guest();
    await tell(userId);
    await vault.destroy(userId);
    await tell(ids.next());
    await send();
    expect(sent).toEqual([]);
  });

  test('a guest sees what was written to them, whether it was sent, and nobody else does', async () => {
    const [userId, other] = [guest({ email: 'a@example.com' }), guest()];
    await tell(other);
    await tell(userId);
    await send();
    await tell(userId, { kind: 'money_returned', amountTyiyn: 35_000n });
    const [first, ...rest] = await notify().messageRecords.ofUser(userId, null, 1);
    const kept = [first, ...rest, ...(await notify().messageRecords.ofUser(userId, first?.messageId ?? null, 10))];
    expect(kept).toHaveLength(4);
    expect(kept.filter((message) => message?.sentAtMs === clock.now())).toHaveLength(2);
    expect(kept.filter((message) => message?.sentAtMs === null)).toHaveLength(2);
    const addresses = new Set(kept.map((message) => message?.letter?.to));
    expect(addresses).toEqual(new Set(['+996555123456', 'a@example.com']));
    await vault.destroy(userId);
    expect((await notify().messageRecords.ofUser(userId, null, 10)).map(({ letter }) => letter)).toEqual(
      Array(4).fill(null),
    );
  });

  test('no row tells a number, an address or what was said', async () => {
    await tell(guest({ email: 'aida@example.com' }));
    const text = JSON.stringify(await node.database.rows(ROWS));
    for (const secret of ['996555123456', 'aida@example.com', 'Ala-Archa', 'QR code'])
      expect(text).not.toContain(secret);
  });
});
