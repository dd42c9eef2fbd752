import { expect, test } from 'vitest';
import { createManualClock } from '../../../infrastructure/clock.ts';
import { createMemoryNode, type MemoryNode } from '../../../infrastructure/event-store/memory-store.ts';
import { createMemorySubjectKeys } from '../../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../../infrastructure/event-store/vault.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import { createCommandRunner } from '../../../kernel/command-runner.ts';
import { createEventCodec } from '../../../kernel/event-codec.ts';
import { payment } from '../domain/payment.ts';
import { paymentEvents } from '../persistence/events.ts';
import { createAdvanceRefund } from './advance-refund.ts';
import { createFollowRefunds } from './follow-refunds.ts';
import type { OpenRefund } from './ports.ts';

const NOW_MS = Date.parse('2026-12-05T06:00:00Z');
const META = { actor: 'system', correlationId: 'test', parkId: 'ala-archa' };
const clock = createManualClock(NOW_MS);
const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
const codec = createEventCodec(paymentEvents, vault);

/** A node that knows of one refund which nobody has taken any further. */
function follower({ store }: MemoryNode, open: OpenRefund) {
  const errors: unknown[] = [];
  const runner = createCommandRunner({ store, codec, ids, clock });
  const follow = createFollowRefunds({
    refunds: { open: async (after) => (after === null ? [open] : []) },
    advanceRefund: createAdvanceRefund({ runner, providers: new Map(), ids, clock }),
    clock,
    onError: (error) => errors.push(error),
  });
  const status = async () => (await runner.stateOf(payment, open.paymentId)).state.refunds[0]?.status;
  return { runner, errors, follow: () => follow(10), status };
}

test('a refund of money that the desk of a park took is left to its node, without a word', async () => {
  const [hq, park] = ['hq', 'park'].map((nodeId) => createMemoryNode({ clock, nodeId }));
  if (hq === undefined || park === undefined) throw new Error('two nodes');
  const [paymentId, refundId] = [ids.next(), ids.next()];
  const open = { refundId, paymentId, requestedAtMs: NOW_MS, submittedAtMs: null };
  const [there, here] = [follower(park, open), follower(hq, open)];
  const facts = { paymentId, ticketId: ids.next(), parkId: META.parkId, providerKey: ids.next(), nowMs: NOW_MS };
  const taken = { method: 'elcard_terminal', reference: '000017', amountTyiyn: 100_000n } as const;
  await there.runner.run(payment, paymentId, { type: 'take_at_desk', ...facts, ...taken }, META);
  // The process died before it found that no provider gives it back.
  const wish = { refundId, amountTyiyn: null, reason: 'asked_by_staff', note: null, nowMs: NOW_MS } as const;
  await there.runner.run(payment, paymentId, { type: 'request_refund', ...wish }, META);
  const feed = { parkId: META.parkId, everyParkTypes: paymentEvents.map(({ type }) => type), itsParkTypes: [] };
  const { events } = await park.replication.feed({ ...feed, afterPosition: 0, limit: 10 });
  await hq.replication.receive({ events, chain: null });

  await here.follow();
  expect([await here.status(), here.errors]).toEqual(['requested', []]);
  await there.follow();
  expect([await there.status(), there.errors]).toEqual(['manual', []]);
});

test('any other failure is told, and the next refund is followed', async () => {
  const errors: unknown[] = [];
  const followed: string[] = [];
  const open = ['broken', 'good'].map((refundId) => ({
    refundId,
    paymentId: refundId,
    requestedAtMs: 0,
    submittedAtMs: null,
  }));
  const follow = createFollowRefunds({
    refunds: { open: async () => open },
    async advanceRefund({ refundId }) {
      if (refundId === 'broken') throw new Error('broken');
      followed.push(refundId);
    },
    clock,
    onError: (error) => errors.push(error),
  });
  await follow(10);
  expect([followed, errors]).toEqual([['good'], [new Error('broken')]]);
});
