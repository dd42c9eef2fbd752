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

/** Signed by the old key and by the new one. What the old one has sealed stays good up to where the log then was. */
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

export type NodeEvent = NodeInvited | NodeEnrolled | NodeRevoked | NodeKeyRotated | IncarnationClosed;

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
  | {
      readonly kind: 'rotate_key';
      readonly oldKeyId: string;
      readonly key: NodeKey;
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
  /** Another life goes on in its place already: two copies of the node are running. */
  | { readonly code: 'succeeded_already' }
  | { readonly code: 'incarnation_unknown' };
