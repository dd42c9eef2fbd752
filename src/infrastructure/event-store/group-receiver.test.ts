import { expect, test } from 'vitest';
import type { SealedSegment } from '../../kernel/replication.ts';
import { fill, parkNode, signer } from './authored-log.suite.ts';
import { GroupReceiver, type ReceiveAnswer } from './group-receiver.ts';
import { receivedRun, type ReceivedRun } from './received-arguments.ts';

/** Signed segments of one log, of two events each. */
async function segmentsOf(count: number): Promise<readonly SealedSegment[]> {
  const node = parkNode();
  for (let made = 0; made < count; made += 1) {
    await fill(node, 2);
    await node.replication.seal(signer);
  }
  const { incarnation } = await node.replication.head();
  return node.replication.segmentsAfter(incarnation, 0, { segments: count });
}

const runOf = (segment: SealedSegment, events = segment.events): ReceivedRun =>
  receivedRun({ events, chain: segment.header, segment });

const storedAll = (runs: readonly ReceivedRun[]): ReceiveAnswer => ({
  outcome: 'stored',
  stored: runs.reduce((sum, { events }) => sum + events, 0),
  lastPosition: runs.at(-1)?.last ?? 0,
  storedOf: runs.length === 1 ? null : runs.map(({ events }) => events),
});

/** A receiver, and how many runs were asked about together each time. */
function receiverOf(answer: (runs: readonly ReceivedRun[]) => ReceiveAnswer) {
  const asked: number[] = [];
  const receiver = new GroupReceiver(async (runs) => {
    asked.push(runs.length);
    return answer(runs);
  });
  return {
    asked,
    tell: (runs: readonly ReceivedRun[]) => Promise.allSettled(runs.map((run) => receiver.receive(run))),
  };
}

test('what comes while something is stored goes together, up to so much that appends need not wait for long', async () => {
  const { asked, tell } = receiverOf(storedAll);
  const runs = (await segmentsOf(6)).map((segment) => ({ ...runOf(segment), events: 500 }));
  const answers = await tell(runs);
  expect(asked).toEqual([1, 4, 1]);
  expect(answers.map((answer) => answer.status === 'fulfilled' && answer.value)).toMatchObject(
    runs.map(() => ({ outcome: 'stored', stored: 500 })),
  );
});

test('only the next segments of the same log go together', async () => {
  const { asked, tell } = receiverOf(storedAll);
  const [one, other] = [
    (await segmentsOf(3)).map((each) => runOf(each)),
    (await segmentsOf(2)).map((each) => runOf(each)),
  ];
  const single = { ...other[0], chain: null } as ReceivedRun;
  await tell([...one.slice(0, 1), ...one.slice(2), ...other, single, single].flatMap((run) => run ?? []));
  expect(asked).toEqual([1, 1, 2, 1, 1]);
});

test('what is refused together is told one by one, and each is answered for itself', async () => {
  const { asked, tell } = receiverOf((runs) => {
    const [bad, broken] = [runs.some(({ last }) => last === 6), runs.some(({ last }) => last === 8)];
    if (broken) throw new Error('a read model broke');
    return bad ? { outcome: 'broken_chain', seq: 6 } : storedAll(runs);
  });
  const answers = await tell((await segmentsOf(4)).map((each) => runOf(each)));
  expect(asked).toEqual([1, 3, 1, 1, 1]);
  expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.outcome : answer.reason))).toEqual([
    'stored',
    'stored',
    'broken_chain',
    new Error('a read model broke'),
  ]);
});
