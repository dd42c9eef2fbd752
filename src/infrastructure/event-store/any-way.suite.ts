import fc from 'fast-check';
import { expect } from 'vitest';
import type { EventStore } from '../../kernel/event-store.ts';
import type { AuthoredEvent, Receive, ReceiveOutcome, ReplicationLog } from '../../kernel/replication.ts';
import { newId, one } from './appends.suite.ts';
import { authoredBy, chained, fill, parkNode } from './authored-log.suite.ts';

/** One message of a schedule: a run of an author's log as a chain or as single events, changed or not, or one of our own appends. */
type Message =
  | { readonly kind: 'own' }
  | {
      readonly kind: 'chain' | 'single';
      readonly author: number;
      readonly first: number;
      readonly count: number;
      readonly changes: 'nothing' | 'data' | 'link' | 'time';
    };

const message: fc.Arbitrary<Message> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('own' as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('chain' as const, 'chain' as const, 'single' as const),
      author: fc.integer({ min: 0, max: 1 }),
      first: fc.integer({ min: 1, max: 9 }),
      count: fc.integer({ min: 1, max: 9 }),
      changes: fc.constantFrom('nothing' as const, 'nothing' as const, 'nothing' as const, 'data', 'link', 'time'),
    }),
  },
);

/** What comes in over a bad line: any order, repeats, losses, batches of any size, and now and then something changed. */
export const schedule = fc.array(message, { minLength: 1, maxLength: 25 });

function changed(event: AuthoredEvent, how: 'nothing' | 'data' | 'link' | 'time'): AuthoredEvent {
  if (how === 'data') return { ...event, data: { forged: true } };
  if (how === 'time') return { ...event, occurredAtMs: event.occurredAtMs + 1 };
  return how === 'link' ? { ...event, link: event.link.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) } : event;
}

export type Told = { readonly received: Receive; readonly isChanged: boolean };

/** Two authors with a few events each, and the messages of a schedule about them; null stands for an append of our own. */
export async function messagesOf(plan: readonly Message[]) {
  const authors = await Promise.all(
    ['park-one', 'park-two'].map(async (nodeId) => {
      const node = parkNode(nodeId);
      await fill(node, 6);
      return authoredBy(node);
    }),
  );
  const messages = plan.map((planned): Told | null => {
    if (planned.kind === 'own') return null;
    const all = authors[planned.author] ?? [];
    const first = Math.min(planned.first, all.length);
    const whole = chained(all, first, Math.min(first + planned.count - 1, all.length));
    const events = whole.events.map((event, index) => (index === 0 ? changed(event, planned.changes) : event));
    // A single event that was changed on its way is for its segment's signature to find; here only chains are.
    const isChanged = planned.changes !== 'nothing' && planned.kind === 'chain';
    return planned.kind === 'chain'
      ? { received: { ...whole, events }, isChanged }
      : { received: { events: whole.events, chain: null }, isChanged };
  });
  return { authors, messages };
}

type Node = { readonly store: EventStore; readonly replication: ReplicationLog };

/** Tells a node the messages; answers what it said to each. Its own log must be as its own appends alone made it. */
export async function tell(
  { store, replication }: Node,
  messages: readonly (Told | null)[],
): Promise<ReceiveOutcome[]> {
  const answers: ReceiveOutcome[] = [];
  for (const told of messages) {
    const before = await replication.head();
    if (told === null) {
      await store.append(one(newId(), 'none', 1, { transfers: [{ from: null, to: 'own', amount: 1 }] }));
      continue;
    }
    const answer = await replication.receive(told.received);
    const { seq, link, position } = await replication.head();
    expect({ seq, link }).toEqual({ seq: before.seq, link: before.link });
    if (answer.outcome !== 'stored') expect(position).toBe(before.position);
    if (told.isChanged) expect(answer.outcome).not.toBe('stored');
    answers.push(answer);
  }
  return answers;
}

/** Answers without local positions, which depend on what the node held before. */
export const withoutPositions = (answers: readonly ReceiveOutcome[]): unknown =>
  answers.map((answer) => ('lastPosition' in answer ? { ...answer, lastPosition: 0 } : answer));

/** Once everything came whole, everything is there, once, as its author wrote it. */
export async function expectAll({ store, replication }: Node, authors: readonly (readonly AuthoredEvent[])[]) {
  for (const all of authors) await replication.receive(chained(all));
  const stored = await store.read(0, 100_000);
  for (const all of authors) {
    const [first] = all;
    const of = stored.filter(({ incarnation }) => incarnation === first?.incarnation);
    expect(of.map(({ id }) => id).toSorted()).toEqual(all.map(({ id }) => id).toSorted());
    const held = (await replication.authors()).find(({ incarnation }) => incarnation === first?.incarnation);
    expect(held).toMatchObject({ seq: all.length, link: all.at(-1)?.link, isWhole: true });
  }
}
