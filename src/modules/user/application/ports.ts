import type { Step } from '../../../kernel/command-runner.ts';
import type { Json } from '../../../kernel/event-store.ts';
import type { Result } from '../../../kernel/result.ts';

/** Port: whether the password is the account's own. */
export type ConfirmPassword = (userId: string, password: string) => Promise<Result<boolean, { readonly code: 'busy' }>>;

/** What an account cannot be erased before: tickets somebody may still enter with, payments whose outcome is open. */
export type Unfinished = { readonly ticketIds: readonly string[]; readonly paymentIds: readonly string[] };

/** Port: what is unfinished at a moment. */
export type UnfinishedOf = (userId: string, nowMs: number) => Promise<Unfinished>;

/**
 * Port: ends what an erased account still has anywhere: sessions, password, files and at last the key. Harmless to repeat.
 */
export type FinishErasure = (userId: string) => Promise<void>;

/** Port: what each other part of the program holds about an account, by its name in the export. */
export type HeldElsewhere = Readonly<Record<string, (userId: string) => Promise<Json>>>;

/** Port: how many tickets an account has ever had. */
export type CountTickets = (userId: string) => Promise<number>;

/** Port: whether an account has or had a ticket. What was held and never paid for is none. */
export type HasTickets = (userId: string) => Promise<boolean>;

/**
 * Port: the other part of giving a number up, stored with the end of the account or not at all; refused once the number was
 * proven.
 */
export type GiveUpStep = (userId: string) => Step<{ readonly code: 'decided_otherwise' }>;
