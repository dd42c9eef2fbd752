import type { CommandMeta } from '../kernel/command-runner.ts';
import type { EventDefinition } from '../kernel/event-definition.ts';
import type { Where } from '../kernel/node-role.ts';
import type { Route } from './http/route.ts';

/**
 * A read model kept by a set-based SQL function `functionName(from_position bigint, to_position bigint)` that applies the
 * events of those positions to `tables`, which it names unqualified. It runs inside every append (inline), so a reader sees
 * its own writes; the same function rebuilds the tables from the log.
 */
export type Projection = {
  /** `<schema>.<name>`. */
  readonly name: string;
  readonly schema: string;
  readonly tables: readonly string[];
  readonly eventTypes: readonly string[];
  /** Schema-qualified name of the SQL function. */
  readonly functionName: string;
  /** What headquarters and a park must hold alike once both have read all. */
  readonly shared?: readonly SharedRows[];
};

/** Rows that nodes hold alike: those of a park on headquarters and on that park's node, those of the chain on every node. */
export type SharedRows = {
  readonly table: string;
  /** The column that names the park; null: rows of the chain. Rows without a park are nobody's. */
  readonly parkColumn: string | null;
  /** Columns that put the rows in one order. */
  readonly key: readonly string[];
  /** Columns that are not compared: about this node alone, or personal. All others are. */
  readonly except: readonly string[];
};

/** What a module is before anything runs: enough to migrate, to decode the log and to rebuild. */
export type Manifest = {
  readonly name: string;
  readonly events: readonly EventDefinition[];
  readonly projections: readonly Projection[];
  /** Folder of its numbered SQL files. */
  readonly migrations: URL;
};

/** What a job is told when its turn has come. */
export type JobRound = {
  /** Most items one round looks at. */
  readonly limit: number;
  /** Aborted when the process ends; long rounds look at it. */
  readonly stopping: AbortSignal;
  readonly meta: CommandMeta;
};

/** Work that is due from time to time in the worker. Each piece is harmless to run in several processes at once. */
export type Job = {
  readonly name: string;
  readonly everyMs: number;
  /** Headquarters alone when it says nothing. */
  readonly runsAt?: Where;
  run(round: JobRound): Promise<unknown>;
};

/** What a module offers to the composition root: its table of contents. */
export type Module = Manifest & { readonly routes: readonly Route[]; readonly jobs?: readonly Job[] };
