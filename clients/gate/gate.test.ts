import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEd25519Signer, gateKeyOf, verifyEd25519 } from '../../src/infrastructure/keys/ed25519-signer.ts';
import { writeAdmissionCode, type AdmissionClaims } from '../../src/modules/admission/domain/admission-code.ts';
import { batchBytes, LOG_START } from '../../src/modules/admission/domain/device-log.ts';
import { writeAllowance, writeCertificate, type Allowance } from '../../src/modules/admission/domain/device-words.ts';
import { makeDeviceKey } from './crypto.ts';
import { decideAlone, type Scanned } from './decide.ts';
import { knowNothing, takePage, type BundlePage, type Known } from './known.ts';
import { append, emptyLog, sealBatch, withEntry, type LinkedEntry } from './log.ts';

const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
const MS_AN_HOUR = 3_600_000;
const DEVICE = '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e';
const TICKET = '01936f2e-9a10-7b11-8c2d-5e6f7a8b9c0d';

const keys = generateKeyPairSync('ed25519');
const signer = createEd25519Signer(keys);
const stranger = createEd25519Signer(generateKeyPairSync('ed25519'));
const CLAIMS: AdmissionClaims = {
  ticketId: TICKET,
  parkId: 'ala-archa',
  visitDate: '2026-12-05',
  partySize: 4,
  validFromMs: NOON_MS - 3 * MS_AN_HOUR,
  validUntilMs: NOON_MS + 8 * MS_AN_HOUR,
};
const codeOf = (change: Partial<AdmissionClaims> = {}, by = signer) =>
  writeAdmissionCode({ ...CLAIMS, ...change }, by.keyId, (bytes) => by.sign(bytes));
const ALLOWANCE: Allowance = {
  deviceId: DEVICE,
  parkId: 'ala-archa',
  date: '2026-12-05',
  greenPerHour: 6,
  amberPerHour: 3,
  notBeforeMs: NOON_MS - 12 * MS_AN_HOUR,
  notAfterMs: NOON_MS + 12 * MS_AN_HOUR,
};
const allowance = (change: Partial<Allowance> = {}, by = signer) => writeAllowance({ ...ALLOWANCE, ...change }, by);
const { keyId: kid, x } = gateKeyOf(keys.publicKey);
const PAGE: BundlePage = {
  park_id: 'ala-archa',
  today: '2026-12-05',
  keys: [{ kid, x }],
  revocations: [],
  tickets: [{ id: TICKET, visit_date: '2026-12-05', remaining: 4 }],
  allowances: [allowance()],
  next_since: '2026-12-06.1',
};
const nothing = knowNothing(DEVICE, 'ala-archa');
const told = (change: Partial<BundlePage> = {}, countedTo = 0) => takePage(nothing, { ...PAGE, ...change }, countedTo);
const SCANNED: Scanned = {
  scanId: '01936f2e-0000-7000-8000-000000000001',
  code: codeOf(),
  direction: 'in',
  people: null,
  nowMs: NOON_MS,
  gate: 'main',
};
const decide = async (change: Partial<Scanned> = {}, known?: Known, log = emptyLog) =>
  decideAlone(known ?? (await told()), log, { ...SCANNED, ...change });
const red = (reason: string, remaining = 0) => ({ light: 'red', reason, remaining });

test('a party whose code is good comes in', async () => {
  expect(await decide()).toMatchObject({ light: 'green', isUnknown: false, decided: { people: 4, ticketId: TICKET } });
});

test.each([
  ['a code of a key that is not known', { code: codeOf({}, stranger) }, red('bad_signature')],
  ['a text that is no code', { code: 'https://example.org' }, red('bad_signature')],
  ['a code of another park', { code: codeOf({ parkId: 'osh' }) }, red('wrong_park')],
  ['a code before its time', { nowMs: CLAIMS.validFromMs - 1 }, red('wrong_date')],
  ['a code after its time', { nowMs: CLAIMS.validUntilMs + 1 }, red('wrong_date')],
  ['more people than the party has', { people: 5 }, red('partly_used', 4)],
])('%s lets nobody in', async (_what, change, expected) => {
  expect(await decide(change)).toEqual(expected);
});

test.each([
  ['nobody', { people: 0 }],
  ['a part of a person', { people: 1.5 }],
  ['more than one scan may', { people: 101 }],
  ['nobody who goes out', { people: 0, direction: 'out' }],
  ['people by a gate without a name', { gate: ' ' }],
  ['people by a gate of two lines', { gate: 'main\u0000gate' }],
  ['people by a gate with a name too long', { gate: 'm'.repeat(51) }],
] as const)('%s is no entry that a node would take, so it is none', async (_what, change) => {
  expect(await decide(change)).toEqual(red('bad_entry'));
});

test('a gate is called as its node calls it', async () => {
  expect(await decide({ gate: ' Cafe\u0301 ' })).toMatchObject({ decided: { gate: 'Caf\u00e9' } });
});

test('of a party beyond what one scan may let pass the first hundred pass, in and out', async () => {
  const code = codeOf({ partySize: 200 });
  const known = await told({ tickets: [], allowances: [allowance({ greenPerHour: 1_000 })] });
  for (const direction of ['in', 'out'] as const) {
    expect(await decide({ code, direction }, known)).toMatchObject({ decided: { people: 100 } });
  }
});

test('a code that was changed lets nobody in', async () => {
  const code = codeOf();
  const changed = `${code.slice(0, 40)}${code[40] === 'A' ? 'B' : 'A'}${code.slice(41)}`;
  expect(await decide({ code: changed })).toEqual(red('bad_signature'));
});

test('a ticket that was revoked, or used up as far as the node knew, lets nobody in', async () => {
  const revoked = await told({ revocations: [{ ticket_id: TICKET, visit_date: '2026-12-05' }] });
  expect(await decide({}, revoked)).toEqual(red('revoked'));
  const used = await told({ tickets: [{ id: TICKET, visit_date: '2026-12-05', remaining: 0 }] });
  expect(await decide({}, used)).toEqual(red('already_used'));
});

test('a day that a ticket was moved from lets the party in again once the node tells of it as before', async () => {
  const moved = await told({ revocations: [{ ticket_id: TICKET, visit_date: '2026-12-05' }], tickets: [] });
  expect(await decide({}, moved)).toEqual(red('revoked'));
  const other = await takePage(
    moved,
    { ...PAGE, tickets: [{ id: TICKET, visit_date: '2026-12-06', remaining: 4 }] },
    0,
  );
  expect(await decide({}, other)).toEqual(red('revoked'));
  const undone = await takePage(
    other,
    { ...PAGE, tickets: [{ id: TICKET, visit_date: '2026-12-05', remaining: 3 }] },
    0,
  );
  expect(await decide({}, undone)).toMatchObject({ light: 'green', decided: { people: 3 } });
});

test('a ticket that the node had not told of is let in with a mark', async () => {
  expect(await decide({}, await told({ tickets: [] }))).toMatchObject({ light: 'amber', isUnknown: true });
});

test('without an allowance that is its own and truly signed a device lets nobody in', async () => {
  for (const one of [
    allowance({ deviceId: TICKET }),
    allowance({ parkId: 'osh' }),
    allowance({ date: '2026-12-06' }),
    allowance({ notAfterMs: NOON_MS - 1 }),
    allowance({}, { ...stranger, keyId: kid }),
    writeCertificate({ deviceId: DEVICE, parkId: 'ala-archa', key: x, notBeforeMs: 0, notAfterMs: 1 }, signer),
  ]) {
    expect(await decide({}, await told({ allowances: [one] }))).toEqual(red('not_allowed_alone', 4));
  }
});

test('a party that came in by this device comes in no second time, and may go out', async () => {
  const first = await decide({ people: 3 });
  if (first.light === 'red') throw new Error('the first of the party come in');
  const log = withEntry(emptyLog, await append(emptyLog, DEVICE, first.decided));
  expect(await decide({}, undefined, log)).toMatchObject({ decided: { people: 1 } });
  // What the node counted already is counted once.
  const counted = await told({ tickets: [{ id: TICKET, visit_date: '2026-12-05', remaining: 1 }] }, 1);
  expect(await decide({}, counted, log)).toMatchObject({ decided: { people: 1 } });
  expect(await decide({ direction: 'out', people: 3 }, counted, log)).toMatchObject({ light: 'green' });
});

test('a device never lets in more alone in an hour than green and amber together', async () => {
  const known = await told({ tickets: [] });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(2)), { maxLength: 20 }),
      async (parties) => {
        let log = emptyLog;
        const admitted = new Map<number, number>();
        for (const [index, [people, hour]] of parties.entries()) {
          const ticketId = `01936f2e-9a10-7b11-8c2d-${String(index).padStart(12, '0')}`;
          const nowMs = NOON_MS + hour * MS_AN_HOUR;
          const before = admitted.get(hour) ?? 0;
          const decision = await decide({ code: codeOf({ ticketId }), people, nowMs }, known, log);
          expect(decision.light === 'red').toBe(before + people > 9);
          if (decision.light === 'red') continue;
          expect(decision.isOverQuota).toBe(before + people > 6);
          admitted.set(hour, before + people);
          log = withEntry(log, await append(log, DEVICE, decision.decided));
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('what a device brings is signed by its key, over all of it', async () => {
  const key = await makeDeviceKey();
  let log = emptyLog;
  const entries: LinkedEntry[] = [];
  for (const scanId of ['a', 'b', 'c']) {
    const { light: _light, ...rest } = await decide({ scanId });
    if (!('decided' in rest)) throw new Error('it comes in');
    const entry = await append(log, DEVICE, rest.decided);
    entries.push(entry);
    log = withEntry(log, entry);
  }
  const body = await sealBatch({ deviceId: DEVICE, certificate: 'none', key }, LOG_START, entries);
  const head = { deviceId: DEVICE, first: 1, previousLink: LOG_START, lastLink: log.link };
  expect(await verifyEd25519(key.publicKey, batchBytes(head), body.signature)).toBe(true);
  expect(await verifyEd25519(key.publicKey, batchBytes({ ...head, first: 2 }), body.signature)).toBe(false);
  expect(body.entries).toHaveLength(3);
});

test('what is of days before today is forgotten', async () => {
  const known = await told({ revocations: [{ ticket_id: TICKET, visit_date: '2026-12-05' }] });
  const next = await takePage(known, { ...PAGE, today: '2026-12-06', tickets: [] }, 0);
  expect([next.revoked.size, next.tickets.size]).toEqual([0, 0]);
});
