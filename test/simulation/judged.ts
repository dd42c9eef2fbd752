import type { App } from '../../src/main/compose.ts';
import type { Finding } from '../../src/main/cli/finding.ts';
import type { SyncState } from '../../src/sync/park/ports.ts';
import type { BankOrder } from './bank.ts';
import type { Diary } from './diary.ts';

type JudgedNode = {
  readonly place: {
    readonly nodeId: string;
    /** What `cli check` says of its log. */
    readonly audit: () => Promise<readonly Finding[]>;
  };
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
    /** ISO 8601: what a node has written later may be on its way. Left out where nothing moved any more when it was judged. */
    readonly restedAt?: string;
    readonly bank: { readonly orders: ReadonlyMap<string, BankOrder> };
  };
  readonly diary: Diary<string>;
};

/** A rule that did not hold, in words. */
export type Violation = { readonly rule: string; readonly what: string };
