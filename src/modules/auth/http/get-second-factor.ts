import { Type } from 'typebox';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { SecondFactors } from '../application/second-factors.ts';
import { factorKind } from './auth-schema.ts';

const SecondFactorBody = Type.Object(
  {
    factors: Type.Array(factorKind, { description: 'What is asked for besides the password; empty when nothing is' }),
    recovery_codes_left: Type.Integer({ description: 'Always 0 at the node of a park, which takes none' }),
    required: Type.Boolean({ description: 'Whether duties of the account count only with a second factor' }),
  },
  { $id: 'SecondFactor' },
);

type Needs = {
  readonly factors: Pick<SecondFactors, 'kindsOf' | 'recoveryCodesLeft'>;
  readonly staffNeedsFactor: boolean;
};

export const getSecondFactorRoute = ({ factors, staffNeedsFactor }: Needs) =>
  defineRoute({
    method: 'GET',
    path: '/auth/second-factor',
    operationId: 'getSecondFactor',
    summary: 'What you sign in with besides the password',
    tag: 'auth',
    servedAt: 'everywhere',
    access: { kind: 'user' },
    responses: {
      200: {
        description: 'The factors of the account',
        schema: SecondFactorBody,
        example: { factors: ['totp'], recovery_codes_left: 9, required: true },
      },
    },
    problems: [],
    async handle({ principal: { userId, roles, withheld } }) {
      const [kinds, left] = await Promise.all([factors.kindsOf(userId), factors.recoveryCodesLeft(userId)]);
      const isStaff = withheld !== undefined || roles.some(({ role }) => role !== 'guest');
      return {
        status: 200,
        body: { factors: kinds, recovery_codes_left: left, required: staffNeedsFactor && isStaff },
      };
    },
  });
