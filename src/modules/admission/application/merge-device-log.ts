import { assert } from '../../../kernel/assert.ts';
import type { CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { parseAdmissionCode } from '../domain/admission-code.ts';
import { batchBytes, linksOf, type Digest, type LogEntry } from '../domain/device-log.ts';
import { mergedLog, type LogPlace, type MergedEntry, type QuarantinedEntry } from '../domain/merged-log.ts';
import { hourOf } from '../domain/quota.ts';
import type { DeviceCertificates, KeyedDevice } from './device-certificates.ts';
import type { DeviceView } from './devices.ts';
import type { Gatekeeper } from './gate-ticket.ts';
import type { Scan, ScanAnswer } from './scan-answer.ts';
import type { ScanPeople } from './scan-people.ts';

type KnownEntry = LogPlace & { readonly overQuota: boolean };

/** Port: the logs of devices as far as they were merged. */
export type DeviceLogs = {
  head(deviceId: string): Promise<LogPlace>;
  /** In the order of the log. */
  entries(deviceId: string, first: number, last: number): Promise<readonly KnownEntry[]>;
  /** How many people a device let in alone in some hours; hours without any may be missing. */
  admittedIn(deviceId: string, hours: readonly number[]): Promise<ReadonlyMap<number, number>>;
};

/** Port: whether a device's key has signed something; the key and the signature as base64url. */
export type VerifyDevice = (key: string, bytes: Uint8Array, signature: string) => Promise<boolean>;

export type LogBatch = {
  readonly certificate: string;
  readonly previousLink: string;
  /** At least one, dense. */
  readonly entries: readonly LogEntry[];
  readonly signature: string;
};

/** An answer to an entry, and whether it was beyond what the device may let in alone. */
export type EntryAnswer = { readonly seq: number; readonly overQuota: boolean; readonly answer: ScanAnswer };

/** `head` is what the node has of the log after the call. */
export type MergeVerdict =
  | { readonly verdict: 'merged'; readonly head: LogPlace; readonly answers: readonly EntryAnswer[] }
  /** Entries before these are missing; nothing was done. */
  | { readonly verdict: 'gap'; readonly head: LogPlace }
  /** The device told another log before; what it told now is put aside, and nobody passed by it. */
  | { readonly verdict: 'forked'; readonly head: LogPlace; readonly seq: number };

type BatchRefusal = { readonly code: 'no_key' | 'bad_certificate' | 'bad_signature' };

/** Takes a part of a device's log. Told twice, it is answered twice alike and counts once. */
export type MergeDeviceLog = (
  device: DeviceView,
  batch: LogBatch,
  gatekeeper: Gatekeeper,
  correlationId: string,
) => Promise<Result<MergeVerdict, BatchRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly deviceLogs: DeviceLogs;
  readonly certificates: DeviceCertificates;
  readonly verifyDevice: VerifyDevice;
  readonly digest: Digest;
  readonly scanPeople: ScanPeople;
  /** Most people that a device may let in alone in an hour. */
  readonly alonePerHour: number;
};

type Batch = { readonly device: KeyedDevice; readonly entries: readonly (LogEntry & { readonly link: string })[] };

/** Where a batch leaves what is known of the log: the first entry of which there are two, or null. */
type Fork = { readonly seq: number } | null;

const scanOf = ({ seq: _seq, link: _link, ...scan }: Batch['entries'][number]): Scan => {
  return { ...scan, override: null, decidedOffline: true };
};

function ticketIn(code: string): string | null {
  const parsed = parseAdmissionCode(code);
  return parsed.ok ? parsed.value.claims.ticketId : null;
}

export function createMergeDeviceLog(dependencies: Dependencies): MergeDeviceLog {
  const { runner, ids, deviceLogs, certificates, verifyDevice, digest, scanPeople, alonePerHour } = dependencies;
  const streamOf = ({ deviceId }: KeyedDevice): string => ids.derive(`device-log:${deviceId}`);
  const metaOf = ({ deviceId, parkId }: KeyedDevice, correlationId: string) => {
    return { actor: `device:${deviceId}`, correlationId, parkId };
  };

  /** Links hang on all before them, so it is enough that the last one known to both is the same. */
  async function forkOf({ device, entries }: Batch, previousLink: string, head: LogPlace): Promise<Fork> {
    const [first] = entries;
    assert(first, 'a batch has an entry');
    const before = { seq: first.seq - 1, link: previousLink };
    const told = new Map([before, ...entries].map(({ seq, link }) => [seq, link]));
    if (head.seq === before.seq) return head.link === previousLink ? null : { seq: head.seq };
    const known = await deviceLogs.entries(device.deviceId, before.seq, Math.min(head.seq, entries.at(-1)?.seq ?? 0));
    const other = known.find(({ seq, link }) => told.get(seq) !== link);
    return other === undefined ? null : { seq: other.seq };
  }

  async function putAside({ device, entries }: Batch, { seq }: { readonly seq: number }, correlationId: string) {
    const { deviceId, parkId } = device;
    const aside = entries.map((entry): QuarantinedEntry => {
      const { code, ...rest } = entry;
      return { ...rest, ticketId: ticketIn(code) };
    });
    const commandId = ids.derive(`device-fork:${deviceId}/${aside.at(-1)?.link}`);
    const command = { kind: 'quarantine', deviceId, parkId, seq, entries: aside } as const;
    await runner.run(mergedLog, streamOf(device), command, { ...metaOf(device, correlationId), commandId });
  }

  async function marked({ device, entries }: Batch, after: LogPlace): Promise<readonly MergedEntry[]> {
    const fresh = entries.filter(({ seq }) => seq > after.seq);
    const hours = [...new Set(fresh.map(({ saidAtMs }) => hourOf(saidAtMs)))];
    const counts = new Map(await deviceLogs.admittedIn(device.deviceId, hours));
    return fresh.map(({ seq, link, scanId, direction, people, saidAtMs }) => {
      const hour = hourOf(saidAtMs);
      const admitted = direction === 'in' ? people : 0;
      const inAll = (counts.get(hour) ?? 0) + admitted;
      counts.set(hour, inAll);
      return { seq, link, scanId, hour, admitted, overQuota: admitted > 0 && inAll > alonePerHour };
    });
  }

  /** Null when the log has grown meanwhile. */
  async function append(batch: Batch, head: LogPlace, correlationId: string): Promise<LogPlace | null> {
    const { device } = batch;
    const entries = await marked(batch, head);
    const { deviceId, parkId } = device;
    const command = { kind: 'merge', deviceId, parkId, after: head, entries } as const;
    const done = await runner.run(mergedLog, streamOf(device), command, metaOf(device, correlationId));
    return done.ok ? done.value.state : null;
  }

  async function merge(batch: Batch, previousLink: string, gatekeeper: Gatekeeper, correlationId: string) {
    const { device, entries } = batch;
    const [first, last] = [entries[0]?.seq ?? 1, entries.at(-1)?.seq ?? 0];
    for (;;) {
      const head = await deviceLogs.head(device.deviceId);
      if (first > head.seq + 1) return { verdict: 'gap', head } as const;
      const fork = await forkOf(batch, previousLink, head);
      if (fork !== null) {
        await putAside(batch, fork, correlationId);
        return { verdict: 'forked', head, seq: fork.seq } as const;
      }
      // Counted before it is said to be merged: whoever dies between is told again, and counts once.
      const answers = await scanPeople(entries.map(scanOf), gatekeeper, correlationId);
      const after = await append(batch, head, correlationId);
      if (after === null) continue;
      const over = new Set(
        (await deviceLogs.entries(device.deviceId, first, last)).flatMap(({ seq, overQuota }) =>
          overQuota ? seq : [],
        ),
      );
      return {
        verdict: 'merged',
        head: after,
        answers: answers.map((answer, index) => {
          return { seq: first + index, overQuota: over.has(first + index), answer };
        }),
      } as const;
    }
  }

  return async (view, { certificate, previousLink, entries: told, signature }, gatekeeper, correlationId) => {
    const { deviceId, parkId, publicKey } = view;
    if (publicKey === null) return refuse({ code: 'no_key' });
    const device = { deviceId, parkId, publicKey };
    if (!(await certificates.isGood(certificate, device))) return refuse({ code: 'bad_certificate' });
    const links = await linksOf(deviceId, previousLink, told, digest);
    const bytes = batchBytes({ deviceId, first: told[0]?.seq ?? 0, previousLink, lastLink: links.at(-1) ?? '' });
    if (!(await verifyDevice(publicKey, bytes, signature))) return refuse({ code: 'bad_signature' });
    const entries = told.map((entry, index) => ({ ...entry, link: links[index] ?? '' }));
    return ok(await merge({ device, entries }, previousLink, gatekeeper, correlationId));
  };
}
