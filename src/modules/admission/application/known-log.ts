import { assert } from '../../../kernel/assert.ts';
import type { CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { parseAdmissionCode } from '../domain/admission-code.ts';
import type { LogEntry } from '../domain/device-log.ts';
import { mergedLog, type LogPlace, type MergedEntry, type QuarantinedEntry } from '../domain/merged-log.ts';
import { hourOf } from '../domain/quota.ts';
import type { KeyedDevice } from './device-certificates.ts';

type KnownEntry = LogPlace & { readonly overQuota: boolean };

/** Port: the logs of devices as far as they were merged. */
export type DeviceLogs = {
  head(deviceId: string): Promise<LogPlace>;
  /** In the order of the log. */
  entries(deviceId: string, first: number, last: number): Promise<readonly KnownEntry[]>;
  /** How many people a device let in alone in some hours; hours without any may be missing. */
  admittedIn(deviceId: string, hours: readonly number[]): Promise<ReadonlyMap<number, number>>;
};

/** A part of a device's log, truly signed. */
export type Batch = {
  readonly device: KeyedDevice;
  /** Link of the entry before the first. */
  readonly previousLink: string;
  /** At least one, dense. */
  readonly entries: readonly (LogEntry & { readonly link: string })[];
};

type KnownLog = {
  /** The first entry of which there are two, when the batch goes on from another log than the node has; else null. */
  forkIn(batch: Batch, head: LogPlace): Promise<number | null>;
  /** Keeps a batch of a fork, without its codes; told twice, once. */
  putAside(batch: Batch, seq: number, correlationId: string): Promise<void>;
  /** Adds what is new of a batch; null when the log has grown since `head` was read. */
  append(batch: Batch, head: LogPlace, correlationId: string): Promise<LogPlace | null>;
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly deviceLogs: DeviceLogs;
  /** Most people that a device may let in alone in an hour. */
  readonly alonePerHour: number;
};

function ticketIn(code: string): string | null {
  const parsed = parseAdmissionCode(code);
  return parsed.ok ? parsed.value.claims.ticketId : null;
}

const metaOf = ({ deviceId, parkId }: KeyedDevice, correlationId: string) => {
  return { actor: `device:${deviceId}`, correlationId, parkId };
};

/** Counts on from what the device let in before, entry by entry in the order of its log. */
async function marked(deviceLogs: DeviceLogs, { device, entries }: Batch, after: number, alonePerHour: number) {
  const fresh = entries.filter(({ seq }) => seq > after);
  const hours = [...new Set(fresh.map(({ saidAtMs }) => hourOf(saidAtMs)))];
  const counts = new Map(await deviceLogs.admittedIn(device.deviceId, hours));
  return fresh.map(({ seq, link, scanId, direction, people, saidAtMs }): MergedEntry => {
    const hour = hourOf(saidAtMs);
    const admitted = direction === 'in' ? people : 0;
    const inAll = (counts.get(hour) ?? 0) + admitted;
    counts.set(hour, inAll);
    return { seq, link, scanId, hour, admitted, overQuota: admitted > 0 && inAll > alonePerHour };
  });
}

/** The log of a device on the node's side. */
export function createKnownLog({ runner, ids, deviceLogs, alonePerHour }: Dependencies): KnownLog {
  const streamOf = ({ deviceId }: KeyedDevice): string => ids.derive(`device-log:${deviceId}`);
  return {
    // Links hang on all before them, so it is enough that those known to both are the same.
    async forkIn({ device, previousLink, entries }, head) {
      const [first, last] = [entries[0], entries.at(-1)];
      assert(first && last, 'a batch has an entry');
      const before = { seq: first.seq - 1, link: previousLink };
      if (head.seq === before.seq) return head.link === previousLink ? null : head.seq;
      const told = new Map([before, ...entries].map(({ seq, link }) => [seq, link]));
      const known = await deviceLogs.entries(device.deviceId, before.seq, Math.min(head.seq, last.seq));
      return known.find(({ seq, link }) => told.get(seq) !== link)?.seq ?? null;
    },

    async putAside({ device, entries }, seq, correlationId) {
      const { deviceId, parkId } = device;
      const aside = entries.map(({ code, ...rest }): QuarantinedEntry => ({ ...rest, ticketId: ticketIn(code) }));
      const commandId = ids.derive(`device-fork:${deviceId}/${aside.at(-1)?.link}`);
      const command = { kind: 'quarantine', deviceId, parkId, seq, entries: aside } as const;
      await runner.run(mergedLog, streamOf(device), command, { ...metaOf(device, correlationId), commandId });
    },

    async append(batch, head, correlationId) {
      const { device } = batch;
      const { deviceId, parkId } = device;
      const entries = await marked(deviceLogs, batch, head.seq, alonePerHour);
      const command = { kind: 'merge', deviceId, parkId, after: head, entries } as const;
      const done = await runner.run(mergedLog, streamOf(device), command, metaOf(device, correlationId));
      return done.ok ? done.value.state : null;
    },
  };
}
