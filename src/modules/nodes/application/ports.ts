import type { Step } from '../../../kernel/command-runner.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type {
  Contact,
  KnownHeadquarters,
  LogPlace,
  ParkHome,
  PublishedKey,
  RegisteredNode,
  Voice,
} from '../contract.ts';

/** Port: whether there is such a park. */
export type ParkExists = (parkId: string) => Promise<boolean>;

/** Port: whether anybody was let into a park on a day, as far as this node knows. */
export type HasAdmitted = (parkId: string, date: LocalDate) => Promise<boolean>;

/** Port: how far we have what each life of a node's log wrote. */
export type AcceptedOf = (nodeId: string) => Promise<readonly LogPlace[]>;

/**
 * Port: ends lives of a node's log for the store, which takes nothing of them from then on: each at its place, or at the newest
 * event that is held of it where that comes later. At `seq` 0 `link` says nothing.
 */
export type CloseLives = (nodeId: string, places: readonly LogPlace[]) => Promise<void>;

/** Port: what the heir of a node writes of the gates that the node served, so that it can go on serving them. */
export type InheritGates = (parkId: string, ofNode: string) => Promise<readonly Step<never>[]>;

/** Port: a hash of a secret text, in hexadecimal. */
export type HashSecret = (secret: string) => string;

/** A node as the people see who look after it. */
export type NodeView = RegisteredNode & {
  readonly invitedAtMs: number;
  /** When the code ends that enrols it. */
  readonly codeExpiresAtMs: number;
  /** From which day on its park was to be its own home, as the invitation said. */
  readonly homeFrom: LocalDate | null;
  readonly enrolledAtMs: number | null;
  readonly revokedAtMs: number | null;
};

/** Port: the read model of nodes. */
export type Nodes = {
  find(nodeId: string): Promise<NodeView | null>;
  byCodeHash(hash: string): Promise<NodeView | null>;
  /** By park and name; there are few. */
  all(): Promise<readonly NodeView[]>;
};

/** Port: the read model of who is at home where, and of the keys of all nodes. */
export type Homes = {
  /** The node at home there on a day, null being headquarters, and all that were enrolled for the park. */
  at(parkId: string, date: LocalDate): Promise<{ readonly node: string | null; readonly nodes: readonly string[] }>;
  of(parkId: string): Promise<readonly ParkHome[]>;
  keys(): Promise<readonly PublishedKey[]>;
};

/** Port: what nodes told when they were heard last; not a read model. */
export type Contacts = {
  note(contact: Contact): Promise<void>;
  all(): Promise<readonly Contact[]>;
  /** Null when the node was never heard. */
  of(nodeId: string): Promise<Contact | null>;
  /** Of none of them is known how it stands, until it is heard again. @param why in words for people */
  doubt(why: string): Promise<void>;
};

/** Port: which processes of each node were heard, and when; not a read model. */
export type Voices = {
  note(voice: Omit<Voice, 'firstAtMs' | 'isCopy'>): Promise<void>;
  /** The processes of a node that go on from a life of its log. */
  of(nodeId: string, life: string): Promise<readonly Voice[]>;
  markCopies(nodeId: string, life: string, processes: readonly string[]): Promise<void>;
  /** The last word of each process, of all nodes, that was told not to go on. */
  stopped(): Promise<readonly Voice[]>;
};

/** Port: where a park node is enrolled; not a read model. */
export type Enrolment = {
  find(): Promise<KnownHeadquarters | null>;
  keep(headquarters: KnownHeadquarters): Promise<void>;
};
