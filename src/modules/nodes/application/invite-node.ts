import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { ownRefusal } from '../../../kernel/expected-refusal.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock, LocalDate } from '../../../kernel/time.ts';
import { parkNode } from '../domain/node.ts';
import { INVITATION_MS, type NodeRefusal } from '../domain/node-messages.ts';
import type { HashSecret, Nodes, ParkExists } from './ports.ts';

/** Twenty characters; whoever guesses them within the hour gets a node of their own. */
const CODE_BYTES = 15;

export const nodeStream = (ids: Pick<Ids, 'derive'>, nodeId: string): string => ids.derive(`node:${nodeId}`);

/** None that begins with a dash: a shell would take it for the name of an option. */
function newCode(ids: Pick<Ids, 'secret'>): string {
  for (;;) {
    const code = ids.secret(CODE_BYTES);
    if (!code.startsWith('-')) return code;
  }
}

export type Invitation = { readonly nodeId: string; readonly code: string; readonly expiresAtMs: number };

export type InviteRefusal = NodeRefusal | { readonly code: 'park_not_found' } | { readonly code: 'park_has_node' };

/** Makes a code that enrols a node, told here and nowhere else. The codes made for it before are good for nothing. */
export type InviteNode = (
  node: { readonly nodeId: string; readonly parkId: string; readonly homeFrom: LocalDate | null },
  meta: CommandMeta,
) => Promise<Result<Invitation, InviteRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly nodes: Nodes;
  readonly hashSecret: HashSecret;
  readonly parkExists: ParkExists;
  /** Of headquarters itself, which no park node may be called. */
  readonly nodeId: string;
};

export const createInviteNode =
  ({ runner, ids, clock, nodes, hashSecret, parkExists, nodeId: ownId }: Dependencies): InviteNode =>
  async (node, meta) => {
    const { nodeId, parkId } = node;
    if (nodeId === ownId || nodeId === 'hq') return refuse({ code: 'node_name_taken' });
    if (!(await parkExists(parkId))) return refuse({ code: 'park_not_found' });
    const others = (await nodes.all()).filter((other) => other.parkId === parkId && other.nodeId !== nodeId);
    if (others.some(({ status }) => status === 'enrolled')) return refuse({ code: 'park_has_node' });
    const [code, nowMs] = [newCode(ids), clock.now()];
    const command = { kind: 'invite', ...node, codeHash: hashSecret(code), nowMs } as const;
    const done = await runner.run(parkNode, nodeStream(ids, nodeId), command, { ...meta, parkId });
    return done.ok ? ok({ nodeId, code, expiresAtMs: nowMs + INVITATION_MS }) : refuse(ownRefusal(done.refusal));
  };
