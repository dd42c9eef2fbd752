import { describe, expect, test } from 'vitest';
import { StoreUnavailable, type Append } from '../../kernel/event-store.ts';
import { createManualClock } from '../clock.ts';
import { newId, NOON_MS, one } from './appends.suite.ts';
import type { FlushArguments } from './flush.ts';
import { createGroupAppender, type GroupAppenderOptions } from './group-appender.ts';

type Sent = {
  readonly number: unknown;
  readonly voids: unknown;
  readonly checkIds: unknown;
  /** Events in it. */
  readonly events: number;
  /** Answers that every append was stored. */
  accept(): void;
  fail(error: Error): void;
};

/** An appender whose flushes wait for the test to answer them. */
function held(options: Partial<GroupAppenderOptions> = {}) {
  const clock = createManualClock(NOON_MS);
  const sent: Sent[] = [];
  const send = (flush: FlushArguments): Promise<readonly number[]> =>
    new Promise((resolve, reject) => {
      const ops = String(flush[10]).slice(1, -1).split(',').map(Number);
      const begins = ops.filter((op, index) => index % 4 === 0 && op === 1).length;
      sent.push({
        number: flush[1],
        voids: flush[2],
        checkIds: flush[14],
        events: (JSON.parse(String(flush[11])) as unknown[]).length,
        accept: () => resolve(Array.from({ length: begins }, () => [0, 1, 1, 0]).flat()),
        fail: reject,
      });
    });
  const sleep = async (ms: number): Promise<void> => clock.advance(ms);
  const appender = createGroupAppender({ send, writerId: newId(), clock, sleep, ...options });
  return { appender, sent, clock };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const append = (count = 1, more: Partial<Append> = {}): Append => one(newId(), 'none', count, more);

describe('collecting', () => {
  test('a lone append is sent at once; those that come meanwhile share the next flush', async () => {
    const { appender, sent } = held();
    const answers = [appender.append(append())];
    await turn();
    expect(sent.map(({ events }) => events)).toEqual([1]);
    answers.push(...Array.from({ length: 10 }, () => appender.append(append())));
    await turn();
    expect(sent).toHaveLength(1);
    sent[0]?.accept();
    await turn();
    expect(sent.map(({ events }) => events)).toEqual([1, 10]);
    sent[1]?.accept();
    expect(await Promise.all(answers)).toHaveLength(11);
    await turn();
    expect(appender.pending()).toBe(0);
  });

  test('a flush has at most maxEvents events, a larger append goes alone', async () => {
    const { appender, sent } = held({ maxEvents: 4 });
    const answers = [1, 2, 2, 9, 3, 1].map((count) => appender.append(append(count)));
    for (let index = 0; index < 4; index += 1) {
      await turn();
      sent[index]?.accept();
    }
    await Promise.all(answers);
    expect(sent.map(({ events }) => events)).toEqual([3, 2, 9, 4]);
  });

  test('the same event never goes twice into one flush', async () => {
    const { appender, sent } = held();
    const repeated = append();
    const answers = [repeated, append(), repeated, append()].map((each) => appender.append(each));
    await turn();
    sent[0]?.accept();
    await turn();
    sent[1]?.accept();
    await Promise.all(answers);
    expect(sent.map(({ events }) => events)).toEqual([2, 2]);
  });
});

describe('a flush without an answer', () => {
  test('is sent again under a new number that voids the old one, looking for what is stored', async () => {
    const { appender, sent } = held();
    const answer = appender.append(append());
    for (let index = 0; index < 2; index += 1) {
      await turn();
      sent[index]?.fail(new StoreUnavailable('connection lost'));
    }
    await turn();
    sent[2]?.accept();
    expect((await answer).outcome).toBe('stored');
    expect(sent.map(({ number, voids, checkIds }) => [number, voids, checkIds])).toEqual([
      [1, 0, false],
      [2, 1, true],
      [3, 2, true],
    ]);
    void appender.append(append());
    await turn();
    expect(sent[3]).toMatchObject({ number: 4, voids: 0, checkIds: false });
  });

  test('is given up after the patience; the next flush voids its last try', async () => {
    const { appender, sent } = held({ patienceMs: 50 });
    const answer = Promise.allSettled([appender.append(append())]);
    for (let index = 0; index < 3; index += 1) {
      await turn();
      sent[index]?.fail(new StoreUnavailable('connection lost'));
    }
    expect(await answer).toMatchObject([{ status: 'rejected', reason: { message: 'connection lost' } }]);
    expect(sent).toHaveLength(2);
    void appender.append(append());
    await turn();
    expect(sent[2]).toMatchObject({ number: 3, voids: 2, checkIds: false });
  });
});

describe('a flush refused as a whole', () => {
  test('is sent again one append at a time, and only the culprit fails', async () => {
    const { appender, sent } = held();
    const answers = Promise.allSettled([1, 2, 3].map((count) => appender.append(append(count))));
    await turn();
    sent[0]?.fail(new Error('poison'));
    await turn();
    sent[1]?.accept();
    await turn();
    sent[2]?.fail(new Error('poison'));
    await turn();
    sent[3]?.accept();
    expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(sent.map(({ events, checkIds }) => [events, checkIds])).toEqual([
      [6, false],
      [1, true],
      [2, true],
      [3, true],
    ]);
  });

  test('of which the store then goes away fails the rest at once instead of waiting for each', async () => {
    const { appender, sent } = held({ patienceMs: 0 });
    const answers = Promise.allSettled([1, 1, 1, 1].map((count) => appender.append(append(count))));
    await turn();
    sent[0]?.fail(new Error('poison'));
    await turn();
    sent[1]?.accept();
    await turn();
    sent[2]?.fail(new StoreUnavailable('gone'));
    expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    expect(sent).toHaveLength(3);
  });
});

describe('an append decided on another', () => {
  test('is refused without being sent when that one was turned away at the door', async () => {
    const { appender, sent } = held({ maxQueued: 1 });
    const running = appender.append(append());
    await turn();
    const token = {};
    const queued = appender.append(append());
    await expect(appender.append(append(1, { chain: { token, after: [] } }))).rejects.toThrow(StoreUnavailable);
    sent[0]?.accept();
    await turn();
    const orphan = appender.append(append(1, { chain: { token: {}, after: [token] } }));
    sent[1]?.accept();
    expect((await orphan).outcome).toBe('version_conflict');
    expect([(await running).outcome, (await queued).outcome]).toEqual(['stored', 'stored']);
    expect(sent).toHaveLength(2);
  });

  test('is refused when that one got no answer', async () => {
    const { appender, sent } = held({ patienceMs: 0 });
    const token = {};
    const lost = Promise.allSettled([appender.append(append(1, { chain: { token, after: [] } }))]);
    await turn();
    const orphan = appender.append(append(1, { chain: { token: {}, after: [token] } }));
    sent[0]?.fail(new StoreUnavailable('gone'));
    expect(await lost).toMatchObject([{ status: 'rejected' }]);
    expect((await orphan).outcome).toBe('version_conflict');
    expect(sent).toHaveLength(1);
  });
});
