import { parsePersonName } from '../../../kernel/person-name.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { batchBytes, linksOf, type Digest, type LogEntry } from '../domain/device-log.ts';
import type { LogPlace } from '../domain/merged-log.ts';
import type { DeviceCertificates, KeyedDevice } from './device-certificates.ts';
import type { DeviceView } from './devices.ts';
import type { Gatekeeper } from './gate-ticket.ts';
import { createKnownLog, type Batch } from './known-log.ts';
import type { Scan, ScanAnswer } from './scan-answer.ts';
import type { ScanPeople } from './scan-people.ts';

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
  | { readonly verdict: 'forked'; readonly head: LogPlace };

type BatchRefusal = { readonly code: 'no_key' | 'bad_certificate' | 'bad_signature' };

/** Takes a part of a device's log. Told twice, it is answered twice alike and counts once. */
export type MergeDeviceLog = (
  device: DeviceView,
  batch: LogBatch,
  gatekeeper: Gatekeeper,
  correlationId: string,
) => Promise<Result<MergeVerdict, BatchRefusal>>;

type Signatures = {
  readonly certificates: Pick<DeviceCertificates, 'isGood'>;
  readonly verifyDevice: VerifyDevice;
  readonly digest: Digest;
};

type Dependencies = Signatures & Parameters<typeof createKnownLog>[0] & { readonly scanPeople: ScanPeople };

const scanOf = ({ seq: _seq, link: _link, ...scan }: Batch['entries'][number]): Scan => {
  return { ...scan, override: null, decidedOffline: true };
};

/** A batch with its links and with the names of gates as they are kept, when the device it comes from has truly signed it. */
async function readBatch(
  { certificates, verifyDevice, digest }: Signatures,
  device: KeyedDevice,
  { certificate, previousLink, entries: told, signature }: LogBatch,
): Promise<Result<Batch, BatchRefusal>> {
  if (!(await certificates.isGood(certificate, device))) return refuse({ code: 'bad_certificate' });
  const { deviceId, publicKey } = device;
  const links = await linksOf(deviceId, previousLink, told, digest);
  const bytes = batchBytes({ deviceId, first: told[0]?.seq ?? 0, previousLink, lastLink: links.at(-1) ?? '' });
  if (!(await verifyDevice(publicKey, bytes, signature))) return refuse({ code: 'bad_signature' });
  const entries = told.map((entry, index) => {
    return { ...entry, gate: parsePersonName(entry.gate) ?? entry.gate, link: links[index] ?? '' };
  });
  return ok({ device, previousLink, entries });
}

export function createMergeDeviceLog(dependencies: Dependencies): MergeDeviceLog {
  const { deviceLogs, scanPeople } = dependencies;
  const knownLog = createKnownLog(dependencies);

  async function answersTo(
    { device, entries }: Batch,
    answers: readonly ScanAnswer[],
  ): Promise<readonly EntryAnswer[]> {
    const first = entries[0]?.seq ?? 0;
    const known = await deviceLogs.entries(device.deviceId, first, first + entries.length - 1);
    const over = new Set(known.flatMap(({ seq, overQuota }) => (overQuota ? seq : [])));
    return answers.map((answer, index) => ({ seq: first + index, overQuota: over.has(first + index), answer }));
  }

  async function merge(batch: Batch, gatekeeper: Gatekeeper, correlationId: string): Promise<MergeVerdict> {
    for (;;) {
      const head = await deviceLogs.head(batch.device.deviceId);
      if ((batch.entries[0]?.seq ?? 1) > head.seq + 1) return { verdict: 'gap', head };
      const fork = await knownLog.forkIn(batch, head);
      if (fork !== null) {
        await knownLog.putAside(batch, fork, correlationId);
        return { verdict: 'forked', head };
      }
      // Counted before it is said to be merged: whoever dies between is told again, and counts once.
      const answers = await scanPeople(batch.entries.map(scanOf), gatekeeper, correlationId);
      const after = await knownLog.append(batch, head, correlationId);
      if (after !== null) return { verdict: 'merged', head: after, answers: await answersTo(batch, answers) };
    }
  }

  return async ({ deviceId, parkId, publicKey }, told, gatekeeper, correlationId) => {
    if (publicKey === null) return refuse({ code: 'no_key' });
    const batch = await readBatch(dependencies, { deviceId, parkId, publicKey }, told);
    return batch.ok ? ok(await merge(batch.value, gatekeeper, correlationId)) : batch;
  };
}
