import fc from 'fast-check';
import type { Append, Claim, EventStore, ExpectedVersion } from '../../kernel/event-store.ts';
import type { Transfer } from '../../kernel/decider.ts';
import { context, events, newId, part } from './appends.suite.ts';

/** Random appends over a few streams, counters and names, so that they get in each other's way. */

const STREAMS = 4;
const ACCOUNTS = 3;
const NAMES = 3;
const OWNERS = 2;
const COMMANDS = 6;

type PlannedPart = {
  readonly stream: number;
  /** `'believed'`: the version the planner has seen so far, which others may have moved. */
  readonly expected: ExpectedVersion | 'believed';
  readonly count: number;
};

export type Plan = {
  readonly parts: readonly PlannedPart[];
  readonly transfers: readonly {
    readonly from: number;
    readonly to: number;
    readonly amount: number;
    readonly overdraws: boolean;
  }[];
  readonly claims: readonly { readonly name: number; readonly owner: number | null }[];
  readonly command: number | null;
  /** Decided on the append so many places before it; 0 for none. */
  readonly after: number;
  /** Sends the append so many places before it again; 0 for none. */
  readonly repeat: number;
};

const rarely = (most: number) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(most) });

export const plan: fc.Arbitrary<Plan> = fc.record({
  parts: fc.array(
    fc.record({
      stream: fc.nat(STREAMS - 1),
      expected: fc.oneof(
        { weight: 4, arbitrary: fc.constant('believed' as const) },
        { weight: 2, arbitrary: fc.constantFrom('any' as const, 'none' as const, 'exists' as const) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 6 }) },
      ),
      count: fc.nat(3),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  transfers: fc.array(
    fc.record({
      from: fc.nat(ACCOUNTS),
      to: fc.nat(ACCOUNTS),
      amount: fc.integer({ min: 1, max: 5 }),
      overdraws: rarely(1).map((times) => times > 0),
    }),
    { maxLength: 3 },
  ),
  claims: fc.array(fc.record({ name: fc.nat(NAMES - 1), owner: fc.option(fc.nat(OWNERS - 1)) }), { maxLength: 2 }),
  command: fc.option(fc.nat(COMMANDS - 1), { freq: 2 }),
  after: rarely(3),
  repeat: rarely(5),
});

/** The places one run of plans happens in. */
export class Scene {
  readonly streams = Array.from({ length: STREAMS }, newId);
  readonly accounts = Array.from({ length: ACCOUNTS }, () => `test/${newId()}`);
  readonly names = Array.from({ length: NAMES }, newId);
  readonly #owners = Array.from({ length: OWNERS }, newId);
  readonly #commands = Array.from({ length: COMMANDS }, newId);
  readonly #made: Append[] = [];

  /** @param versions versions of `streams` as the planner believes them to be. */
  make(planned: Plan, versions: readonly number[]): Append {
    const repeated = planned.repeat === 0 ? undefined : this.#made.at(-planned.repeat);
    if (repeated !== undefined) {
      const { chain: _chain, ...again } = repeated;
      return again;
    }
    const before = planned.after === 0 ? undefined : this.#made.at(-planned.after)?.chain;
    const parts = planned.parts.map(({ stream, expected, count }, index) => {
      const version = versions[stream] ?? 0;
      const believed = version === 0 ? 'none' : version;
      // At least one event in the whole append.
      return part(
        this.streams[stream] ?? '',
        expected === 'believed' ? believed : expected,
        events(index === 0 ? count + 1 : count),
      );
    });
    const commandId = planned.command === null || before ? undefined : this.#commands[planned.command];
    const append: Append = {
      ...(commandId === undefined ? {} : { commandId }),
      streams: parts,
      transfers: this.#transfers(planned),
      claims: this.#claims(planned),
      chain: { token: {}, after: before === undefined ? [] : [before.token] },
      context,
    };
    this.#made.push(append);
    return append;
  }

  /** All that a store knows of this scene besides its events. */
  async guards(store: EventStore): Promise<unknown> {
    return {
      balances: await store.balances(this.accounts),
      owners: await Promise.all(this.names.map((name) => store.ownerOf('test', name))),
      commands: await Promise.all(this.#commands.map((id) => store.findCommand(id))),
    };
  }

  #transfers({ transfers }: Plan): readonly Transfer[] {
    const account = (index: number): string | null => this.accounts[index] ?? null;
    return transfers
      .filter(({ from, to }) => from !== to)
      .map(({ from, to, amount, overdraws }) => ({ from: account(from), to: account(to), amount, overdraws }));
  }

  #claims({ claims }: Plan): readonly Claim[] {
    return claims.map(({ name, owner }) => ({
      scope: 'test',
      key: this.names[name] ?? '',
      owner: owner === null ? null : (this.#owners[owner] ?? null),
    }));
  }
}
