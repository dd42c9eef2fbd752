import { accessSync, constants } from 'node:fs';
import { ownRabbitmq, ownRedis, type OwnServer } from '../support/own-server.ts';
import { hasSwift, ownSwift } from '../support/own-swift.ts';
import type { Settings } from '../support/product.ts';
import type { Provider } from './provider.ts';
import type { Part, Schedule } from './schedule.ts';

/** What headquarters stands on beside its database. */
export type Parts = {
  /** Where headquarters finds them. */
  readonly settings: Settings;
  /** Those that a schedule wants and this machine has not, with the reason. */
  readonly missing: ReadonlyMap<Part, string>;
  /** @returns why nothing came of it, or null */
  apply(part: Part | 'provider', what: 'kill' | 'start'): Promise<string | null>;
  startAll(): Promise<void>;
  dispose(): Promise<void>;
};

/** Why nothing came of killing something. */
export const ENDED = 'it had ended already';

type Opened = { readonly server: OwnServer; readonly settings: Settings };

async function openPart(part: Part): Promise<Opened> {
  switch (part) {
    case 'redis': {
      accessSync('/usr/bin/redis-server', constants.X_OK);
      const server = await ownRedis();
      return { server, settings: { REDIS_URL: server.url } };
    }
    case 'rabbitmq': {
      const server = await ownRabbitmq();
      return { server, settings: { RABBITMQ_URL: server.url } };
    }
    case 's3': {
      if (!hasSwift()) throw new Error('OpenStack Swift is not installed');
      const server = await ownSwift();
      const { endpoint, bucket, accessKey, secretKey } = server.access;
      const settings = {
        S3_ENDPOINT: endpoint,
        S3_BUCKET: bucket,
        S3_ACCESS_KEY: accessKey,
        S3_SECRET_KEY: secretKey,
      };
      return { server, settings };
    }
  }
}

/** Starts the parts that a schedule kills, each on data of its own; the others headquarters does without. */
export async function openParts({ steps }: Schedule, provider: Provider): Promise<Parts> {
  const wanted = new Set(steps.flatMap((step) => (step.do === 'kill_part' ? step.part : [])));
  const opened = new Map<Part, Opened>();
  const missing = new Map<Part, string>();
  for (const part of wanted) {
    if (part === 'provider') continue;
    let one: Opened | null = null;
    try {
      one = await openPart(part);
      await one.server.start();
      opened.set(part, one);
    } catch (error) {
      missing.set(part, error instanceof Error ? error.message : String(error));
      await one?.server.dispose();
    }
  }
  const running = new Set(opened.keys());
  async function set(part: Part, what: 'kill' | 'start'): Promise<string | null> {
    const server = opened.get(part)?.server;
    if (server === undefined) return missing.get(part) ?? 'it is not here';
    if (what === 'kill') {
      if (!running.delete(part)) return ENDED;
      await server.kill();
    }
    if (what === 'start' && !running.has(part)) {
      running.add(part);
      await server.start();
    }
    return null;
  }
  return {
    settings: Object.assign({}, ...[...opened.values()].map(({ settings }) => settings)) as Settings,
    missing,
    async apply(part, what) {
      if (part !== 'provider') return set(part, what);
      if (what === 'kill') return (await provider.kill()) ? null : ENDED;
      await provider.start();
      return null;
    },
    async startAll() {
      for (const part of opened.keys()) await set(part, 'start');
      await provider.start();
    },
    async dispose() {
      for (const { server } of opened.values()) await server.dispose();
    },
  };
}
