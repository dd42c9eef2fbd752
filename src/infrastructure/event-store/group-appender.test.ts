import { describe, expect, test } from 'vitest';
import { StoreUnavailable, type Append } from '../../kernel/event-store.ts';
import { createManualClock } from '../clock.ts';
import { systemIds } from '../ids.ts';
import type { FlushArguments } from './flush.ts';
import { createGroupAppender, type SendFlush } from './group-appender.ts';

const oneEvent = (): Append => ({
  streams: [
    {
      streamId: systemIds.next(),
      aggregateType: 'Thing',
      expected: 'none',
      events: [{ id: systemIds.next(), type: 'ThingHappened', schemaVersion: 1, data: {} }],
    },
  ],
  context: { actor: 'system', correlationId: 'test', occurredAtMs: 0 },
});

/** Number and voids of a try, as the arguments of store.append carry them. */
const numbersOf = (flush: FlushArguments): readonly unknown[] => flush.slice(1, 3);

const STORED = [0, 1, 1, 0];

function appenderOver(answers: readonly ((attempt: number) => Promise<readonly number[]>)[]) {
  const clock = createManualClock(0);
  const sent: (readonly unknown[])[] = [];
  const send: SendFlush = (flush) => {
    sent.push(numbersOf(flush));
    const answer = answers[sent.length - 1];
    if (answer === undefined) throw new Error('one try too many');
    return answer(sent.length);
  };
  const sleep = async (ms: number): Promise<void> => clock.advance(ms);
  return { appender: createGroupAppender({ send, clock, sleep, writerId: systemIds.next() }), clock, sent };
}

describe('a flush', () => {
  test('whose connection took longer than all patience to fail is repeated at least once', async () => {
    const { appender, clock } = appenderOver([
      async () => {
        clock.advance(15_000);
        throw new StoreUnavailable('no answer');
      },
      async () => STORED,
    ]);
    expect(await appender.append(oneEvent())).toMatchObject({ outcome: 'stored' });
  });

  test('that is refused leaves an older unanswered one still to be voided', async () => {
    const { appender, sent } = appenderOver([
      () => Promise.reject(new StoreUnavailable('no answer')),
      () => Promise.reject(new Error('refused as a whole')),
      () => Promise.reject(new Error('refused alone')),
      async () => STORED,
    ]);
    await expect(appender.append(oneEvent())).rejects.toThrow('refused alone');
    await appender.append(oneEvent());
    expect(sent.map(([, voids]) => voids)).toEqual([0, 1, 1, 1]);
  });
});
