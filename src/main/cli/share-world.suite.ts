import { createManualClock } from '../../infrastructure/clock.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createZone } from '../../infrastructure/zone.ts';
import { createCommandRunner, step, type CommandRunner } from '../../kernel/command-runner.ts';
import type { Recorded } from '../../kernel/event-codec.ts';
import type { JsonObject, StoredEvent } from '../../kernel/event-store.ts';
import { createGrantsFlow, createShareFlow } from '../../flows/shares.ts';
import { createFenceShares } from '../../modules/booking/application/fence-shares.ts';
import { createFollowQuota } from '../../modules/booking/application/follow-quota.ts';
import { createGrantShares } from '../../modules/booking/application/grant-shares.ts';
import { createHoldShare } from '../../modules/booking/application/hold-share.ts';
import { createOpenDay } from '../../modules/booking/application/open-day.ts';
import type { ParkDays } from '../../modules/booking/application/ports.ts';
import { createRecallTickets, type MaybeForgotten } from '../../modules/booking/application/recall-tickets.ts';
import { createRememberPlaces } from '../../modules/booking/application/remember-places.ts';
import { createRememberSale } from '../../modules/booking/application/remember-sales.ts';
import { createTakePlaces } from '../../modules/booking/application/take-places.ts';
import { capacityAccount, freeAndDeficit } from '../../modules/booking/domain/capacity.ts';
import { parkShare } from '../../modules/booking/domain/park-share.ts';
import { terms } from '../../modules/booking/domain/ticket.suite.ts';
import { ticket } from '../../modules/booking/domain/ticket.ts';
import { codec, handle, RestoredStore } from './restored-store.suite.ts';
import { ShareAccounts } from './share-accounts.ts';

export const PARK = 'ala-archa';
export const DATE = '2026-12-05';
const OPENS_MS = Date.parse('2026-12-05T04:00:00Z');
const META = { actor: 'system', correlationId: 'test' };
const MINUTE_MS = 60_000;

type Entry = { readonly event: Recorded; readonly incarnation: string };
type Seat = 'hq' | 'park';
type Known = Awaited<ReturnType<MaybeForgotten>>[number];

/** Headquarters and the node of one park, with nothing between them but what a test carries. */
export class ShareWorld {
  readonly clock = createManualClock(OPENS_MS);
  quota: number;
  highestQuota: number;
  /** Places that people hold tickets for, whoever remembers having sold them. */
  soldForGood = 0;
  accounts = new ShareAccounts();
  readonly #hq = new RestoredStore(this.clock);
  readonly #park = new RestoredStore(this.clock);
  #incarnation = 'first';
  #hqLife = 'first of headquarters';
  /** Headquarters was set back, and nobody has said yet that it may sell. */
  isFenced = false;
  #seenAtHq = 0;
  #pulledTo = 0;
  readonly #told = new Set<string>();
  #parkLog: Entry[] = [];
  /** What headquarters has sold, whether it remembers or not. */
  readonly #soldAtHq: Known[] = [];
  readonly #open: { readonly at: Seat; readonly ticketId: string; readonly places: number }[] = [];

  constructor(quota: number) {
    this.quota = quota;
    this.highestQuota = quota;
  }

  readonly #parkDays: ParkDays = async () => ({
    timeZone: 'Asia/Bishkek',
    hours: { openTime: '10:00', closeTime: '21:00' },
    dayQuota: this.quota,
    priceUnder3Tyiyn: 0n,
    priceOver3Tyiyn: 0n,
    priceAdultTyiyn: 0n,
    groupPercent: 0,
  });

  #tools(at: Seat) {
    const { store } = at === 'hq' ? this.#hq : this.#park;
    const runner = createCommandRunner({ store, codec, ids, clock: this.clock });
    return {
      store,
      runner,
      ids,
      clock: this.clock,
      zone: createZone(),
      nodeId: at,
      homeOf: async () => 'park',
      incarnationOf: async () => this.#incarnation,
      ownIncarnation: async () => (at === 'hq' ? this.#hqLife : this.#incarnation),
      isFenced: async () => at === 'hq' && this.isFenced,
      walkUpShares: async () => [{ parkId: PARK, percent: 20 }],
      parkDays: this.#parkDays,
    };
  }

  #atHq() {
    const tools = this.#tools('hq');
    const openDay = createOpenDay({ ...tools, followQuota: createFollowQuota(tools) });
    const told = { ...tools, openDay };
    const rememberSale = createRememberSale({ ...tools, signAdmissionCode: () => 'code' });
    const shares = { ...createGrantShares(told), ...createRememberPlaces({ ...told, rememberSale }) };
    return { ...told, shares };
  }

  #atPark() {
    const tools = this.#tools('park');
    const ownHolds = async () => this.#holdsOf(tools.runner);
    return {
      ...tools,
      openDay: null,
      shares: createHoldShare(tools),
      fence: createFenceShares({
        ...tools,
        ownHolds,
        sharesLeft: async () =>
          [{ parkId: PARK, date: DATE, free: await this.parkFree() }].filter(({ free }) => free > 0),
      }),
    };
  }

  async sell(at: Seat, places: number): Promise<void> {
    const { runner, openDay, isFenced } = at === 'hq' ? this.#atHq() : this.#atPark();
    const takePlaces = createTakePlaces({ runner, clock: this.clock, expiredHolds: async () => [], openDay, isFenced });
    const ticketId = ids.next();
    const of = { ...terms, ticketId, parkId: PARK, visitDate: DATE, places, subjectId: ticketId };
    const command = { kind: 'hold', terms: of, admissionCode: null } as const;
    const steps = [step(ticket, ticketId, command, { isNew: true })];
    const done = await takePlaces({ parkId: PARK, date: DATE, dayQuota: this.quota, steps, meta: META });
    if (done.ok) this.#open.push({ at, ticketId, places });
    await this.#look();
  }

  /** The oldest ticket that is held is paid for, or its hold ends. */
  async settle(how: 'pay' | 'expire'): Promise<void> {
    const one = this.#open.shift();
    if (one === undefined) return;
    const { runner } = this.#tools(one.at);
    const nowMs = terms.createdAtMs;
    const { paidTyiyn, paymentId } = { paidTyiyn: terms.priceTyiyn, paymentId: 'payment' };
    const paying = { kind: 'settle', paymentId, paidTyiyn, nowMs, admissionCode: 'code' } as const;
    const command = how === 'pay' ? paying : ({ kind: 'expire', nowMs: terms.expiresAtMs } as const);
    const done = await runner.run(ticket, one.ticketId, command, META);
    const isSold = done.ok && done.value.events.some(({ type }) => type === 'TicketActivated');
    if (isSold) this.soldForGood += one.places;
    if (isSold && one.at === 'hq') this.#soldAtHq.push({ ...one, parkId: PARK, date: DATE });
    await this.#look();
  }

  async changeQuota(quota: number): Promise<void> {
    this.quota = quota;
    this.highestQuota = Math.max(this.highestQuota, quota);
    await createFollowQuota(this.#atHq())(PARK, DATE, META);
    await this.#look();
  }

  async grantWalkUps(): Promise<void> {
    await this.#atHq().shares.grantWalkUps(META);
    await this.#look();
  }

  async tend(minutes: number): Promise<void> {
    this.clock.set(this.clock.now() + minutes * MINUTE_MS);
    await this.#atPark().shares.tend(META);
    await this.#look();
  }

  /** Headquarters' newest facts reach the park. @param repeated some of them for the second time */
  async pull(count: number, repeated: boolean): Promise<void> {
    const from = repeated ? Math.max(0, this.#pulledTo - count) : this.#pulledTo;
    const flow = createShareFlow(this.#atPark().shares);
    const events = await this.#hq.store.read(from, count);
    for (const stored of events.filter(isOfHq)) await handle(flow, await codec.decode(stored));
    this.#pulledTo = Math.max(this.#pulledTo, from + events.length);
    await this.#look();
  }

  /** The park's oldest untold facts reach headquarters. */
  async push(count: number, repeated: boolean): Promise<void> {
    const flow = createGrantsFlow(this.#atHq().shares);
    const untold = this.#parkLog.filter(({ event }) => !this.#told.has(event.meta.id)).slice(0, count);
    // All of it is in headquarters' log before any of it is answered.
    for (const { event } of untold) await this.#keepAtHq(event);
    for (const { event: written, incarnation } of untold) {
      const event = { ...written, meta: { ...written.meta, incarnation } };
      this.#told.add(event.meta.id);
      this.accounts.see(event, { nodeId: 'park', incarnation, isOwn: false, isHeadquarters: false });
      await handle(flow, event);
      if (repeated) await handle(flow, event);
    }
    await this.#look();
  }

  /** What the park says of its share is read by headquarters, too. */
  async #keepAtHq({ type, data, meta }: Recorded): Promise<void> {
    const { id, schemaVersion, streamId, aggregateType } = meta;
    if (aggregateType !== parkShare.aggregateType) return;
    const events = [{ id, type, schemaVersion, data: data as JsonObject }];
    const context = { ...META, parkId: PARK, occurredAtMs: meta.occurredAtMs };
    await this.#hq.store.append({
      streams: [{ streamId, aggregateType, expected: 'any', events }],
      transfers: [],
      context,
    });
  }

  /** The park's database is as it was some appends ago, and its log begins anew. */
  async restore(lostAppends: number): Promise<void> {
    await this.#park.restore(lostAppends);
    this.#parkLog = this.#parkLog.slice(0, await this.#park.store.headPosition());
    this.#pulledTo = 0;
    this.#incarnation = ids.next();
    const { runner, fence } = this.#atPark();
    const done = await runner.runAll(await fence(this.#incarnation), META);
    if (!done.ok) throw new Error(`the fence was refused as ${done.refusal.code}`);
    for (const one of this.#open.filter(({ at }) => at === 'park')) this.#open.splice(this.#open.indexOf(one), 1);
    await this.#look();
  }

  /** Headquarters' database is as it was some appends ago; its park had read all of them, and tells it of what it knows. */
  async setBack(lostAppends: number): Promise<void> {
    await this.pull(1_000, false);
    await this.#hq.restore(lostAppends);
    const head = await this.#hq.store.headPosition();
    [this.#hqLife, this.isFenced, this.accounts] = [ids.next(), true, new ShareAccounts()];
    [this.#seenAtHq, this.#coveredTo, this.#pulledTo] = [0, head, 0];
    this.#told.clear();
    const { runner } = this.#atHq();
    for (const one of this.#open.filter(({ at }) => at === 'hq')) {
      const isLost = (await runner.stateOf(ticket, one.ticketId)).state.terms === null;
      if (isLost) this.#open.splice(this.#open.indexOf(one), 1);
    }
    const recallTickets = createRecallTickets({ ...this.#tools('park'), maybeForgotten: async () => this.#soldAtHq });
    // The quota of the park is in the same database.
    await createFollowQuota(this.#atHq())(PARK, DATE, META);
    await recallTickets({ incarnation: this.#hqLife, previous: { incarnation: 'before', seq: 0 } }, META);
    await this.#look();
  }

  /** Headquarters has heard all that the park says, and somebody lets it sell again. */
  async lift(): Promise<void> {
    await this.push(1_000, false);
    this.isFenced = false;
  }

  /** What the park remembers as held. */
  async #holdsOf(runner: CommandRunner) {
    const states = await Promise.all(
      this.#open.map(async (one) => ({ ...one, status: (await runner.stateOf(ticket, one.ticketId)).state.status })),
    );
    const held = states.filter(({ at, status }) => at === 'park' && status === 'held');
    return held.map(({ ticketId, places }) => ({ ticketId, places, parkId: PARK, date: DATE }));
  }

  /** Own facts are told to the accounts of headquarters; the park's wait for a push. */
  async #look(): Promise<void> {
    for (const stored of await this.#hq.store.read(this.#seenAtHq, 1_000)) {
      const event = await codec.decode(stored);
      if (isOfHq(stored))
        this.accounts.see(event, { nodeId: 'hq', incarnation: 'hq', isOwn: true, isHeadquarters: false });
      this.#seenAtHq = stored.position;
    }
    for (const stored of await this.#park.store.read(this.#parkLog.length, 1_000)) {
      this.#parkLog.push({ event: await codec.decode(stored), incarnation: this.#incarnation });
    }
    const flow = createGrantsFlow(this.#atHq().shares);
    const own = await this.#hq.store.read(this.#coveredTo, 1_000);
    for (const stored of own) {
      this.#coveredTo = stored.position;
      if (stored.type === 'DayQuotaChanged') await handle(flow, await codec.decode(stored));
    }
  }
  #coveredTo = 0;

  async hqPlaces() {
    const buckets = ['free', 'held', 'sold', 'granted', 'written_off'] as const;
    const [free = 0, held = 0, sold = 0, granted = 0, lost = 0] = await this.#hq.store.balances(
      buckets.map((bucket) => capacityAccount(PARK, DATE, bucket)),
    );
    return { ...freeAndDeficit(free), held, sold, granted, lost };
  }

  async parkFree(): Promise<number> {
    return (await this.#park.store.balances([capacityAccount(PARK, DATE, 'free')]))[0] ?? 0;
  }
}

const isOfHq = ({ aggregateType }: StoredEvent): boolean => aggregateType !== parkShare.aggregateType;
