import { expect, test } from 'vitest';
import { createMemorySubjectKeys } from '../../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../../infrastructure/event-store/vault.ts';
import { createEventCodec } from '../../../kernel/event-codec.ts';
import type { JsonObject } from '../../../kernel/event-store.ts';
import { admissionEvents } from './events.ts';

const PASSAGE = {
  scanId: '01936f2e-9a10-7b11-8c2d-5e6f7a8b9c0d',
  ticketId: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  userId: '01936f2d-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  parkId: 'ala-archa',
  visitDate: '2026-12-05',
  partySize: 4,
  people: 2,
  gate: 'main',
  saidAtMs: 1_780_000_000_000,
  scannedAtMs: 1_780_000_000_000,
  entered: 4,
  inside: 4,
  remaining: 0,
};

/** As it was stored before anybody asked whether there was room for those in excess. */
const FIRST_EXCESS = {
  ...PASSAGE,
  nodeId: 'hq',
  counted: 2,
  cameIn: 2,
  outcome: 'already_used',
  incidentId: '8c9a1e0f-6b7d-5c2a-9f3e-1d2c3b4a5968',
  incidents: [],
};

test.each<[string, string, JsonObject, JsonObject]>([
  [
    'an admission that no counter knows of',
    'PeopleAdmitted',
    { ...PASSAGE, places: [1, 2], first: true },
    { nodeId: 'hq', counted: 0, overLimit: false },
  ],
  ['an exit that no counter knows of', 'PeopleExited', { ...PASSAGE, places: [1, 2] }, { nodeId: 'hq', counted: 0 }],
  [
    'a day that is gone on with, by a limit that is on its stream,',
    'GateDayInherited',
    { parkId: 'ala-archa', visitDate: '2026-12-05', ofNode: 'park', room: 260, inside: 40 },
    { people: null },
  ],
  [
    'a ticket that ended before any left a day by moving',
    'AdmissionVoided',
    { ticketId: PASSAGE.ticketId, parkId: 'ala-archa', why: 'guest', override: false, entered: 0, inside: 0 },
    {},
  ],
  ['people in excess, room or not', 'PeopleAdmittedInExcess', FIRST_EXCESS, { overLimit: true }],
])('%s is read as such', async (_what, type, stored, added) => {
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
  const { data } = await createEventCodec(admissionEvents, vault).decode({
    id: PASSAGE.scanId,
    streamId: PASSAGE.ticketId,
    aggregateType: 'Admission',
    type,
    schemaVersion: 1,
    data: stored,
    version: 1,
    position: 1,
    parkId: null,
    actor: 'system',
    correlationId: 'test',
    causationId: null,
    commandId: null,
    occurredAtMs: 0,
    recordedAtMs: 0,
    nodeId: 'hq',
    incarnation: 'one',
  });
  expect(data).toEqual({ ...stored, ...added });
});
