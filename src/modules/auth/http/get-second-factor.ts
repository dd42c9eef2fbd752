import { Type } from 'typebox';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { SecondFactors } from '../application/second-factors.ts';
import { nullable } from '../../../infrastructure/http/schemas.ts';
import type { PasskeyJudge, Passkeys } from '../application/passkeys.ts';
import { factorKind } from './auth-schema.ts';
import { PasskeyBody, passkeyExample, toPasskey } from './passkey-schema.ts';

const SecondFactorBody = Type.Object(
  {
    factors: Type.Array(factorKind, { description: 'What is asked for besides the password; empty when nothing is' }),
    recovery_codes_left: Type.Integer({ description: 'Always 0 at the node of a park, which takes none' }),
    passkeys: Type.Array(PasskeyBody, { description: 'Oldest first; always empty at the node of a park' }),
    passkey_origin: nullable(
      Type.String({
        description: 'Where alone passkeys can be made and used; null at the node of a park, which takes none',
      }),
    ),
    required: Type.Boolean({ description: 'Whether duties of the account count only with a second factor' }),
  },
  { $id: 'SecondFactor' },
);

type Needs = {
  readonly factors: Pick<SecondFactors, 'kindsOf' | 'recoveryCodesLeft'>;
  readonly passkeys: Pick<Passkeys, 'of'>;
  readonly passkeyJudge: Pick<PasskeyJudge, 'origin'>;
  readonly staffNeedsFactor: boolean;
  /** The park of a park's node; null at headquarters. */
  readonly parkId: string | null;
};

export const getSecondFactorRoute = ({ factors, passkeys, passkeyJudge, staffNeedsFactor, parkId }: Needs) =>
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
        example: {
          factors: ['totp', 'passkey'],
          recovery_codes_left: 9,
          passkeys: [passkeyExample],
          passkey_origin: 'https://park.example',
          required: true,
        },
      },
    },
    problems: [],
    async handle({ principal: { userId, roles, withheld } }) {
      const [kinds, left, known] = await Promise.all([
        factors.kindsOf(userId),
        factors.recoveryCodesLeft(userId),
        passkeys.of(userId),
      ]);
      const isStaff = withheld !== undefined || roles.some(({ role }) => role !== 'guest');
      return {
        status: 200,
        body: {
          factors: kinds,
          recovery_codes_left: left,
          passkeys: known.map(toPasskey),
          passkey_origin: parkId === null ? passkeyJudge.origin : null,
          required: staffNeedsFactor && isStaff,
        },
      };
    },
  });
