import type { LocalDate } from '../../kernel/time.ts';

/** A place in what one life of a node's log holds, after its event `seq`; 0 is before the first one. */
export type LogPlace = { readonly incarnation: string; readonly seq: number; readonly link: string };

/**
 * Why a node began a new life of its log: it was `restored` to an older state, or it was told that it is not the one that goes on
 * and `stopped`.
 */
export type LifeReason = 'restored' | 'stopped';

/** How a life of a node's log began, which is not its first one. */
export type Beginning = { readonly previous: LogPlace; readonly reason: LifeReason };

/** Published by every node: it begins a new life of its log, since the one before cannot be believed to be whole. The first thing it writes in it. */
export type IncarnationOpened = {
  readonly type: 'IncarnationOpened';
  readonly data: {
    readonly nodeId: string;
    readonly incarnation: string;
    readonly reason: LifeReason;
    /** How far the life before was known to the node when it began this one. */
    readonly previous: LogPlace;
  };
};

/** Port: the id of the node that writes admissions to a park on a day; headquarters' where no park node does. */
export type HomeOf = (parkId: string, date: LocalDate) => Promise<string>;

/** Port: the same, and the nodes that were enrolled for the park, those that were revoked among them. */
export type GatesOf = (
  parkId: string,
  date: LocalDate,
) => Promise<{ readonly home: string; readonly nodes: readonly string[] }>;

/** From a day on, admissions to a park are written by that node and by no other. */
export type ParkHomeAssigned = {
  readonly type: 'ParkHomeAssigned';
  readonly data: { readonly parkId: string; readonly nodeId: string; readonly fromDate: LocalDate };
};

/**
 * Port: the nodes whose streams this one writes: itself and, at headquarters, those that were revoked, of which it is the heir.
 */
export type Writers = () => Promise<readonly string[]>;

/** Which nodes are at home at a park from which day on, rising; before the first one headquarters is. */
export type ParkHome = { readonly fromDate: LocalDate; readonly nodeId: string };

export type KeyOfNode = {
  readonly keyId: string;
  /** The 32 bytes of an Ed25519 public key, as base64url. */
  readonly publicKey: string;
  /** An old key: good for what it had sealed up to there, and in the lives before. Null: a key in force. */
  readonly until: { readonly incarnation: string; readonly seq: number } | null;
};

/** One life of a node's log as headquarters knows it. */
export type KnownIncarnation = {
  readonly incarnation: string;
  /** Null while it goes on. */
  readonly closed: {
    readonly seq: number;
    readonly link: string;
    readonly why: 'succeeded' | 'replaced' | 'revoked';
  } | null;
  readonly successor: string | null;
};

/** A node of a park as headquarters knows it. */
export type RegisteredNode = {
  readonly nodeId: string;
  readonly parkId: string;
  readonly status: 'invited' | 'enrolled' | 'revoked';
  /** Those in force first, the newest before all; two are while a node changes its key. */
  readonly keys: readonly KeyOfNode[];
  readonly incarnations: readonly KnownIncarnation[];
};

/** A key with which admission codes are signed. */
export type PublishedKey = {
  readonly keyId: string;
  /** The 32 bytes of the Ed25519 public key, as base64url. */
  readonly x: string;
  readonly nodeId: string;
  /** The only park for which its codes are good; null: for all. */
  readonly parkId: string | null;
};

/** What one subscription of a node could not handle, and a person there has to settle. */
export type ParkedThere = {
  readonly subscription: string;
  readonly events: number;
  /** When the oldest of them was parked, in ms since 1970 by the node's clock. */
  readonly sinceMs: number;
};

/** What a node last told headquarters about itself, and what it was told. */
export type Contact = {
  readonly nodeId: string;
  readonly atMs: number;
  readonly verdict: string;
  /** What was wrong, for a person; null when nothing was. */
  readonly trouble: string | null;
  readonly appVersion: string;
  readonly protocol: number;
  /** Whether its program knows the same types of events as that of headquarters; if not, one of both is older. */
  readonly knowsSameTypes: boolean;
  readonly incarnation: string;
  /** Of what it wrote, how much there is. */
  readonly headSeq: number;
  /** Of that, how much headquarters has. */
  readonly acceptedSeq: number;
  /** Events of headquarters that it has still to read, as far as positions tell. */
  readonly feedLag: number;
  /** How far its clock is ahead of headquarters', in ms; negative: behind. */
  readonly clockOffsetMs: number;
  /** By subscription. */
  readonly parked: readonly ParkedThere[];
};

/** One process of a node as headquarters heard it, in one life of its log. */
export type Voice = {
  readonly nodeId: string;
  /** The life that goes on as far as headquarters knows: `incarnation`, or the one that this one says it stands in place of. */
  readonly life: string;
  /** UUID that one start of its program has given itself. */
  readonly process: string;
  /** The life that the process writes in. */
  readonly incarnation: string;
  readonly firstAtMs: number;
  readonly atMs: number;
  /** What it was told last, and what was wrong, for a person. */
  readonly verdict: string;
  readonly trouble: string | null;
  /** Another process of the node ran before this one and was heard after it. */
  readonly isCopy: boolean;
};

/** What a park keeps of the headquarters that it enrolled at. */
export type KnownHeadquarters = {
  readonly nodeId: string;
  readonly keyId: string;
  readonly publicKey: string;
  /** What headquarters signed about this node, as it was answered. */
  readonly certificate: string;
};
