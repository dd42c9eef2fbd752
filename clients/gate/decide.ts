import { parseAdmissionCode, type AdmissionClaims } from '../../src/modules/admission/domain/admission-code.ts';
import { MOST_PEOPLE, readGateName } from '../../src/modules/admission/domain/device-log.ts';
import { quotaLight } from '../../src/modules/admission/domain/quota.ts';
import { isSignedBy } from './crypto.ts';
import type { Known } from './known.ts';
import { admittedInHourOf, admittedSince, type Decided, type OwnLog } from './log.ts';

/** What the device scanned, and the ids and the time that it gives it. */
export type Scanned = {
  readonly scanId: string;
  readonly code: string;
  readonly direction: 'in' | 'out';
  /** Null: everybody who may, of a party beyond 100 the first 100. */
  readonly people: number | null;
  readonly nowMs: number;
  readonly gate: string;
};

export type Refusal =
  /** How many is no whole number from 1 to 100, or the gate has no name: no node would ever take such an entry, nor any after it. */
  | 'bad_entry'
  | 'bad_signature'
  | 'revoked'
  | 'wrong_park'
  | 'wrong_date'
  | 'already_used'
  | 'partly_used'
  /** The node has not said that the device may work alone now. */
  | 'not_allowed_alone'
  /** The device has let in as many as it may alone in this hour. */
  | 'quota_used_up';

export type Decision =
  | {
      /** Amber: beyond the quota, or a ticket that the node had not told of. */
      readonly light: 'green' | 'amber';
      readonly isOverQuota: boolean;
      /** The ticket was in no bundle: sold since then, or the bundle is old. */
      readonly isUnknown: boolean;
      /** To be kept in the log before anybody passes. */
      readonly decided: Decided;
    }
  | { readonly light: 'red'; readonly reason: Refusal; readonly remaining: number };

const no = (reason: Refusal, remaining = 0): Decision => ({ light: 'red', reason, remaining });

async function claimsOf(known: Known, code: string): Promise<AdmissionClaims | null> {
  const parsed = parseAdmissionCode(code);
  if (!parsed.ok) return null;
  const { claims, keyId, signed, signature } = parsed.value;
  const key = known.keys.get(keyId);
  return key !== undefined && (await isSignedBy(key, signed, signature)) ? claims : null;
}

const mayBeTold = (people: number | null): boolean =>
  people === null || (Number.isInteger(people) && people >= 1 && people <= MOST_PEOPLE);

/** Who may still come in, by what the node said last and what the device did since. */
function remainingOf({ tickets }: Known, log: OwnLog, { ticketId, partySize }: AdmissionClaims): number {
  const { remaining, countedTo } = tickets.get(ticketId) ?? { remaining: partySize, countedTo: 0 };
  return Math.max(0, remaining - admittedSince(log, ticketId, countedTo));
}

/**
 * What a device that reaches nobody says to who wants to pass. It knows one code from another, what was revoked and used as
 * far as it heard, and what it did itself; what two devices did that did not hear of each other is an incident later. It lets
 * nobody in a second time: whether somebody went out at another gate it cannot know.
 */
export async function decideAlone(known: Known, log: OwnLog, scanned: Scanned): Promise<Decision> {
  const { scanId, code, direction, nowMs: saidAtMs } = scanned;
  const gate = readGateName(scanned.gate);
  if (gate === null || !mayBeTold(scanned.people)) return no('bad_entry');
  const claims = await claimsOf(known, code);
  if (claims === null) return no('bad_signature');
  if (claims.parkId !== known.parkId) return no('wrong_park');
  const { ticketId, visitDate } = claims;
  const isUnknown = !known.tickets.has(ticketId);
  const passes = (people: number, isOverQuota: boolean): Decision => ({
    light: isOverQuota || isUnknown ? 'amber' : 'green',
    isOverQuota,
    isUnknown,
    decided: { scanId, code, direction, people, saidAtMs, gate, ticketId },
  });
  // Whoever is inside may always go out.
  if (direction === 'out') return passes(scanned.people ?? Math.min(claims.partySize, MOST_PEOPLE), false);
  if (known.revoked.has(`${ticketId}/${visitDate}`)) return no('revoked');
  if (saidAtMs < claims.validFromMs || saidAtMs > claims.validUntilMs) return no('wrong_date');
  const remaining = remainingOf(known, log, claims);
  const people = scanned.people ?? Math.min(remaining, MOST_PEOPLE);
  if (remaining === 0) return no('already_used');
  if (people > remaining) return no('partly_used', remaining);
  const allowance = known.allowances.find(
    ({ date, notBeforeMs, notAfterMs }) => date === visitDate && notBeforeMs <= saidAtMs && saidAtMs <= notAfterMs,
  );
  if (allowance === undefined) return no('not_allowed_alone', remaining);
  const light = quotaLight(allowance, admittedInHourOf(log, saidAtMs), people);
  return light === 'refuse' ? no('quota_used_up', remaining) : passes(people, light === 'amber');
}
