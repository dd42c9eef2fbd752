import { Type } from 'typebox';
import { unreachable } from '../../../kernel/assert.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { instant, nullable, text } from '../../../infrastructure/http/schemas.ts';
import type { ChangeConsents, ConsentRefusal } from '../application/change-consents.ts';
import type { ConsentView, ShowConsents } from '../application/consents.ts';

const Consent = Type.Object(
  {
    document: Type.String({ example: 'privacy' }),
    version: Type.String({ description: 'The version now shown' }),
    required: Type.Boolean({ description: 'An account cannot be without it' }),
    given_version: nullable(Type.String({ description: 'What was agreed to; null when nothing is' })),
    changed_at: nullable(instant('When that was said last')),
  },
  { $id: 'Consent' },
);
const ConsentList = Type.Object({ consents: Type.Array(Consent) }, { $id: 'ConsentList' });

const listExample = {
  consents: [
    {
      document: 'privacy',
      version: '2026-01',
      required: true,
      given_version: '2026-01',
      changed_at: '2026-11-24T06:30:00.000Z',
    },
    { document: 'marketing', version: '2026-01', required: false, given_version: null, changed_at: null },
  ],
};

export const toConsent = ({ document, version, required, givenVersion, changedAtMs }: ConsentView) => ({
  document,
  version,
  required,
  given_version: givenVersion,
  changed_at: changedAtMs === null ? null : toInstant(changedAtMs),
});

const wrong = (index: number, field: string, message: string) =>
  problem('validation_failed', { errors: [{ path: `consents.${index}.${field}`, message }] });

function toProblem(refusal: ConsentRefusal) {
  switch (refusal.code) {
    case 'user_not_found':
      return problem('not_found');
    case 'unknown_document':
      return wrong(refusal.index, 'document', 'is not a document of ours');
    case 'document_twice':
      return wrong(refusal.index, 'document', 'is named twice');
    case 'version_not_shown':
      return wrong(refusal.index, 'version', 'is not the version now shown');
    case 'consent_required':
      return problem('consent_required', {
        detail: `An account cannot be without ${refusal.document}; to withdraw it, delete the account.`,
      });
    default:
      return unreachable(refusal, 'refusal of consents');
  }
}

export const getConsentsRoute = (showConsents: ShowConsents) =>
  defineRoute({
    method: 'GET',
    path: '/users/me/consents',
    operationId: 'getConsents',
    summary: 'What the account agreed to, in which versions and when',
    tag: 'users',
    access: { kind: 'user' },
    responses: { 200: { description: 'Every document', schema: ConsentList, example: listExample } },
    problems: [],
    async handle({ principal }) {
      return { status: 200, body: { consents: (await showConsents(principal.userId)).map(toConsent) } };
    },
  });

export const changeConsentsRoute = (changeConsents: ChangeConsents) =>
  defineRoute({
    method: 'PUT',
    path: '/users/me/consents',
    operationId: 'changeConsents',
    summary: 'Agree to documents, or withdraw',
    description: 'Documents that are not named stay as they are. Only the version now shown can be agreed to.',
    tag: 'users',
    access: { kind: 'user' },
    body: Type.Object({
      consents: Type.Array(
        Type.Object({ document: text(50), version: text(50), given: Type.Boolean({ description: 'False withdraws' }) }),
        { minItems: 1, maxItems: 20 },
      ),
    }),
    bodyExample: { consents: [{ document: 'marketing', version: '2026-01', given: true }] },
    responses: { 200: { description: 'Every document', schema: ConsentList, example: listExample } },
    problems: ['validation_failed', 'not_found', 'consent_required'],
    async handle({ body, principal, correlationId }) {
      const meta = { actor: principal.actor, correlationId };
      const changed = await changeConsents(principal.userId, body.consents, meta);
      return changed.ok
        ? { status: 200, body: { consents: changed.value.map(toConsent) } }
        : toProblem(changed.refusal);
    },
  });
