import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { promoCode, type PromoCode, type PromoTerms } from '../domain/promo-code.ts';

export type { PromoTerms };

export type PromoCodeView = PromoCode & {
  readonly version: number;
  /** Tickets that were made with it and have not ended unpaid or cancelled. */
  readonly used: number;
};

/** Port: promo codes from the read model. */
export type PromoCodes = {
  /** In any case. */
  findByCode(code: string): Promise<PromoCode | null>;
  find(promoId: string): Promise<PromoCodeView | null>;
  /** By code. @param after only later codes */
  page(after: string | null, limit: number): Promise<readonly PromoCodeView[]>;
};

export type EditPromoCodes = {
  create(
    code: string,
    terms: PromoTerms,
    meta: CommandMeta,
  ): Promise<Result<string, { readonly code: 'promo_code_taken' }>>;
  /** @param version the one that was edited */
  change(
    promoId: string,
    terms: PromoTerms,
    version: number,
    meta: CommandMeta,
  ): Promise<Result<null, { readonly code: 'promo_code_not_found' | 'precondition_failed' }>>;
};

type Dependencies = { readonly runner: CommandRunner; readonly ids: Ids };

/** A code belongs to one promotion, in upper case, for ever. */
export function createEditPromoCodes({ runner, ids }: Dependencies): EditPromoCodes {
  return {
    async create(text, terms, meta) {
      const code = text.toUpperCase();
      // Derived from the command, so that one told twice meets its own claim.
      const promoId = meta.commandId === undefined ? ids.next() : ids.derive(`promo-code:${meta.commandId}`);
      const command = { kind: 'create', promo: { promoId, code, ...terms } } as const;
      const claims = [{ scope: 'promo-code', key: code, owner: promoId }];
      const done = await runner.run(promoCode, promoId, command, meta, { claims });
      if (done.ok) return ok(promoId);
      only(['claimed'], done.refusal);
      return refuse({ code: 'promo_code_taken' });
    },
    async change(promoId, terms, version, meta) {
      const done = await runner.run(promoCode, promoId, { kind: 'change', terms, version }, meta);
      if (done.ok) return ok(null);
      const { code } = only(['promo_not_found', 'version_differs'], done.refusal);
      return refuse({ code: code === 'promo_not_found' ? 'promo_code_not_found' : 'precondition_failed' });
    },
  };
}
