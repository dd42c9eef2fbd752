import { Type, type Static } from 'typebox';
import type { Principal } from '../../../infrastructure/http/access.ts';
import { nullable, uuid } from '../../../infrastructure/http/schemas.ts';
import type { CompareHeads } from '../application/witnesses.ts';

export const nodeHeadExample = {
  incarnation: '01936f2e-1a2b-7c3d-8e4f-5a6b7c8d9e0f',
  seq: 18_421,
  hash: 'Ykx4hMm0pYb9XNQZ2mP8rSgGvTq1wEJ3LdKcVoUaRfI',
};

const members = {
  incarnation: uuid('Which life of the log of the node'),
  seq: Type.Integer({ minimum: 0, maximum: 1_000_000_000_000, description: 'How many events it had', example: 18_421 }),
  hash: Type.String({
    pattern: '^[A-Za-z0-9_-]{43}$',
    maxLength: 43,
    description: 'Link of the newest of them',
    example: nodeHeadExample.hash,
  }),
};

export const WitnessInput = Type.Optional(
  nullable(
    Type.Object(members, {
      description:
        'Of a device: the highest `node` that it ever got, or null before the first. Where that is not in the log of the node any more, the ' +
        'node was put back to an earlier state, and an alarm sounds',
    }),
  ),
);

export const NodeHead = Type.Optional(
  Type.Object(members, { description: 'How far the log of the node is, for a device that sent `witness` to remember' }),
);

/** What a device that keeps watch gets in return; nothing for others. */
export async function nodeHeadFor(
  { kind, userId: deviceId, roles }: Principal,
  witness: Static<typeof WitnessInput> | undefined,
  compare: CompareHeads,
  correlationId: string,
): Promise<{ readonly node?: Static<typeof NodeHead> }> {
  const parkId = roles[0]?.parkId ?? null;
  if (kind !== 'device' || witness === undefined || parkId === null) return {};
  const { incarnation = '', seq: seenSeq = 0, hash: seenLink = '' } = witness ?? {};
  const seen = witness === null ? null : { incarnation, seq: seenSeq, link: seenLink };
  const head = await compare({ deviceId, parkId }, seen, correlationId);
  return { node: { incarnation: head.incarnation, seq: head.seq, hash: head.link } };
}
