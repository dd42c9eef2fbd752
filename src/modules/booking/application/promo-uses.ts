import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { EventStore } from '../../../kernel/event-store.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { promoAllowance } from '../domain/promo-code.ts';
import { promoAccount } from '../domain/ticket-transfers.ts';

type GuestsPromo = { readonly promoId: string; readonly userId: string; readonly limitPerGuest: number };

/** Uses of promo codes, which are counters: the append that makes a ticket takes one, or stores nothing. */
export type PromoUses = {
  /** Gives a guest the uses that the code's limit allows, once. */
  grant(promo: GuestsPromo, meta: CommandMeta): Promise<void>;
  /** Whether uses are left to somebody, or to anybody when nobody is signed in. */
  areLeft(promoId: string, guest: { readonly userId: string; readonly limitPerGuest: number } | null): Promise<boolean>;
};

type Dependencies = { readonly runner: CommandRunner; readonly store: EventStore; readonly ids: Ids };

export function createPromoUses({ runner, store, ids }: Dependencies): PromoUses {
  return {
    async grant({ promoId, userId, limitPerGuest }, { correlationId }) {
      const command = { promoId, userId, limit: limitPerGuest };
      const stream = ids.derive(`promo-allowance:${promoId}/${userId}`);
      const done = await runner.run(promoAllowance, stream, command, { actor: 'system', correlationId });
      assert(done.ok, 'an allowance can always be granted');
    },
    async areLeft(promoId, guest) {
      const used = guest === null ? [] : [promoAccount(promoId, guest.userId, 'used')];
      const [left = 0, own = 0] = await store.balances([promoAccount(promoId, null, 'left'), ...used]);
      return left > 0 && (guest === null || own < guest.limitPerGuest);
    },
  };
}
