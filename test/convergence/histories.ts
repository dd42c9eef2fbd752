import { entryLimit } from '../../src/modules/admission/domain/entry-limit.ts';
import { admission } from '../../src/modules/admission/domain/admission.ts';
import type { AdmissionCommand } from '../../src/modules/admission/domain/admission-messages.ts';
import { recountedAdmission } from '../../src/modules/admission/domain/recount.ts';
import { admissionVoid, answeredVoid, type VoidCommand } from '../../src/modules/admission/domain/void.ts';
import { day } from '../../src/modules/booking/domain/capacity.ts';
import { ticket } from '../../src/modules/booking/domain/ticket.ts';
import type { TicketTerms } from '../../src/modules/booking/domain/ticket-messages.ts';
import { systemIds as ids } from '../../src/infrastructure/ids.ts';
import type { createManualClock } from '../../src/infrastructure/clock.ts';
import type { CommandRunner } from '../../src/kernel/command-runner.ts';

export const PARK = 'naryn-park';
export const VISIT_DATE = '2026-12-08';
const OTHER_DATE = '2026-12-10';
export const MORNING_MS = Date.parse('2026-12-08T04:00:00Z');
const CLOSES_AT_MS = Date.parse('2026-12-08T15:00:00Z');
const meta = { actor: 'system', correlationId: 'test', parkId: PARK };

/** What may happen to one ticket, in this order. */
export type TicketStory = {
  readonly paid: boolean;
  /**
   * `in_by_old_code`: a gate that was cut off let in by a code of another day, so that nobody took a place of the party; `recount`: nobody
   * passes, and who did is counted anew.
   */
  readonly scans: readonly ('in' | 'out' | 'in_excess' | 'in_by_old_code' | 'recount')[];
  /** `ask`: headquarters asks the gates to end it, and does what they say; `leave`: to let nobody in on the day that it moves from. */
  readonly end: 'nothing' | 'cancel' | 'ask' | 'void_only' | 'end_day' | 'move' | 'leave';
};

function termsOf(ticketId: string, nowMs: number): TicketTerms {
  const userId = ids.next();
  return {
    ticketId,
    userId,
    subjectId: userId,
    parkId: PARK,
    visitDate: VISIT_DATE,
    ticketType: 'group',
    qrCode: ids.secret(16),
    children: [{ childId: null, name: 'Aibek', birthDate: null, age: 5, ageBand: '3-6' }],
    adults: 2,
    places: 3,
    priceTyiyn: 35_000n,
    priceLines: [],
    promo: null,
    tier: null,
    pointsSpent: 0,
    passId: null,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + 900_000,
    validFromMs: MORNING_MS - 3_600_000,
    validUntilMs: CLOSES_AT_MS + 1_800_000,
    closesAtMs: CLOSES_AT_MS,
  };
}

type World = { readonly runner: CommandRunner; readonly clock: ReturnType<typeof createManualClock> };

export async function openDays({ runner }: World): Promise<void> {
  for (const date of [VISIT_DATE, OTHER_DATE]) {
    await runner.run(day, ids.derive(`day:${PARK}/${date}`), { kind: 'open', parkId: PARK, date, quota: 10_000 }, meta);
  }
  const limit = { parkId: PARK, visitDate: VISIT_DATE, people: 10_000 };
  await runner.run(entryLimit, ids.derive(`gate-day:${PARK}/${VISIT_DATE}`), limit, meta);
}

/** Plays a story to its end on one node that is seller and gate at once. */
export async function playStory(world: World, story: TicketStory): Promise<void> {
  const terms = await sell(world, story.paid);
  if (story.paid) await playOn(world, terms, story);
}

/** Sells a ticket, which is paid or waits for its money. */
export async function sell({ runner, clock }: World, isPaid: boolean): Promise<TicketTerms> {
  const ticketId = ids.next();
  const terms = termsOf(ticketId, clock.now());
  await runner.run(ticket, ticketId, { kind: 'hold', terms, admissionCode: null }, meta);
  if (!isPaid) return terms;
  const settled = { paymentId: ids.next(), paidTyiyn: 35_000n, admissionCode: 'code' } as const;
  await runner.run(ticket, ticketId, { kind: 'settle', ...settled, nowMs: clock.now() }, meta);
  return terms;
}

/** What becomes of a paid ticket. */
export async function playOn(
  world: World,
  terms: TicketTerms,
  { scans, end }: Pick<TicketStory, 'scans' | 'end'>,
): Promise<void> {
  const { runner, clock } = world;
  const { ticketId, userId, places: partySize } = terms;
  const passage = { ticketId, userId, parkId: PARK, visitDate: VISIT_DATE, partySize };
  for (const scan of scans) {
    clock.advance(1000);
    if (scan === 'recount') {
      await recount(runner, terms, clock.now());
      continue;
    }
    await runner.run(admission, ids.derive(`admission:${ticketId}`), scanOf(passage, scan, clock.now()), meta);
  }
  await endStory(world, end, terms);
}

const incidentIdsOf = (ticketId: string): readonly string[] =>
  [1, 2, 3].map((place) => ids.derive(`incident:${ticketId}/${place}`));

/** Nothing is as it was told. */
async function recount(runner: CommandRunner, { ticketId, userId, places }: TicketTerms, nowMs: number): Promise<void> {
  const told = { entered: 0, inside: -1 };
  const ticketOf = { ticketId, userId, parkId: PARK, partySize: places, incidentIds: incidentIdsOf(ticketId) };
  const command = { ...ticketOf, reEntry: 'none', told, nodeId: 'park', nowMs } as const;
  await runner.run(recountedAdmission, ids.derive(`admission:${ticketId}`), command, meta);
}

function scanOf(
  passage: Pick<AdmissionCommand, 'ticketId' | 'userId' | 'parkId' | 'visitDate' | 'partySize'>,
  scan: Exclude<TicketStory['scans'][number], 'recount'>,
  nowMs: number,
): AdmissionCommand {
  const incidentIds = incidentIdsOf(passage.ticketId);
  return {
    ...passage,
    kind: scan === 'out' ? 'exit' : 'admit',
    scanId: ids.next(),
    people: scan === 'in_excess' ? 3 : 1,
    gate: 'main',
    saidAtMs: nowMs,
    scannedAtMs: nowMs,
    reEntry: 'none',
    nodeId: 'park',
    overLimit: false,
    override: null,
    ...(scan === 'in_excess' ? { offline: { endedAs: null, incidentIds } } : {}),
    ...(scan === 'in_by_old_code' ? { offline: { endedAs: 'revoked', incidentIds } } : {}),
  };
}

/** What the gates say to a question. */
async function deniedBy(
  runner: CommandRunner,
  question: VoidCommand & { readonly voidId: string },
): Promise<{ readonly entered: number } | null> {
  const answer = await runner.run(answeredVoid, ids.derive(`admission:${question.ticketId}`), question, meta);
  const said = answer.ok ? answer.value.events.find(({ type }) => type === 'VoidDenied') : undefined;
  return said === undefined ? null : { entered: (said.data as { readonly entered: number }).entered };
}

async function endStory(
  { runner, clock }: World,
  end: TicketStory['end'],
  { ticketId, userId, places, ...terms }: TicketTerms,
): Promise<void> {
  const nowMs = clock.now();
  const gates = {
    ticketId,
    parkId: PARK,
    visitDate: VISIT_DATE,
    partySize: places,
    why: 'override',
    override: true,
  } as const;
  switch (end) {
    case 'cancel':
      await runner.run(admissionVoid, ids.derive(`admission:${ticketId}`), { ...gates, nowMs }, meta);
      await runner.run(
        ticket,
        ticketId,
        { kind: 'cancel', why: 'override', userId: null, reason: 'ill', today: VISIT_DATE, nowMs },
        meta,
      );
      return;
    case 'ask': {
      const voidId = ids.next();
      const asking = { kind: 'ask_void', voidId, why: 'staff', userId: null, reason: null } as const;
      await runner.run(ticket, ticketId, { ...asking, today: VISIT_DATE, nowMs }, meta);
      const denied = await deniedBy(runner, { ...gates, why: 'staff', override: false, voidId, nowMs });
      await runner.run(ticket, ticketId, { kind: 'end_void', voidId, denied, nowMs }, meta);
      return;
    }
    case 'void_only':
      await runner.run(admissionVoid, ids.derive(`admission:${ticketId}`), { ...gates, nowMs }, meta);
      return;
    case 'end_day':
      await runner.run(ticket, ticketId, { kind: 'end_day', nowMs: CLOSES_AT_MS + 7_200_000 }, meta);
      return;
    case 'move':
    case 'leave': {
      const voidId = end === 'leave' ? ids.next() : null;
      const newDay = { ...terms, userId, places, visitDate: OTHER_DATE };
      const to = { day: newDay, returnedPromo: null, pointsSpent: 0 };
      const command = {
        kind: 'move',
        voidId,
        userId: userId ?? '',
        to,
        today: '2026-12-05',
        nowMs,
        admissionCode: 'code',
      } as const;
      await runner.run(ticket, ticketId, command, meta);
      if (voidId === null) return;
      const denied = await deniedBy(runner, { ...gates, why: 'moved', override: false, voidId, nowMs });
      await runner.run(ticket, ticketId, { kind: 'end_leaving', voidId, denied, admissionCode: 'code', nowMs }, meta);
      return;
    }
    case 'nothing':
  }
}
