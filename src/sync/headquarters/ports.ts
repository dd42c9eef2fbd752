import type { ParksOfStreams } from '../../infrastructure/event-store/stream-parks.ts';
import type { NodeSigner } from '../../infrastructure/keys/node-signer.ts';
import type { Travels } from '../../kernel/event-definition.ts';
import type { LogPlace, ReplicationLog } from '../../kernel/replication.ts';
import type { Result } from '../../kernel/result.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Contact, KeyOfNode, PublishedKey, RegisteredNode, Voice } from '../../modules/nodes/contract.ts';
import type { KeyCertificate } from '../protocol/keys.ts';
import type { Message, Verdict } from '../protocol/messages.ts';
import type { PlaceProofs } from './place-proofs.ts';
import type { Sessions } from './session.ts';

type GateKey = Pick<PublishedKey, 'keyId' | 'x'>;
type Refused = { readonly code: string };
type NodeKey = Pick<KeyOfNode, 'keyId' | 'publicKey'>;
type KeyChange = { readonly oldKeyId: string };

/** Port: the register of nodes. */
export type Registry = {
  find(nodeId: string): Promise<RegisteredNode | null>;
  enrol(
    request: {
      readonly code: string;
      readonly nodeId: string;
      readonly parkId: string;
      readonly key: NodeKey;
      readonly admissionKeys: readonly GateKey[];
      readonly incarnation: string;
    },
    correlationId: string,
  ): Promise<Result<null, Refused>>;
  /** A new life of a node's log in place of another one, of which nothing after the place is taken any more. */
  succeed(nodeId: string, previous: LogPlace, successor: string): Promise<Result<null, Refused>>;
  /** Another key beside the one in force. */
  certifyKey(nodeId: string, change: KeyChange & { readonly key: NodeKey }): Promise<Result<null, Refused>>;
  /** The key before the newest one is good for nothing any more but what it has sealed. */
  retireKey(
    nodeId: string,
    change: KeyChange & {
      readonly keyId: string;
      readonly oldUntil: { readonly incarnation: string; readonly seq: number };
    },
  ): Promise<Result<null, Refused>>;
  publishKeys(node: { readonly nodeId: string; readonly parkId: string }, keys: readonly GateKey[]): Promise<void>;
  noteContact(contact: Contact): Promise<void>;
};

/** Port: which processes of each node were heard, and when. */
export type Voices = {
  note(voice: Omit<Voice, 'firstAtMs' | 'isCopy'>): Promise<void>;
  /** The processes of a node that go on from a life of its log. */
  of(nodeId: string, life: string): Promise<readonly Voice[]>;
  markCopies(nodeId: string, life: string, processes: readonly string[]): Promise<void>;
};

/** What became of a call of a node. */
export type News = {
  readonly nodeId: string;
  readonly step: 'hello' | 'push' | 'pull';
  readonly verdict: Verdict;
  readonly trouble: string | null;
  /** Events that were new. */
  readonly stored?: number;
  readonly isQuarantined?: boolean;
};

export type HeadquartersTools = {
  readonly nodeId: string;
  readonly log: ReplicationLog;
  readonly registry: Registry;
  readonly voices: Voices;
  /** By the key that is in force now: it may be changed while the program runs. */
  readonly signer: () => Promise<NodeSigner>;
  /** Which keys of headquarters stood in place of which, in order. */
  readonly certificates: () => Promise<readonly Message<typeof KeyCertificate>[]>;
  readonly sessions: Sessions;
  readonly placeProofs: PlaceProofs;
  readonly clock: Clock;
  /** Which way events of each type go; a type that this program does not know is not in it. */
  readonly travels: ReadonlyMap<string, Travels | undefined>;
  /** The newest version of each type that this program knows. */
  readonly knows: ReadonlyMap<string, number>;
  /** Hash of them all. */
  readonly eventTypes: string;
  readonly parksOf: ParksOfStreams;
  /** Begins a new life of this log, which lacks something of the life `forgotten`, or all of it: nobody else has noticed. */
  readonly beginLife: (forgotten: string) => Promise<void>;
  readonly onNews: (news: News) => void;
};
