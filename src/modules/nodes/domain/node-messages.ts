import type { LogPlace } from '../contract.ts';

/** How long there is to bring the code to the park. */
export const INVITATION_MS = 60 * 60_000;

/** Somebody may bring a node into being: new, or again after it lost its database or its key. */
export type NodeInvited = {
  readonly type: 'NodeInvited';
  readonly data: {
    /** What the node is called everywhere, for ever. */
    readonly nodeId: string;
    readonly parkId: string;
    /** The code itself is told once and kept nowhere. */
    readonly codeHash: string;
    readonly expiresAtMs: number;
    /** From which day on the park is to be its own home; null: the day after the enrolment. */
    readonly homeFrom: string | null;
  };
};

export type NodeKey = {
  readonly keyId: string;
  /** The 32 bytes of an Ed25519 public key, as base64url. */
  readonly publicKey: string;
};

export type NodeEnrolled = {
  readonly type: 'NodeEnrolled';
  readonly data: NodeKey & {
    readonly nodeId: string;
    readonly parkId: string;
    readonly codeHash: string;
    /** The life of the log that it begins with. */
    readonly incarnation: string;
    readonly enrolledAtMs: number;
  };
};

/** Nothing is taken from it any more but what headquarters had of it. */
export type NodeRevoked = {
  readonly type: 'NodeRevoked';
  readonly data: { readonly nodeId: string; readonly revokedAtMs: number };
};

/** A node has another key beside the one in force, proven by both. Until the old one is retired either is good. */
export type NodeKeyCertified = {
  readonly type: 'NodeKeyCertified';
  readonly data: NodeKey & {
    readonly nodeId: string;
    /** The key in force, which signed for this one. */
    readonly oldKeyId: string;
    readonly certifiedAtMs: number;
  };
};

/** The old key is retired, by the word of the new one. What it had sealed up to there stays good, and nothing else. */
export type NodeKeyRotated = {
  readonly type: 'NodeKeyRotated';
  readonly data: NodeKey & {
    readonly nodeId: string;
    readonly oldKeyId: string;
    readonly oldUntil: { readonly incarnation: string; readonly seq: number };
    readonly rotatedAtMs: number;
  };
};

/** From here on nothing of that life of a node's log is taken; what of it is taken ends at an exact event, never at a time. */
export type IncarnationClosed = {
  readonly type: 'IncarnationClosed';
  readonly data: LogPlace & {
    readonly nodeId: string;
    readonly why: 'succeeded' | 'replaced' | 'revoked';
    /** The life that goes on in its place. */
    readonly successor: string | null;
  };
};

export type NodeEvent =
  NodeInvited | NodeEnrolled | NodeRevoked | NodeKeyCertified | NodeKeyRotated | IncarnationClosed;

export type NodeCommand =
  | {
      readonly kind: 'invite';
      readonly nodeId: string;
      readonly parkId: string;
      readonly codeHash: string;
      readonly homeFrom: string | null;
      readonly nowMs: number;
    }
  | {
      readonly kind: 'enrol';
      readonly codeHash: string;
      readonly key: NodeKey;
      readonly incarnation: string;
      /** How far headquarters has what the node wrote before. */
      readonly accepted: readonly LogPlace[];
      readonly nowMs: number;
    }
  | {
      readonly kind: 'succeed';
      readonly previous: LogPlace;
      readonly successor: string;
    }
  | { readonly kind: 'certify_key'; readonly oldKeyId: string; readonly key: NodeKey; readonly nowMs: number }
  | {
      readonly kind: 'retire_key';
      readonly oldKeyId: string;
      /** The newest key, which asks for it. */
      readonly keyId: string;
      readonly oldUntil: { readonly incarnation: string; readonly seq: number };
      readonly nowMs: number;
    }
  | { readonly kind: 'revoke'; readonly accepted: readonly LogPlace[]; readonly nowMs: number };

export type NodeRefusal =
  /** There is no such node, or it is not enrolled. */
  | { readonly code: 'node_not_found' }
  /** A node of another park has the name. */
  | { readonly code: 'node_name_taken' }
  | { readonly code: 'node_revoked' }
  /** The code was used before or is too old. */
  | { readonly code: 'code_invalid' }
  /** The key that signed is not the one in force. */
  | { readonly code: 'key_moved' }
  /** The node had a key of that id before, which does not come back. */
  | { readonly code: 'key_used_before' }
  /** The key before the one in force is not retired yet. */
  | { readonly code: 'key_change_open' }
  /** It began more lives and keys than are believed of one enrolment. */
  | { readonly code: 'changed_too_often' }
  /** Another life goes on in its place already: two copies of the node are running. */
  | { readonly code: 'succeeded_already' }
  | { readonly code: 'incarnation_unknown' };
