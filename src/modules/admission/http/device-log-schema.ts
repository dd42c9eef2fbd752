import { Type, type Static } from 'typebox';
import { parsePersonName } from '../../../kernel/person-name.ts';
import { fromInstant } from '../../../infrastructure/http/instant.ts';
import type { FieldError } from '../../../infrastructure/http/problem.ts';
import { instant, oneOf, text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { LogBatch } from '../application/merge-device-log.ts';
import { WitnessInput } from './node-head.ts';
import { exampleCode, LONGEST_CODE, MOST_SCANS, NO_NAME } from './scan-people.ts';

export const exampleCertificate =
  'eyJkZXZpY2VJZCI6IjAxOTM2ZjJlLTViN2MtN2MzYS05ZDRlLTJmNmE4YjFjMGQzZSJ9.9348a1c0.' +
  '85ApCxJv8hFGSsmvp2VW5g_hTMQFtVgd2ip7qPkS5mHqXo-h7GzL0nUaVc3Jk9tYw1RfB4eD6sZxQmKpOiNuAg';

const exampleLink = 'Ykx4hMm0pYb9XNQZ2mP8rSgGvTq1wEJ3LdKcVoUaRfI';

const link = (description: string) =>
  Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', maxLength: 43, description, example: exampleLink });

const EntryInput = Type.Object({
  scan_id: uuid('Made by the device, one for each scan'),
  code: text(LONGEST_CODE, { description: 'As scanned', example: exampleCode }),
  direction: oneOf(['in', 'out']),
  people: Type.Integer({ minimum: 1, maximum: 100, description: 'How many it let pass', example: 2 }),
  scanned_at: instant('By the clock of the device, in ms'),
  gate: text(50, { description: 'Name of the gate', example: 'main' }),
});

export const BatchInput = Type.Object({
  certificate: text(1_000, { description: 'Of the device, good now', example: exampleCertificate }),
  first_seq: Type.Integer({
    minimum: 1,
    maximum: 1_000_000_000,
    description: 'Number of the first entry; the log begins with 1 and has no gaps',
    example: 413,
  }),
  previous_link: link('Link of the entry before the first; of the very first 43 times `A`'),
  entries: Type.Array(EntryInput, { minItems: 1, maxItems: MOST_SCANS }),
  witness: WitnessInput,
  signature: Type.String({
    pattern: '^[A-Za-z0-9_-]{86}$',
    maxLength: 86,
    description: 'Ed25519 by the key of the device, as base64url; ADR 32 says over what',
    example: '85ApCxJv8hFGSsmvp2VW5g_hTMQFtVgd2ip7qPkS5mHqXo-h7GzL0nUaVc3Jk9tYw1RfB4eD6sZxQmKpOiNuAg',
  }),
});

export const batchExample = {
  certificate: exampleCertificate,
  first_seq: 413,
  previous_link: exampleLink,
  entries: [
    {
      scan_id: '01936f2e-9a10-7b11-8c2d-5e6f7a8b9c0d',
      code: exampleCode,
      direction: 'in',
      people: 2,
      scanned_at: '2026-12-05T06:30:00.000Z',
      gate: 'main',
    },
  ],
  signature: '85ApCxJv8hFGSsmvp2VW5g_hTMQFtVgd2ip7qPkS5mHqXo-h7GzL0nUaVc3Jk9tYw1RfB4eD6sZxQmKpOiNuAg',
};

/** A batch, or what is wrong about it beyond its form. What a device signed is taken as it told it. */
export function toBatch({ certificate, first_seq, previous_link, entries, signature }: Static<typeof BatchInput>) {
  const errors: FieldError[] = [];
  const read = entries.flatMap(({ scan_id: scanId, scanned_at, code, direction, people, gate }, index) => {
    const saidAtMs = fromInstant(scanned_at);
    if (saidAtMs === null) errors.push({ path: `entries.${index}.scanned_at`, message: 'is not a moment' });
    if (parsePersonName(gate) === null) errors.push({ path: `entries.${index}.gate`, message: NO_NAME });
    return saidAtMs === null ? [] : { seq: first_seq + index, scanId, code, direction, people, saidAtMs, gate };
  });
  const batch: LogBatch = { certificate, previousLink: previous_link, entries: read, signature };
  return { batch, errors };
}
