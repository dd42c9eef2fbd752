import { unreachable } from '../../../kernel/assert.ts';
import type { Decider } from '../../../kernel/decider.ts';
import type { LogPlace } from '../contract.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import {
  INVITATION_MS,
  type IncarnationClosed,
  type NodeCommand,
  type NodeEvent,
  type NodeKey,
  type NodeRefusal,
} from './node-messages.ts';

/**
 * So many lives and keys a node may begin before it has to be enrolled again. Every park hears of each, so that whoever has the key of one
 * could drown all the others in them.
 */
export const MOST_CHANGES = 1_000;

type Life = { readonly isClosed: boolean; readonly successor: string | null };

export type NodeState = {
  readonly status: 'none' | 'invited' | 'enrolled' | 'revoked';
  readonly nodeId: string;
  readonly parkId: string;
  /** The code that may be used until then; null once it was. */
  readonly invitation: { readonly codeHash: string; readonly expiresAtMs: number } | null;
  /** What the last enrolment was made with: a repeat of it changes nothing. */
  readonly enrolledBy: { readonly codeHash: string; readonly incarnation: string } | null;
  /** The keys in force, the newest first; two while a change of keys goes on. */
  readonly keys: readonly NodeKey[];
  /** Ids of the keys that it had before; the last one was retired last. */
  readonly formerKeyIds: readonly string[];
  /** The lives of its log, by their ids. */
  readonly lives: Readonly<Record<string, Life>>;
  /** How many lives and keys it has begun since it was enrolled last. */
  readonly changes: number;
};

type Decision = Result<readonly NodeEvent[], NodeRefusal>;
type Asked<Kind extends NodeCommand['kind']> = Extract<NodeCommand, { readonly kind: Kind }>;

/** Ends every life that is still open where headquarters has it; of one that it has nothing of, at the beginning. */
function closeAll(
  { nodeId, lives }: NodeState,
  accepted: readonly LogPlace[],
  why: 'replaced' | 'revoked',
  successor: string | null,
): readonly IncarnationClosed[] {
  return Object.entries(lives)
    .filter(([incarnation, life]) => !life.isClosed && incarnation !== successor)
    .map(([incarnation]) => {
      const { seq = 0, link = '' } = accepted.find((point) => point.incarnation === incarnation) ?? {};
      return { type: 'IncarnationClosed', data: { nodeId, incarnation, seq, link, why, successor } };
    });
}

function invite({ kind: _kind, nowMs, ...invited }: Asked<'invite'>, state: NodeState): Decision {
  if (state.status === 'revoked') return refuse({ code: 'node_revoked' });
  if (state.status !== 'none' && state.parkId !== invited.parkId) return refuse({ code: 'node_name_taken' });
  return ok([{ type: 'NodeInvited', data: { ...invited, expiresAtMs: nowMs + INVITATION_MS } }]);
}

function enrol({ codeHash, key, incarnation, accepted, nowMs }: Asked<'enrol'>, state: NodeState): Decision {
  const { nodeId, parkId, invitation, enrolledBy } = state;
  const isRepeat =
    enrolledBy?.codeHash === codeHash && enrolledBy.incarnation === incarnation && state.keys[0]?.keyId === key.keyId;
  if (state.status === 'enrolled' && isRepeat) return ok([]);
  const isGood = invitation?.codeHash === codeHash && nowMs < invitation.expiresAtMs;
  if (state.status === 'revoked' || !isGood) return refuse({ code: 'code_invalid' });
  // A life that was closed cannot begin again: whoever shows it is an old copy of the database.
  if (state.lives[incarnation]?.isClosed === true) return refuse({ code: 'code_invalid' });
  return ok([
    ...closeAll(state, accepted, 'replaced', incarnation),
    { type: 'NodeEnrolled', data: { nodeId, parkId, ...key, codeHash, incarnation, enrolledAtMs: nowMs } },
  ]);
}

function succeed({ previous, successor }: Asked<'succeed'>, state: NodeState): Decision {
  if (state.status === 'revoked') return refuse({ code: 'node_revoked' });
  const life = state.lives[previous.incarnation];
  if (life === undefined) return refuse({ code: 'incarnation_unknown' });
  if (life.successor === successor) return ok([]);
  // A life has one successor; a second one, or one that is a life already, is another copy of the node.
  if (life.isClosed || state.lives[successor] !== undefined) return refuse({ code: 'succeeded_already' });
  if (state.changes >= MOST_CHANGES) return refuse({ code: 'changed_too_often' });
  const data = { nodeId: state.nodeId, ...previous, why: 'succeeded', successor } as const;
  return ok([{ type: 'IncarnationClosed', data }]);
}

function certifyKey(
  { oldKeyId, key, nowMs }: Asked<'certify_key'>,
  { status, nodeId, keys, formerKeyIds, changes }: NodeState,
): Decision {
  if (status !== 'enrolled') return refuse({ code: 'node_not_found' });
  const [newest, before] = keys;
  if (newest?.keyId === key.keyId && newest.publicKey === key.publicKey && before?.keyId === oldKeyId) return ok([]);
  if ([...formerKeyIds, ...keys.map(({ keyId }) => keyId)].includes(key.keyId))
    return refuse({ code: 'key_used_before' });
  if (newest?.keyId !== oldKeyId) return refuse({ code: 'key_moved' });
  if (before !== undefined) return refuse({ code: 'key_change_open' });
  if (changes >= MOST_CHANGES) return refuse({ code: 'changed_too_often' });
  return ok([{ type: 'NodeKeyCertified', data: { nodeId, ...key, oldKeyId, certifiedAtMs: nowMs } }]);
}

function retireKey(
  { oldKeyId, keyId, oldUntil, nowMs }: Asked<'retire_key'>,
  { status, nodeId, keys, formerKeyIds, lives }: NodeState,
): Decision {
  if (status !== 'enrolled') return refuse({ code: 'node_not_found' });
  const [newest, before] = keys;
  if (newest?.keyId !== keyId) return refuse({ code: 'key_moved' });
  if (before === undefined && formerKeyIds.at(-1) === oldKeyId) return ok([]);
  if (before?.keyId !== oldKeyId) return refuse({ code: 'key_moved' });
  if (lives[oldUntil.incarnation]?.isClosed !== false) return refuse({ code: 'incarnation_unknown' });
  return ok([{ type: 'NodeKeyRotated', data: { nodeId, ...newest, oldKeyId, oldUntil, rotatedAtMs: nowMs } }]);
}

function revoke({ accepted, nowMs }: Asked<'revoke'>, state: NodeState): Decision {
  if (state.status === 'none') return refuse({ code: 'node_not_found' });
  if (state.status === 'revoked') return ok([]);
  return ok([
    ...closeAll(state, accepted, 'revoked', null),
    { type: 'NodeRevoked', data: { nodeId: state.nodeId, revokedAtMs: nowMs } },
  ]);
}

/** Other keys are in force; those that no longer are have been. */
function withKeys(
  { keys: before, formerKeyIds }: NodeState,
  keys: readonly NodeKey[],
): Pick<NodeState, 'keys' | 'formerKeyIds'> {
  const gone = before.filter(({ keyId }) => !keys.some((key) => key.keyId === keyId));
  return { keys, formerKeyIds: [...formerKeyIds, ...gone.map(({ keyId }) => keyId)] };
}

function withLife(
  lives: NodeState['lives'],
  { incarnation, successor }: IncarnationClosed['data'],
): NodeState['lives'] {
  const next = successor === null ? {} : { [successor]: lives[successor] ?? { isClosed: false, successor: null } };
  return { ...lives, [incarnation]: { isClosed: true, successor }, ...next };
}

/** A node of a park as headquarters knows it: invited, enrolled with a key, one life of its log after the other, revoked. */
export const parkNode: Decider<NodeCommand, NodeState, NodeEvent, NodeRefusal> = {
  aggregateType: 'Node',
  initial: {
    status: 'none',
    nodeId: '',
    parkId: '',
    invitation: null,
    enrolledBy: null,
    keys: [],
    formerKeyIds: [],
    lives: {},
    changes: 0,
  },
  decide(command, state) {
    switch (command.kind) {
      case 'invite':
        return invite(command, state);
      case 'enrol':
        return enrol(command, state);
      case 'succeed':
        return succeed(command, state);
      case 'certify_key':
        return certifyKey(command, state);
      case 'retire_key':
        return retireKey(command, state);
      case 'revoke':
        return revoke(command, state);
      default:
        return unreachable(command, 'node command');
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'NodeInvited': {
        const { nodeId, parkId, codeHash, expiresAtMs } = event.data;
        const status = state.status === 'none' ? 'invited' : state.status;
        return { ...state, status, nodeId, parkId, invitation: { codeHash, expiresAtMs } };
      }
      case 'NodeEnrolled': {
        const { codeHash, incarnation, keyId, publicKey } = event.data;
        const lives = { ...state.lives, [incarnation]: { isClosed: false, successor: null } };
        const enrolledBy = { codeHash, incarnation };
        return {
          ...state,
          ...withKeys(state, [{ keyId, publicKey }]),
          status: 'enrolled',
          invitation: null,
          enrolledBy,
          lives,
          changes: 0,
        };
      }
      case 'NodeRevoked':
        return { ...state, status: 'revoked', invitation: null };
      case 'NodeKeyCertified': {
        const { keyId, publicKey } = event.data;
        return { ...state, ...withKeys(state, [{ keyId, publicKey }, ...state.keys]), changes: state.changes + 1 };
      }
      case 'NodeKeyRotated': {
        const { keyId, publicKey } = event.data;
        return { ...state, ...withKeys(state, [{ keyId, publicKey }]) };
      }
      case 'IncarnationClosed': {
        const changes = state.changes + (event.data.why === 'succeeded' ? 1 : 0);
        return { ...state, lives: withLife(state.lives, event.data), changes };
      }
      default:
        return unreachable(event, 'node event');
    }
  },
};
