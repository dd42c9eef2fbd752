import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { pass, type PassTerms } from '../domain/pass.ts';
import type { FindGuest } from './ports.ts';
import type { ParkToday } from './visit-day.ts';

export type PassOrder = Omit<PassTerms, 'passId' | 'userId' | 'issuedAtMs'> & {
  /** For whom: an account, by its id or its number. */
  readonly guest: Parameters<FindGuest>[0];
};

export type IssuePass = (
  order: PassOrder,
  meta: CommandMeta,
) => Promise<Result<string, { readonly code: 'user_not_found' | 'number_unproven' | 'park_not_found' }>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly findGuest: FindGuest;
  readonly parkToday: ParkToday;
  readonly ids: Ids;
  readonly clock: Clock;
};

/** Gives a guest a pass that staff has taken the money for. Answers its id. */
export function createIssuePass({ runner, findGuest, parkToday, ids, clock }: Dependencies): IssuePass {
  return async ({ guest, ...order }, meta) => {
    const issuedAtMs = clock.now();
    const parks = await Promise.all(order.parkIds.map((parkId) => parkToday(parkId, issuedAtMs)));
    if (parks.includes(null)) return refuse({ code: 'park_not_found' });
    const found = await findGuest(guest);
    if (!found.ok) return found;
    const userId = found.value;
    // Derived from the command, so that one told twice is the same pass.
    const passId = meta.commandId === undefined ? ids.next() : ids.derive(`pass:${meta.commandId}`);
    const done = await runner.run(
      pass,
      passId,
      { kind: 'issue', terms: { ...order, passId, userId, issuedAtMs } },
      meta,
    );
    assert(done.ok, 'a pass can always be issued');
    return ok(passId);
  };
}
