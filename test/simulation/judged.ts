import type { App } from '../../src/main/compose.ts';
import type { SyncState } from '../../src/sync/park/ports.ts';
import type { BankOrder } from './bank.ts';
import type { Diary } from './diary.ts';

type JudgedNode = {
  readonly place: { readonly nodeId: string; readonly databaseUrl: string };
  readonly app: Pick<App, 'database' | 'modules' | 'replication'>;
  readonly state: Pick<SyncState, 'verdict' | 'backlog'> | null;
  readonly troubles: readonly string[];
};

/** A world at rest and what was written down of it, in whatever way it was lived. */
export type Judged = {
  readonly world: {
    readonly headquarters: JudgedNode;
    readonly parks: readonly { readonly parkId: string; readonly node: JudgedNode }[];
    /** All of them. */
    readonly nodes: readonly JudgedNode[];
    readonly bank: { readonly orders: ReadonlyMap<string, BankOrder> };
  };
  readonly diary: Diary<string>;
};

/** A rule that did not hold, in words. */
export type Violation = { readonly rule: string; readonly what: string };
