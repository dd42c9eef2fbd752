import { Type } from 'typebox';
import { entityTag } from '../../../infrastructure/http/entity-tag.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute, type Route } from '../../../infrastructure/http/route.ts';
import { pageOf, pageQuery, uuid } from '../../../infrastructure/http/schemas.ts';
import type { EditPromoCodes, PromoCodes, PromoCodeView } from '../application/promo-codes.ts';
import {
  promoBodyExample,
  PromoCodeSchema,
  promoCodeText,
  promoExample,
  promoFields,
  readPromoTerms,
  toPromo,
} from './promo-schema.ts';

const shown = {
  description: 'The promo code',
  schema: PromoCodeSchema,
  example: promoExample,
  headers: { etag: 'Its version, for `If-Match`' },
};

const replyOf = (view: PromoCodeView) => ({
  headers: { etag: entityTag(view.version) },
  body: toPromo(view),
});

const isErrors = <Terms extends object, Errors extends readonly unknown[]>(read: Terms | Errors): read is Errors =>
  Array.isArray(read);

const listPromoCodesRoute = (promoCodes: PromoCodes) =>
  defineRoute({
    method: 'GET',
    path: '/admin/promo-codes',
    operationId: 'listPromoCodes',
    summary: 'Promo codes, by name',
    tag: 'staff',
    access: { kind: 'roles', roles: ['manager', 'admin'] },
    query: Type.Object(pageQuery),
    responses: {
      200: {
        description: 'A page of promo codes',
        schema: pageOf(PromoCodeSchema),
        example: { items: [promoExample], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query }) {
      const byCode = ({ code }: PromoCodeView): string => code;
      const page = await readPage('promo-codes', query, byCode, (after, limit) => promoCodes.page(after, limit));
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toPromo), next_cursor: page.value.next } };
    },
  });

const getPromoCodeRoute = (promoCodes: PromoCodes) =>
  defineRoute({
    method: 'GET',
    path: '/admin/promo-codes/:id',
    operationId: 'getPromoCode',
    summary: 'One promo code',
    tag: 'staff',
    access: { kind: 'roles', roles: ['manager', 'admin'] },
    params: Type.Object({ id: uuid() }),
    responses: { 200: shown },
    problems: ['promo_code_not_found'],
    async handle({ params }) {
      const found = await promoCodes.find(params.id);
      return found === null ? problem('promo_code_not_found') : { status: 200, ...replyOf(found) };
    },
  });

const createPromoCodeRoute = (promoCodes: PromoCodes, edit: EditPromoCodes) =>
  defineRoute({
    method: 'POST',
    path: '/admin/promo-codes',
    operationId: 'createPromoCode',
    summary: 'Make a promo code',
    description: 'Names count in any case and are never given twice.',
    tag: 'staff',
    access: { kind: 'roles', roles: ['admin'] },
    stepUp: 'none',
    idempotency: 'optional',
    body: Type.Object({ code: promoCodeText, ...promoFields }),
    bodyExample: { code: 'WINTER26', ...promoBodyExample },
    responses: { 201: shown },
    problems: ['validation_failed', 'promo_code_taken', 'promo_code_not_found'],
    async handle({ body, principal, correlationId, commandId }) {
      const terms = readPromoTerms(body);
      if (isErrors(terms)) return problem('validation_failed', { errors: terms });
      const meta = { actor: principal.actor, correlationId, ...(commandId === undefined ? {} : { commandId }) };
      const created = await edit.create(body.code, terms, meta);
      if (!created.ok) return problem(created.refusal.code);
      const found = await promoCodes.find(created.value);
      return found === null ? problem('promo_code_not_found') : { status: 201, ...replyOf(found) };
    },
  });

const changePromoCodeRoute = (promoCodes: PromoCodes, edit: EditPromoCodes) =>
  defineRoute({
    method: 'PUT',
    path: '/admin/promo-codes/:id',
    operationId: 'changePromoCode',
    summary: 'Change what a promo code grants',
    description:
      'The name stays. A total limit below the uses already made leaves none until enough of them came back.',
    tag: 'staff',
    access: { kind: 'roles', roles: ['admin'] },
    stepUp: 'none',
    editing: true,
    params: Type.Object({ id: uuid() }),
    body: Type.Object(promoFields),
    bodyExample: promoBodyExample,
    responses: { 200: shown },
    problems: ['validation_failed', 'promo_code_not_found', 'precondition_failed'],
    async handle({ params, body, principal, correlationId, ifMatch }) {
      const terms = readPromoTerms(body);
      if (isErrors(terms)) return problem('validation_failed', { errors: terms });
      const changed = await edit.change(params.id, terms, ifMatch, { actor: principal.actor, correlationId });
      if (!changed.ok) return problem(changed.refusal.code);
      const found = await promoCodes.find(params.id);
      return found === null ? problem('promo_code_not_found') : { status: 200, ...replyOf(found) };
    },
  });

export const promoCodeRoutes = (promoCodes: PromoCodes, edit: EditPromoCodes): readonly Route[] => [
  listPromoCodesRoute(promoCodes),
  getPromoCodeRoute(promoCodes),
  createPromoCodeRoute(promoCodes, edit),
  changePromoCodeRoute(promoCodes, edit),
];
