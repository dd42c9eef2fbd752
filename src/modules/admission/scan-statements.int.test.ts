import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createCommandRunner } from '../../kernel/command-runner.ts';
import { createEventCodec } from '../../kernel/event-codec.ts';
import { clock, codeOf, gateOn, scanOf, sell } from './gates.suite.ts';
import { admissionManifest } from './module.ts';

const SCANS = 500;
/** What a call may ask the database, whatever it holds; one question for each scan would be 500. */
const MOST_QUESTIONS = 20;

describeWithDatabase('500 scans of one call', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  let questions = 0;

  beforeAll(async () => {
    opened = await openModuleDatabase(admissionManifest, clock);
    const made = await opened.startNode();
    /** Counts calls of everything that reads. */
    const counted = <Target extends object>(target: Target, names: readonly string[]): Target =>
      new Proxy(target, {
        get(of, name) {
          const value: unknown = Reflect.get(of, name, of);
          if (typeof value !== 'function') return value;
          return (...given: unknown[]): unknown => {
            if (names.includes(String(name))) questions += 1;
            return Reflect.apply(value, of, given);
          };
        },
      });
    const store = counted(made.store, ['load', 'read', 'headPosition', 'balances', 'ownerOf', 'findCommand']);
    const codec = createEventCodec(admissionManifest.events, made.vault);
    const runner = createCommandRunner({ store, codec, ids, clock });
    node = { ...made, store, runner, database: counted(made.database, ['rows']) };
  });
  afterAll(() => opened.close());

  test('ask the database as often as one, and so do their repeats, which get the first answers', async () => {
    const gate = gateOn(node);
    const scans = Array.from({ length: SCANS }, () => scanOf(codeOf(sell())));
    await gate(scanOf(codeOf(sell())));
    questions = 0;
    const first = await gate(...scans);
    expect(first.filter(({ outcome }) => outcome === 'admitted')).toHaveLength(SCANS);
    expect(questions).toBeLessThan(MOST_QUESTIONS);
    questions = 0;
    const again = await gate(...scans);
    const words = ({ ticket: _ticket, repeated: _repeated, ...answer }: (typeof first)[number]) => answer;
    expect(again.map(words)).toEqual(first.map(words));
    expect(again.every(({ repeated }) => repeated)).toBe(true);
    expect(questions).toBeLessThan(MOST_QUESTIONS);
  });
});
