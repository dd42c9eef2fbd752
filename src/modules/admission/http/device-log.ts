import { Type } from 'typebox';
import { hasRoleAt } from '../../../infrastructure/http/access.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { instant, nullable, oneOf, pageOf, pageQuery, uuid } from '../../../infrastructure/http/schemas.ts';
import type { DeviceCertificates } from '../application/device-certificates.ts';
import type { DeviceFork, ShownDeviceLogs } from '../application/device-log-views.ts';
import type { Devices } from '../application/devices.ts';
import type { CompareHeads } from '../application/witnesses.ts';
import type { EntryAnswer, MergeDeviceLog, MergeVerdict } from '../application/merge-device-log.ts';
import { batchExample, BatchInput, exampleCertificate, toBatch } from './device-log-schema.ts';
import { GATE_ROLES, gatekeeperOf, MANAGER_ROLES } from './gate-ticket-schema.ts';
import { NodeHead, nodeHeadExample, nodeHeadFor } from './node-head.ts';
import { BODY_LIMIT_BYTES, scanExample, ScanResult, toScanResult } from './scan-people.ts';

const Merged = Type.Object(
  {
    verdict: oneOf(
      ['merged', 'gap', 'forked'],
      '`gap`: entries before these are missing, send from `expected_seq` on; `forked`: the device told another log before, ' +
        'what it told now is put aside and nobody passed by it: enrol the device anew',
    ),
    expected_seq: Type.Integer({ description: 'Number of the next entry' }),
    link: Type.String({ description: 'Link of the newest entry that was merged' }),
    results: Type.Array(
      Type.Object({
        seq: Type.Integer(),
        over_quota: Type.Boolean({ description: 'Beyond what the device may let in alone in an hour: amber' }),
        result: ScanResult,
      }),
      { description: 'One for each entry, in order; none unless `merged`' },
    ),
    node: NodeHead,
  },
  { $id: 'MergedLog', description: 'What came of a part of the log of a device' },
);

const mergedExample = {
  verdict: 'merged',
  expected_seq: 414,
  link: batchExample.previous_link,
  results: [{ seq: 413, over_quota: false, result: scanExample }],
  node: nodeHeadExample,
};

const toResults = (answers: readonly EntryAnswer[]) =>
  answers.map(({ seq, overQuota, answer }) => ({ seq, over_quota: overQuota, result: toScanResult(answer) }));

const toMerged = (merged: MergeVerdict) => ({
  verdict: merged.verdict,
  expected_seq: merged.head.seq + 1,
  link: merged.head.link,
  results: merged.verdict === 'merged' ? toResults(merged.answers) : [],
});

const PROBLEM_OF = {
  no_key: 'device_has_no_key',
  bad_certificate: 'device_certificate_invalid',
  bad_signature: 'device_signature_invalid',
} as const;

export const mergeLogRoute = (merge: MergeDeviceLog, devices: Pick<Devices, 'find'>, compareHeads: CompareHeads) =>
  defineRoute({
    method: 'POST',
    path: '/gate/log',
    operationId: 'mergeDeviceLog',
    summary: 'Bring what this device decided alone',
    description:
      'A device that was cut off keeps a log: entries numbered from 1, each with a link to the one before. It brings them in ' +
      'batches that its key has signed. They count as scans `decided_offline` do, once, however often they are brought; what was ' +
      'beyond its quota is marked. Entries for gates of another node are merged as `not_home` and count nowhere: the device brings them ' +
      'to that node as scans `decided_offline`.',
    tag: 'gate',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: GATE_ROLES, devices: 'only' },
    stepUp: 'none',
    limits: ['gate'],
    counts: { what: 'entries', of: ({ entries }) => entries.length },
    body: BatchInput,
    bodyExample: batchExample,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    responses: { 200: { description: 'What came of it', schema: Merged, example: mergedExample } },
    problems: [
      'validation_failed',
      'forbidden',
      'device_has_no_key',
      'device_certificate_invalid',
      'device_signature_invalid',
    ],
    async handle({ body, principal, correlationId }) {
      const device = await devices.find(principal.userId);
      if (device === null) return problem('forbidden');
      const { batch, errors } = toBatch(body);
      if (errors.length > 0) return problem('validation_failed', { errors });
      const done = await merge(device, batch, gatekeeperOf(principal), correlationId);
      if (!done.ok) return problem(PROBLEM_OF[done.refusal.code]);
      const node = await nodeHeadFor(principal, body.witness, compareHeads, correlationId);
      return { status: 200, body: { ...toMerged(done.value), ...node } };
    },
  });

export const renewCertificateRoute = (certificates: DeviceCertificates, devices: Pick<Devices, 'find'>) =>
  defineRoute({
    method: 'POST',
    path: '/gate/certificate',
    operationId: 'renewDeviceCertificate',
    summary: 'Renew the certificate of this device',
    description: 'For the key it was enrolled with. Devices do it every day; one that was revoked gets none.',
    tag: 'gate',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: GATE_ROLES, devices: 'only' },
    stepUp: 'none',
    responses: {
      200: {
        description: 'The certificate',
        schema: Type.Object({ certificate: Type.String(), expires_at: instant() }),
        example: { certificate: exampleCertificate, expires_at: '2026-12-08T03:02:00.000Z' },
      },
    },
    problems: ['forbidden', 'device_has_no_key'],
    async handle({ principal }) {
      const device = await devices.find(principal.userId);
      if (device === null) return problem('forbidden');
      const { deviceId, parkId, publicKey } = device;
      if (publicKey === null) return problem('device_has_no_key');
      const { certificate, notAfterMs } = certificates.issue({ deviceId, parkId, publicKey });
      return { status: 200, body: { certificate, expires_at: toInstant(notAfterMs) } };
    },
  });

const Fork = Type.Object(
  {
    first_seq: Type.Integer({ description: 'The first entry of which there are two' }),
    noticed_at: instant(),
    entries: Type.Array(
      Type.Object({
        seq: Type.Integer(),
        scan_id: uuid(),
        ticket_id: nullable(uuid('Null when the code named none')),
        direction: oneOf(['in', 'out']),
        people: Type.Integer(),
        scanned_at: instant('By the clock of the device'),
        gate: Type.String(),
      }),
      { description: 'What was put aside; codes are not kept' },
    ),
  },
  { $id: 'DeviceLogFork', description: 'What a device told that had told another log before' },
);

const forkExample = {
  first_seq: 398,
  noticed_at: '2026-12-05T09:00:00.000Z',
  entries: [
    {
      seq: 398,
      scan_id: '01936f2e-9a10-7b11-8c2d-5e6f7a8b9c0d',
      ticket_id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
      direction: 'in',
      people: 2,
      scanned_at: '2026-12-05T06:30:00.000Z',
      gate: 'main',
    },
  ],
};

const toFork = ({ seq: first_seq, noticedAtMs, entries }: DeviceFork) => ({
  first_seq,
  noticed_at: toInstant(noticedAtMs),
  entries: entries.map(({ seq, scanId, ticketId, direction, people, saidAtMs, gate }) => ({
    seq,
    scan_id: scanId,
    ticket_id: ticketId,
    direction,
    people,
    scanned_at: toInstant(saidAtMs),
    gate,
  })),
});

export const listForksRoute = (devices: Pick<Devices, 'find'>, logs: Pick<ShownDeviceLogs, 'forks'>) =>
  defineRoute({
    method: 'GET',
    path: '/admin/devices/:id/log-forks',
    operationId: 'listDeviceLogForks',
    summary: 'List what a device told beside its log, newest first',
    description:
      'A device that was copied or put back to an earlier state tells a second log. Nothing of it counted: look whether people came in by it.',
    tag: 'gate',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: MANAGER_ROLES, parkFrom: 'resource' },
    params: Type.Object({ id: uuid() }),
    query: Type.Object(pageQuery),
    responses: {
      200: {
        description: 'A page of what was put aside',
        schema: pageOf(Fork),
        example: { items: [forkExample], next_cursor: null },
      },
    },
    problems: ['device_not_found', 'validation_failed'],
    async handle({ params, query, principal }) {
      const found = await devices.find(params.id);
      if (found === null || !hasRoleAt(principal, MANAGER_ROLES, found.parkId)) return problem('device_not_found');
      const page = await readPage(
        'log-forks',
        query,
        ({ position }: DeviceFork) => String(position),
        async (after, limit) => {
          const position = after === null ? null : Number(after);
          const isBad = position !== null && !Number.isSafeInteger(position);
          return isBad ? null : logs.forks(params.id, { after: position, limit });
        },
      );
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toFork), next_cursor: page.value.next } };
    },
  });
