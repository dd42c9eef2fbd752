import { createManualClock } from '../../infrastructure/clock.ts';
import { createMemoryEventStore } from '../../infrastructure/event-store/memory-store.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createZone } from '../../infrastructure/zone.ts';
import { createCommandRunner, step, type CommandRunner } from '../../kernel/command-runner.ts';
import { createEventCodec, type Recorded } from '../../kernel/event-codec.ts';
import type { Append, EventStore, JsonObject, StoredEvent } from '../../kernel/event-store.ts';
import type { Flow } from '../../kernel/flow.ts';
import type { Vault } from '../../kernel/vault.ts';
import { createGrantsFlow, createShareFlow } from '../../flows/shares.ts';
import { createFenceShares } from '../../modules/booking/application/fence-shares.ts';
import { createFollowQuota } from '../../modules/booking/application/follow-quota.ts';
import { createGrantShares } from '../../modules/booking/application/grant-shares.ts';
import { createHoldShare } from '../../modules/booking/application/hold-share.ts';
import { createOpenDay } from '../../modules/booking/application/open-day.ts';
import type { ParkDays } from '../../modules/booking/application/ports.ts';
import { createTakePlaces } from '../../modules/booking/application/take-places.ts';
import { capacityAccount, freeAndDeficit } from '../../modules/booking/domain/capacity.ts';
import { parkShare } from '../../modules/booking/domain/park-share.ts';
import { terms } from '../../modules/booking/domain/ticket.suite.ts';
import { ticket } from '../../modules/booking/domain/ticket.ts';
import { bookingEvents } from '../../modules/booking/persistence/events.ts';
import { ShareAccounts } from './share-accounts.ts';

export const PARK = 'ala-archa';
export const DATE = '2026-12-05';
const OPENS_MS = Date.parse('2026-12-05T04:00:00Z');
const META = { actor: 'system', correlationId: 'test' };
const MINUTE_MS = 60_000;

/** Nothing of this is personal. */
const openVault: Vault = {
  seal: async (_subject, text) => text,
  open: async (sealed) => sealed,
  blindIndex: () => '',
  destroy: async () => undefined,
};
const codec = createEventCodec(bookingEvents, openVault);

type Entry = { readonly event: Recorded; readonly incarnation: string };
type Seat = 'hq' | 'park';

/** Headquarters and the node of one park, with nothing between them but what a test carries. */
export class ShareWorld {
  readonly clock = createManualClock(OPENS_MS);
  quota: number;
  highestQuota: number;
  /** Places that people hold tickets for, whoever remembers having sold them. */
  soldForGood = 0;
  readonly accounts = new ShareAccounts();
  readonly #hq: EventStore = createMemoryEventStore({ clock: this.clock });
  #park: EventStore = createMemoryEventStore({ clock: this.clock });
  #parkAppends: (readonly [Append, string])[] = [];
  #incarnation = 'first';
  #seenAtHq = 0;
  #pulledTo = 0;
  readonly #told = new Set<string>();
  #parkLog: Entry[] = [];
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
    const store = at === 'hq' ? this.#hq : this.#recording();
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
      ownIncarnation: async () => this.#incarnation,
      walkUpShares: async () => [{ parkId: PARK, percent: 20 }],
      parkDays: this.#parkDays,
    };
  }

  /** The park's store, and a memory of what it was told, for restores. */
  #recording(): EventStore {
    const store = this.#park;
    return {
      ...bound(store),
      append: async (append) => {
        const answer = await store.append(append);
        if (answer.outcome === 'stored') this.#parkAppends.push([append, this.#incarnation]);
        return answer;
      },
    };
  }

  #atHq() {
    const tools = this.#tools('hq');
    const openDay = createOpenDay({ ...tools, followQuota: createFollowQuota(tools) });
    return { ...tools, openDay, shares: createGrantShares({ ...tools, openDay }) };
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
    const { runner, openDay } = at === 'hq' ? this.#atHq() : this.#atPark();
    const takePlaces = createTakePlaces({ runner, clock: this.clock, expiredHolds: async () => [], openDay });
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
    const events = await this.#hq.read(from, count);
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
    for (const { event, incarnation } of untold) {
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
    await this.#hq.append({ streams: [{ streamId, aggregateType, expected: 'any', events }], transfers: [], context });
  }

  /** The park's database is as it was some appends ago, and its log begins anew. */
  async restore(lostAppends: number): Promise<void> {
    const kept = this.#parkAppends.slice(0, Math.max(0, this.#parkAppends.length - lostAppends));
    this.#park = createMemoryEventStore({ clock: this.clock });
    for (const [append] of kept) await this.#park.append({ ...append, ...NO_CHAIN });
    const head = await this.#park.headPosition();
    this.#parkLog = this.#parkLog.slice(0, head);
    this.#parkAppends = [...kept];
    this.#pulledTo = 0;
    this.#incarnation = ids.next();
    const { runner, fence } = this.#atPark();
    const done = await runner.runAll(await fence(this.#incarnation), META);
    if (!done.ok) throw new Error(`the fence was refused as ${done.refusal.code}`);
    for (const one of this.#open.filter(({ at }) => at === 'park')) this.#open.splice(this.#open.indexOf(one), 1);
    await this.#look();
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
    for (const stored of await this.#hq.read(this.#seenAtHq, 1_000)) {
      const event = await codec.decode(stored);
      if (isOfHq(stored))
        this.accounts.see(event, { nodeId: 'hq', incarnation: 'hq', isOwn: true, isHeadquarters: false });
      this.#seenAtHq = stored.position;
    }
    for (const stored of await this.#park.read(this.#parkLog.length, 1_000)) {
      this.#parkLog.push({ event: await codec.decode(stored), incarnation: this.#incarnation });
    }
    const flow = createGrantsFlow(this.#atHq().shares);
    const own = await this.#hq.read(this.#coveredTo, 1_000);
    for (const stored of own) {
      this.#coveredTo = stored.position;
      if (stored.type === 'DayQuotaChanged') await handle(flow, await codec.decode(stored));
    }
  }
  #coveredTo = 0;

  async hqPlaces() {
    const buckets = ['free', 'held', 'sold', 'granted'] as const;
    const [free = 0, held = 0, sold = 0, granted = 0] = await this.#hq.balances(
      buckets.map((bucket) => capacityAccount(PARK, DATE, bucket)),
    );
    return { ...freeAndDeficit(free), held, sold, granted };
  }

  async parkFree(): Promise<number> {
    return (await this.#park.balances([capacityAccount(PARK, DATE, 'free')]))[0] ?? 0;
  }
}

const isOfHq = ({ aggregateType }: StoredEvent): boolean => aggregateType !== parkShare.aggregateType;

const NO_CHAIN = { chain: undefined } as unknown as Pick<Append, never>;

const bound = (store: EventStore): Omit<EventStore, 'append'> => ({
  nodeId: store.nodeId,
  load: (...asked) => store.load(...asked),
  read: (...asked) => store.read(...asked),
  headPosition: () => store.headPosition(),
  balances: (accounts) => store.balances(accounts),
  ownerOf: (scope, key) => store.ownerOf(scope, key),
  findCommand: (commandId) => store.findCommand(commandId),
});

const handle = async (flow: Flow, event: Recorded): Promise<void> => {
  if (flow.eventTypes.includes(event.type)) await flow.handle(event);
};
