import { Type } from 'typebox';
import { text } from '../../../infrastructure/http/schemas.ts';
import type { FactorProof } from '../application/prove-factor.ts';

/** The longest recovery code as anybody may type it, spaces and hyphens included. */
const LONGEST_RECOVERY_CODE = 40;

export const totpCode = () =>
  Type.String({
    pattern: '^\\d{6}$',
    maxLength: 6,
    description: 'What the authenticator app shows',
    example: '287082',
  });

/** A second factor: one of the fields, no more. */
export const proofFields = {
  code: Type.Optional(totpCode()),
  recovery_code: Type.Optional(
    text(LONGEST_RECOVERY_CODE, { description: 'In place of all others, good once', example: 'RA-K7QX2-MFJ3T' }),
  ),
};

type ProofFields = { readonly code?: string | undefined; readonly recovery_code?: string | undefined };

/** Null when there is none, or more than one. */
export function proofOf({ code, recovery_code: recoveryCode }: ProofFields): FactorProof | null {
  if ((code === undefined) === (recoveryCode === undefined)) return null;
  return code === undefined ? { kind: 'recovery_code', code: recoveryCode ?? '' } : { kind: 'totp', code };
}

/** How many fields of a second factor there are. */
export const hasSeveralProofs = ({ code, recovery_code: recoveryCode }: ProofFields): boolean =>
  code !== undefined && recoveryCode !== undefined;

const accessFields = {
  access_token: Type.String({ description: 'Takes the place of the one that was sent' }),
  expires_in: Type.Integer({ description: 'Seconds until the access token ends' }),
};
export const AccessTokenBody = Type.Object(accessFields, { $id: 'AccessToken' });

export const accessTokenExample = {
  access_token: 'eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTkzNmYyZSJ9.c2lnbmF0dXJl',
  expires_in: 600,
};

const recoveryCodes = Type.Array(Type.String(), { description: 'Each good once; shown only now' });
export const RecoveryCodesBody = Type.Object({ recovery_codes: recoveryCodes }, { $id: 'RecoveryCodes' });
export const FactorEnrolledBody = Type.Object(
  { recovery_codes: recoveryCodes, ...accessFields },
  { $id: 'SecondFactorEnrolled' },
);

export const recoveryCodesExample = { recovery_codes: ['RA-K7QX2-MFJ3T', 'RB-Y5D2R-QW7LP'] };
