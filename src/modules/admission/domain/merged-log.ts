import { unreachable } from '../../../kernel/assert.ts';
import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { LOG_START } from './device-log.ts';

/** What the node keeps of an entry of a device's log; what it came to stands under its scan. */
export type MergedEntry = {
  readonly seq: number;
  readonly link: string;
  readonly scanId: string;
  /** Which hour of the device's clock it was made in, counted from 1970. */
  readonly hour: number;
  /** How many the device let in; 0 for those who went out. */
  readonly admitted: number;
  /** It was beyond what the device may let in alone in an hour. */
  readonly overQuota: boolean;
};

export type DeviceLogMerged = {
  readonly type: 'DeviceLogMerged';
  readonly data: { readonly deviceId: string; readonly parkId: string; readonly entries: readonly MergedEntry[] };
};

/** A device alone let in more people than it may. They are in; somebody should know. */
export type DeviceQuotaExceeded = {
  readonly type: 'DeviceQuotaExceeded';
  readonly data: {
    readonly deviceId: string;
    readonly parkId: string;
    readonly people: number;
    readonly scanIds: readonly string[];
  };
};

/** An entry of a log that was told in two ways, without its code. */
export type QuarantinedEntry = Omit<MergedEntry, 'hour' | 'admitted' | 'overQuota'> & {
  readonly ticketId: string | null;
  readonly direction: 'in' | 'out';
  readonly people: number;
  readonly saidAtMs: number;
  readonly gate: string;
};

/** A device told two logs: it was copied, or put back to an earlier state. What it told second moves nobody. */
export type DeviceLogForked = {
  readonly type: 'DeviceLogForked';
  readonly data: {
    readonly deviceId: string;
    readonly parkId: string;
    /** The first entry of which there are two. */
    readonly seq: number;
    readonly entries: readonly QuarantinedEntry[];
  };
};

export type MergedLogEvent = DeviceLogMerged | DeviceQuotaExceeded | DeviceLogForked;

export type MergedLogCommand =
  | {
      readonly kind: 'merge';
      readonly deviceId: string;
      readonly parkId: string;
      /** The newest entry when the quota was counted; what is merged follows it. */
      readonly after: LogPlace;
      readonly entries: readonly MergedEntry[];
    }
  | ({ readonly kind: 'quarantine' } & DeviceLogForked['data']);

export type LogPlace = { readonly seq: number; readonly link: string };

/** The log has grown since it was looked at: look again. */
export type MergeRefusal = { readonly code: 'moved' };

const quotaExceeded = (
  deviceId: string,
  parkId: string,
  entries: readonly MergedEntry[],
): readonly DeviceQuotaExceeded[] => {
  const over = entries.filter(({ overQuota }) => overQuota);
  const people = over.reduce((sum, { admitted }) => sum + admitted, 0);
  const data = { deviceId, parkId, people, scanIds: over.map(({ scanId }) => scanId) };
  return over.length === 0 ? [] : [{ type: 'DeviceQuotaExceeded', data }];
};

/** The log of one device as its node has it: dense, and each entry in one form for ever. */
export const mergedLog: Decider<MergedLogCommand, LogPlace, MergedLogEvent, MergeRefusal> = {
  aggregateType: 'DeviceLog',
  initial: { seq: 0, link: LOG_START },
  decide(command, state): Result<readonly MergedLogEvent[], MergeRefusal> {
    switch (command.kind) {
      case 'merge': {
        const { deviceId, parkId, after, entries } = command;
        if (after.seq !== state.seq || after.link !== state.link) return refuse({ code: 'moved' });
        if (entries.length === 0) return ok([]);
        const merged = { type: 'DeviceLogMerged', data: { deviceId, parkId, entries } } as const;
        return ok([merged, ...quotaExceeded(deviceId, parkId, entries)]);
      }
      case 'quarantine': {
        const { kind: _kind, ...data } = command;
        return ok([{ type: 'DeviceLogForked', data }]);
      }
      default:
        return unreachable(command, 'device log command');
    }
  },
  evolve(state, event): LogPlace {
    const last = event.type === 'DeviceLogMerged' ? event.data.entries.at(-1) : undefined;
    return last === undefined ? state : { seq: last.seq, link: last.link };
  },
};
