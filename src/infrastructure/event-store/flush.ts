import type { AppendOutcome, ExpectedVersion } from '../../kernel/event-store.ts';
import { BrokenInvariant } from '../../kernel/assert.ts';
import type { SqlValue } from '../postgres/value-types.ts';
import type { PreparedAppend } from './prepared-append.ts';

/** The arguments of store.append in its order; see there for the meaning of the numbers in `ops`. */
export type FlushArguments = readonly SqlValue[];

/** One try to store a flush. */
export type FlushTry = {
  /** UUID of the process's appender, and the number of this try: 1, 2, 3 … */
  readonly writer: string;
  readonly number: number;
  /** Tries up to this number must not be stored any more; 0 when all were answered. */
  readonly voids: number;
  readonly nowMs: number;
  /** Look for events that are already stored: for appends that may have been stored before. */
  readonly checkIds: boolean;
};

const OP = { begin: 1, expect: 2, transfer: 3, claim: 4, event: 5, after: 6, overdraw: 7 } as const;

const EXPECTED: Record<Exclude<ExpectedVersion, number>, number> = { any: -1, none: 0, exists: -2 };

/** Gives every distinct value a number from 1. */
class Numbering {
  readonly values: string[] = [];
  readonly #numbers = new Map<string, number>();

  of(value: string): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    this.values.push(value);
    this.#numbers.set(value, this.values.length);
    return this.values.length;
  }
}

type ClaimName = { readonly scope: string; readonly key: string };

/** Several appends written down as one call of store.append. */
export class Flush {
  readonly #appends: readonly PreparedAppend[];
  readonly #streams = new Numbering();
  readonly #accounts = new Numbering();
  readonly #claimNumbers = new Numbering();
  readonly #claims: ClaimName[] = [];
  readonly #owners = new Numbering();
  readonly #commands = new Numbering();
  readonly #types = new Set<string>();
  /** Number of the append that came with a token. */
  readonly #chained = new Map<object, number>();
  readonly #ops: number[] = [];
  readonly #events: string[] = [];
  readonly #hashes: Buffer[] = [];

  constructor(appends: readonly PreparedAppend[]) {
    this.#appends = appends;
    for (const [index, append] of appends.entries()) this.#write(append, index + 1);
  }

  #write({ append, events }: PreparedAppend, number: number): void {
    const { commandId, streams, transfers = [], claims = [], chain, context } = append;
    this.#ops.push(OP.begin, commandId === undefined ? 0 : this.#commands.of(commandId), events.length, 0);
    if (chain !== undefined) {
      for (const token of chain.after) {
        const earlier = this.#chained.get(token);
        if (earlier !== undefined) this.#ops.push(OP.after, earlier, this.#streams.of(streams[0]?.streamId ?? ''), 0);
      }
      this.#chained.set(chain.token, number);
    }
    for (const { streamId, expected } of streams) {
      const version = typeof expected === 'number' ? expected : EXPECTED[expected];
      this.#ops.push(OP.expect, this.#streams.of(streamId), version, 0);
    }
    for (const { from, to, amount, overdraws } of transfers) {
      const source = from === null ? 0 : this.#accounts.of(from);
      this.#ops.push(
        overdraws === true ? OP.overdraw : OP.transfer,
        source,
        to === null ? 0 : this.#accounts.of(to),
        amount,
      );
    }
    for (const { scope, key, owner } of claims) {
      this.#ops.push(OP.claim, this.#claimOf(scope, key), owner === null ? 0 : this.#owners.of(owner), 0);
    }
    for (const { streamId, members, hash } of events) {
      const stream = this.#streams.of(streamId);
      this.#ops.push(OP.event, stream, context.occurredAtMs, 0);
      this.#events.push(`{"s":${stream},${members}}`);
      this.#hashes.push(hash);
    }
    for (const stream of streams) for (const { type } of stream.events) this.#types.add(type);
  }

  #claimOf(scope: string, key: string): number {
    const number = this.#claimNumbers.of(JSON.stringify([scope, key]));
    if (number > this.#claims.length) this.#claims.push({ scope, key });
    return number;
  }

  arguments({ writer, number, voids, nowMs, checkIds }: FlushTry): FlushArguments {
    return [
      writer,
      number,
      voids,
      nowMs,
      this.#streams.values,
      this.#accounts.values,
      this.#claims.map(({ scope }) => scope),
      this.#claims.map(({ key }) => key),
      this.#owners.values,
      this.#commands.values,
      `{${this.#ops.join(',')}}`,
      `[${this.#events.join(',')}]`,
      Buffer.concat(this.#hashes),
      [...this.#types],
      checkIds,
    ];
  }

  /** Turns the four numbers an append of store.append's answer into outcomes, in order of the appends. */
  outcomes(answer: readonly number[]): readonly AppendOutcome[] {
    if (answer.length !== 4 * this.#appends.length) {
      throw new BrokenInvariant(`store.append answered ${answer.length} numbers for ${this.#appends.length} appends`);
    }
    return this.#appends.map((_, index) => this.#outcome(answer.slice(4 * index, 4 * index + 3)));
  }

  #outcome([code = -1, a = 0, b = 0]: readonly number[]): AppendOutcome {
    switch (code) {
      case 0:
        return { outcome: 'stored', firstPosition: a, lastPosition: b };
      case 1:
        return { outcome: 'already_stored', firstPosition: a, lastPosition: b };
      case 2:
        return { outcome: 'version_conflict', streamId: this.#streams.values[a - 1] ?? '', actualVersion: b };
      case 3:
        return { outcome: 'insufficient', account: this.#accounts.values[a - 1] ?? '', available: b };
      case 4: {
        const { scope, key } = this.#claims[a - 1] ?? { scope: '', key: '' };
        return { outcome: 'claimed', scope, key };
      }
      case 5:
        return { outcome: 'id_reused' };
      default:
        throw new BrokenInvariant(`store.append answered ${code}`);
    }
  }
}
