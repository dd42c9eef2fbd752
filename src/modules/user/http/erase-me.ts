import { Type } from 'typebox';
import { unreachable } from '../../../kernel/assert.ts';
import { hasRole } from '../../../infrastructure/http/access.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { text } from '../../../infrastructure/http/schemas.ts';
import type { EraseAccount, ErasureRefusal } from '../application/erase-account.ts';

function toProblem(refusal: ErasureRefusal) {
  switch (refusal.code) {
    case 'user_not_found':
      return problem('not_found');
    case 'wrong_password':
      return problem('validation_failed', { errors: [{ path: 'password', message: 'is not the password' }] });
    case 'busy':
      return problem('busy');
    case 'account_in_use':
      return problem('account_in_use', { extra: { tickets: refusal.ticketIds, payments: refusal.paymentIds } });
    default:
      return unreachable(refusal, 'refusal of an erasure');
  }
}

export const eraseMeRoute = (eraseAccount: EraseAccount) =>
  defineRoute({
    method: 'DELETE',
    path: '/users/me',
    operationId: 'eraseMe',
    summary: 'Delete the account and everything personal in it, for ever',
    description:
      'The password proves who asks. Tickets that can still be used must be cancelled and payments must have ended before: the answer names them. ' +
      'What was sold stays on record without a name.',
    tag: 'users',
    access: { kind: 'user' },
    limits: ['password'],
    body: Type.Object({ password: text(128) }),
    bodyExample: { password: 'correct horse battery' },
    responses: {
      204: { description: 'Nothing personal can be read any more, and the account is signed out everywhere' },
    },
    problems: ['validation_failed', 'not_found', 'account_in_use', 'staff_account', 'busy'],
    async handle({ body, principal, correlationId }) {
      // Duties that are withheld are held: whoever has not shown the second factor is staff all the same.
      const isStaff = principal.withheld !== undefined || hasRole(principal, ['gate', 'manager', 'finance', 'admin']);
      if (isStaff) return problem('staff_account');
      const meta = { actor: principal.actor, correlationId };
      const erased = await eraseAccount(principal.userId, body.password, meta);
      return erased.ok ? { status: 204 } : toProblem(erased.refusal);
    },
  });
