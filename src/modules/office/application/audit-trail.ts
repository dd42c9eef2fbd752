import type { Json } from '../../../kernel/event-store.ts';

/** Something that a person of the staff did, a gate device, or whoever runs the installation. */
export type AuditEntry = {
  /** Rises with time; the cursor of the trail. */
  readonly position: number;
  readonly atMs: number;
  /** `user:<id>`, `device:<id>`, or `system` for the command line. */
  readonly actor: string;
  readonly action: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly parkId: string | null;
  readonly correlationId: string;
  readonly details: Json;
};

export type AuditFilter = {
  readonly actor: string | undefined;
  readonly action: string | undefined;
  readonly aggregateId: string | undefined;
  /** Null: of all parks and of the chain. */
  readonly parkId: string | null;
  readonly fromMs: number | undefined;
  readonly untilMs: number | undefined;
  readonly before: number | null;
  readonly limit: number;
};

/** Port: the read model of what staff did, newest first. */
export type AuditTrail = (filter: AuditFilter) => Promise<readonly AuditEntry[]>;
