import pino from 'pino';
import { createManualClock, type ManualClock } from '../../src/infrastructure/clock.ts';
import { createHttpServer, type HttpServer } from '../../src/infrastructure/http/server.ts';
import type { Job } from '../../src/infrastructure/module.ts';
import type { NodeSigner } from '../../src/infrastructure/keys/node-signer.ts';
import { createPostPacked } from '../../src/infrastructure/outgoing-http/post-packed.ts';
import { StoreUnavailable, type StoredEvent } from '../../src/kernel/event-store.ts';
import type { Ids } from '../../src/kernel/ids.ts';
import { compose, type App } from '../../src/main/compose.ts';
import { composeHeadquarters, headquartersJobs } from '../../src/main/headquarters-lives.ts';
import { refusalOf } from '../../src/main/http-api.ts';
import { livesOf } from '../../src/main/park-lives.ts';
import { parkIdentity } from '../../src/main/park-sync.ts';
import { serverSettings } from '../../src/main/server-settings.ts';
import type { DatabaseSettings } from '../../src/infrastructure/postgres/database.ts';
import type { SyncState } from '../../src/sync/park/ports.ts';
import type { ParkSync } from '../../src/sync/park/sync-round.ts';
import { MOST_BYTES } from '../../src/sync/protocol/limits.ts';
import { enrol } from '../support/nodes.ts';
import { openParkSync } from '../support/park-sync.ts';
import { configOf } from '../support/product.ts';
import { answerOf } from './answer-of.ts';
import { knownCallers, tokenOf, type Caller } from './caller.ts';
import { onDisk } from './full-disk.ts';
import { HEADQUARTERS_URL, isForTheEnd, isUsed, noCashRegisters, settingsOf, type NodePlace } from './node-settings.ts';
import { createSimulatedIds } from './simulated-ids.ts';

export type Answer = {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly etag: string;
};

const META = { actor: 'system', correlationId: 'simulation' } as const;
const NEVER = new AbortController().signal;
const ROUND = 200;
/** So many events are read for the flows at once. */
const PAGE = 500;
/** As in the product: then the event waits for a person. */
const ATTEMPTS = 3;

type Running = {
  readonly app: App;
  readonly server: HttpServer;
  /** Null at headquarters. */
  readonly park: { readonly sync: ParkSync; readonly signer: NodeSigner } | null;
};

/** One node as it ships, on a PostgreSQL of its own: without timers, sockets or chance, moved step by step. */
export class SimNode {
  readonly place: NodePlace;
  readonly clock: ManualClock;
  readonly ids: Ids;
  /** What went wrong that nobody was told of. */
  readonly troubles: string[] = [];
  state: SyncState | null = null;
  /** Its database takes nothing any more. */
  isDiskFull = false;
  /** Counts what may have made its log longer. */
  stored = 0;
  #running: Running | null = null;
  /** How far the flows are; kept over a crash less what they had not said yet. */
  #position: number;
  /** What `stored` was when the flows had last read all there was. */
  #readAt = -1;
  #chances = 0;
  readonly #ranAtMs = new Map<string, number>();

  constructor(place: NodePlace, nowMs: number) {
    this.place = place;
    this.#position = place.heardTo;
    this.clock = createManualClock(nowMs);
    this.ids = createSimulatedIds(place.nodeId, place.dice, this.clock);
  }

  /** How far its flows have read its log. */
  get heardTo(): number {
    return this.#position;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  get app(): App {
    if (this.#running === null) throw new StoreUnavailable(`${this.place.nodeId} does not run`);
    return this.#running.app;
  }

  async start(): Promise<void> {
    const { databaseUrl, providers, parkId, connect, sleep } = this.place;
    const disk = { isFull: () => this.isDiskFull, onStored: () => void (this.stored += 1) };
    this.#readAt = -1;
    const config = configOf(settingsOf(this.place));
    const log = pino({ level: 'silent' });
    const world = {
      clock: this.clock,
      sleep,
      ids: this.ids,
      chance: () => this.#chance(),
      providers,
      connect: (settings: DatabaseSettings) => onDisk(connect(settings), disk),
      fiscalRegisters: noCashRegisters,
    };
    const setting = { config, log, databaseUrl, canSetRole: true, ...world };
    const app = parkId === null ? await composeHeadquarters(setting) : await compose(setting);
    const server = await createHttpServer({
      ...serverSettings(app),
      tokens: knownCallers(app.modules.tokens),
      isFresh: async () => true,
      routes: app.modules.routes.filter(isUsed),
      info: null,
      mapError: refusalOf,
    });
    await server.app.ready();
    this.#running = { app, server, park: parkId === null ? null : await this.#openPark(app) };
  }

  #chance(): number {
    this.#chances += 1;
    return this.place.dice.number(`chance/${this.place.nodeId}/${this.#chances}`);
  }

  async #openPark(app: App): Promise<Running['park']> {
    const { signer } = await parkIdentity(app);
    await livesOf(app, signer).settle();
    const sync = await openParkSync(app, this.clock, {
      ...this.#ways(),
      process: this.ids.next(),
      onState: (state) => {
        this.state = state;
      },
    });
    return { sync, signer };
  }

  /** What a park's node speaks with instead of the network and the system's chance. */
  #ways() {
    return {
      post: createPostPacked(this.place.fetch, HEADQUARTERS_URL, { timeoutMs: 600_000, mostBytes: MOST_BYTES }),
      secret: (bytes: number) => this.ids.secret(bytes),
    };
  }

  /** Makes this node of a park known. */
  enrolAt(headquarters: SimNode, homeFrom: string): Promise<void> {
    return enrol(headquarters.app, this.app, homeFrom, this.#ways());
  }

  /** As after kill -9 between two steps: what was not stored is gone. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    await running?.server.app.close();
    await running?.app.close();
  }

  /** One round of the talk with headquarters. @returns how it ended */
  async talk(): Promise<string> {
    const { park, app } = this.#running ?? {};
    if (park === undefined || park === null || app === undefined) return 'not running';
    try {
      await app.replication.seal(park.signer);
      const ended = await park.sync.round(NEVER);
      return `${ended} ${this.state?.verdict ?? 'none'}`;
    } catch (error) {
      if (this.isDiskFull && error instanceof StoreUnavailable) return 'the disk is full';
      throw error;
    }
  }

  /** Raw HTTP, as from the network. */
  async answer(url: string, init: RequestInit): Promise<Response> {
    if (this.#running === null) throw new Error('connection refused');
    return answerOf(this.#running.server, url, init);
  }

  /** Changes what somebody has just looked at. */
  async edit(caller: Caller, path: string, body: object): Promise<Answer> {
    const { etag } = await this.call(caller, 'GET', path);
    return this.call(caller, 'PATCH', path, body, etag);
  }

  /** What somebody does at this node, by its API. */
  async call(
    caller: Caller,
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    ifMatch?: string,
  ): Promise<Answer> {
    if (this.#running === null) return { status: 503, body: { code: 'does_not_run' }, etag: '' };
    const answer = await this.#running.server.app.inject({
      method,
      url: `/api/v1${path}`,
      headers: {
        ...(method === 'POST' ? { 'idempotency-key': this.ids.next() } : {}),
        authorization: `Bearer ${tokenOf(caller)}`,
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    if (answer.statusCode >= 500 && answer.statusCode !== 503) {
      this.troubles.push(`${method} ${path} answered ${answer.statusCode}: ${answer.body}`);
    }
    return {
      status: answer.statusCode,
      body: answer.body === '' ? {} : answer.json(),
      etag: String(answer.headers.etag ?? ''),
    };
  }

  /** Lets the flows read on to the end of the log. @returns how many events they heard */
  async react(): Promise<number> {
    if (this.#running === null) return 0;
    const { store } = this.#running.app;
    let heard = 0;
    while (this.#readAt !== this.stored) {
      const { stored } = this;
      const events = await store.read(this.#position, PAGE);
      for (const event of events) {
        if ((await this.#tell(event)) === 'later') return heard;
        this.#position = event.position;
        heard += 1;
      }
      if (events.length < PAGE) this.#readAt = stored;
    }
    return heard;
  }

  /** Flows hear so many events again, as when a reader died before it noted where it was. */
  forget(events: number): void {
    this.#position = Math.max(0, this.#position - events);
    this.#readAt = -1;
  }

  /** @returns `later` where its own disk is full: what is not handled now is handled when there is room */
  async #tell(event: StoredEvent): Promise<'told' | 'later'> {
    const { modules } = this.app;
    const flows = modules.flows.filter(({ eventTypes }) => eventTypes.includes(event.type));
    if (flows.length === 0) return 'told';
    const recorded = await modules.codec.decode(event);
    for (const flow of flows) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          await flow.handle(recorded);
          break;
        } catch (error) {
          if (this.isDiskFull && error instanceof StoreUnavailable) return 'later';
          if (attempt < ATTEMPTS) continue;
          this.troubles.push(`${flow.name} cannot handle ${event.type}: ${String(error)}`);
          break;
        }
      }
    }
    return 'told';
  }

  /** Does everything that is due by the clock of this node. */
  async work(): Promise<void> {
    if (this.#running === null) return;
    const { app } = this.#running;
    for (const job of [...app.modules.jobs, ...headquartersJobs(app)]) {
      const sinceMs = this.clock.now() - (this.#ranAtMs.get(job.name) ?? -Infinity);
      if (isForTheEnd(job) || (sinceMs >= 0 && sinceMs < job.everyMs)) continue;
      this.#ranAtMs.set(job.name, this.clock.now());
      await this.#do(job);
    }
  }

  /** Does what is put off until nothing moves any more. */
  async end(): Promise<void> {
    for (const job of this.app.modules.jobs.filter(isForTheEnd)) await this.#do(job);
  }

  async #do(job: Job): Promise<void> {
    try {
      await job.run({ limit: ROUND, stopping: NEVER, meta: META });
    } catch (error) {
      if (this.isDiskFull && error instanceof StoreUnavailable) return;
      this.troubles.push(`${job.name} failed: ${String(error)}`);
    }
  }
}
