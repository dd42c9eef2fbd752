import type { LocalDate } from '../../kernel/time.ts';

/** Published when people of a party came in. */
export type PeopleAdmitted = {
  readonly type: 'PeopleAdmitted';
  readonly data: {
    readonly ticketId: string;
    /** Null for a ticket sold at the desk. */
    readonly userId: string | null;
    readonly parkId: string;
    readonly visitDate: LocalDate;
    readonly people: number;
    /** Whether they are the first of their party. */
    readonly first: boolean;
    /** How many of the party may still come in. */
    readonly remaining: number;
    /** By the clock of the gate, corrected: not after the scan arrived and not before the ticket was made. */
    readonly scannedAtMs: number;
  };
};

/** Why nobody may come in by a ticket any more. */
export type VoidReason = 'guest' | 'staff' | 'day_closed' | 'override' | 'moved';

/**
 * Published when a ticket ended at the gates: whoever comes with it is refused as `cancelled`. Or, `moved`, when it is good for another day and
 * lets nobody in on `visitDate`, and nobody had come in then.
 */
export type AdmissionVoided = {
  readonly type: 'AdmissionVoided';
  readonly data: {
    readonly ticketId: string;
    readonly parkId: string;
    readonly visitDate: LocalDate;
    readonly partySize: number;
    readonly why: VoidReason;
    /** A manager insisted although somebody had come in. */
    readonly override: boolean;
    /** How many had ever come in by it, and how many were inside, in excess too. */
    readonly entered: number;
    readonly inside: number;
    readonly voidedAtMs: number;
    /** Which question of headquarters it answers; absent where the gates are headquarters' own. */
    readonly voidId?: string;
  };
};

/**
 * Published by a park: headquarters asked to end a ticket by which somebody had come in. It stays good. Of a day that the ticket was moved from,
 * `entered` counts those who came in then, and the ticket stays good for that day.
 */
export type VoidDenied = {
  readonly type: 'VoidDenied';
  readonly data: {
    readonly ticketId: string;
    readonly parkId: string;
    readonly visitDate: LocalDate;
    readonly voidId: string;
    /** How many had ever come in by it, in excess too. */
    readonly entered: number;
    readonly deniedAtMs: number;
  };
};

/** Published by a park whose gates are closed for the day: all that they let in by then stands before this. */
export type GateDayEnded = {
  readonly type: 'GateDayEnded';
  readonly data: { readonly parkId: string; readonly date: LocalDate; readonly endedAtMs: number };
};

/** Port: signs admission codes with this node's key. */
export type CodeSigner = {
  /** First four bytes of the SHA-256 of the public key's 32 bytes, as eight hexadecimal digits. */
  readonly keyId: string;
  /** An Ed25519 signature, 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array;
};

/** Port: checks signatures of all nodes whose codes are accepted here. */
export type CodeVerifier = {
  /** False also for a key that is not known, or not good for this park. */
  verify(keyId: string, bytes: Uint8Array, signature: Uint8Array, parkId: string): Promise<boolean>;
};

/** Whom a gate looks for on a ticket: of each child a first name and an age band, nothing else. */
export type GateCard = {
  readonly ticketId: string;
  /** `firstName` is null once the guest was erased. */
  readonly children: readonly { readonly firstName: string | null; readonly ageBand: string }[];
};
