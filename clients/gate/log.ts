import {
  batchBytes,
  linkOf,
  linksOf,
  LOG_START,
  type LogEntry,
} from '../../src/modules/admission/domain/device-log.ts';
import { toBase64url } from '../../src/modules/admission/domain/base64url.ts';
import { hourOf } from '../../src/modules/admission/domain/quota.ts';
import { sha256, type DeviceKey } from './crypto.ts';

/** Where the log of a device stands, and what of it later decisions need. A fold of its entries. */
export type OwnLog = {
  readonly seq: number;
  readonly link: string;
  /** Ticket → how many it let in by which entry, in order. */
  readonly admitted: ReadonlyMap<string, readonly { readonly seq: number; readonly people: number }[]>;
  /** Hour of the device's clock → how many it let in. */
  readonly byHour: ReadonlyMap<number, number>;
};

export const emptyLog: OwnLog = { seq: 0, link: LOG_START, admitted: new Map(), byHour: new Map() };

/** What is kept of a decision, durably, before the party is let pass. */
export type Decided = Omit<LogEntry, 'seq'> & { readonly ticketId: string };

/** An entry with the link that hangs it on the one before. */
export type LinkedEntry = LogEntry & { readonly ticketId: string; readonly link: string };

/** The entry that a decision becomes. Whoever keeps it applies it with `withEntry`; so does a start, to all that were kept. */
export async function append(log: OwnLog, deviceId: string, { ticketId, ...decided }: Decided): Promise<LinkedEntry> {
  const entry = { ...decided, seq: log.seq + 1 };
  return { ...entry, ticketId, link: await linkOf(deviceId, log.link, entry, sha256) };
}

export function withEntry(log: OwnLog, entry: LinkedEntry): OwnLog {
  const { seq, link, ticketId, direction, people, saidAtMs } = entry;
  if (direction === 'out') return { ...log, seq, link };
  const hour = hourOf(saidAtMs);
  return {
    seq,
    link,
    admitted: new Map(log.admitted).set(ticketId, [...(log.admitted.get(ticketId) ?? []), { seq, people }]),
    byHour: new Map(log.byHour).set(hour, (log.byHour.get(hour) ?? 0) + people),
  };
}

/** How many the device let in by a ticket after some entry of its log. */
export const admittedSince = (log: OwnLog, ticketId: string, seq: number): number =>
  (log.admitted.get(ticketId) ?? []).reduce((sum, one) => sum + (one.seq > seq ? one.people : 0), 0);

/** How many the device let in in the hour of a moment. */
export const admittedInHourOf = (log: OwnLog, nowMs: number): number => log.byHour.get(hourOf(nowMs)) ?? 0;

/**
 * The body of `POST /gate/log` for some entries in order. After a `gap` the device sends from `expected_seq` on, so it keeps
 * what was merged for as long as its node may be put back to an earlier state.
 * @param previousLink of the entry before the first; `LOG_START` for the very first
 */
export async function sealBatch(
  device: { readonly deviceId: string; readonly certificate: string; readonly key: DeviceKey },
  previousLink: string,
  entries: readonly LogEntry[],
) {
  const { deviceId, certificate, key } = device;
  const lastLink = (await linksOf(deviceId, previousLink, entries, sha256)).at(-1) ?? previousLink;
  const first = entries[0]?.seq ?? 0;
  return {
    certificate,
    first_seq: first,
    previous_link: previousLink,
    entries: entries.map(({ scanId, code, direction, people, saidAtMs, gate }) => ({
      scan_id: scanId,
      code,
      direction,
      people,
      scanned_at: new Date(saidAtMs).toISOString(),
      gate,
    })),
    signature: toBase64url(await key.sign(batchBytes({ deviceId, first, previousLink, lastLink }))),
  };
}
