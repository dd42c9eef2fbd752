import { Type, type Static } from 'typebox';
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

/** Bytes of an authenticator or a browser, up to `longest` characters. */
export const base64url = (longest: number, description: string) =>
  Type.String({
    pattern: '^[A-Za-z0-9_-]+$',
    minLength: 1,
    maxLength: longest,
    description,
    example: 'mB8xWc2pJ0aVtQ',
  });

/** The longest that the standard allows, 1023 bytes. */
export const credentialId = () => base64url(1_364, 'As its authenticator knows the passkey');
export const clientData = () => base64url(4_000, '`clientDataJSON` of the browser');

/** What a browser answers when a passkey has signed. */
const passkeyProof = Type.Object(
  {
    credential_id: credentialId(),
    client_data: clientData(),
    authenticator_data: base64url(4_000, '`authenticatorData` of the browser'),
    signature: base64url(2_000, '`signature` of the browser'),
  },
  { description: 'What a passkey has signed, of the newest challenge that was given for it' },
);

/** A second factor: one of the fields, no more. */
export const proofFields = {
  code: Type.Optional(totpCode()),
  recovery_code: Type.Optional(
    text(LONGEST_RECOVERY_CODE, { description: 'In place of all others, good once', example: 'RA-K7QX2-MFJ3T' }),
  ),
  passkey: Type.Optional(passkeyProof),
};

type ProofFields = {
  readonly code?: string | undefined;
  readonly recovery_code?: string | undefined;
  readonly passkey?: Static<typeof passkeyProof> | undefined;
};

function proofsOf({ code, recovery_code: recoveryCode, passkey }: ProofFields): readonly FactorProof[] {
  const proofs: FactorProof[] = [];
  if (code !== undefined) proofs.push({ kind: 'totp', code });
  if (recoveryCode !== undefined) proofs.push({ kind: 'recovery_code', code: recoveryCode });
  if (passkey !== undefined) {
    const { credential_id, client_data, authenticator_data, signature } = passkey;
    const assertion = {
      credentialId: credential_id,
      clientData: client_data,
      authenticatorData: authenticator_data,
      signature,
    };
    proofs.push({ kind: 'passkey', assertion });
  }
  return proofs;
}

/** Null when there is none, or more than one. */
export function proofOf(fields: ProofFields): FactorProof | null {
  const [proof, ...more] = proofsOf(fields);
  return proof === undefined || more.length > 0 ? null : proof;
}

/** Whether there is more than one field of a second factor. */
export const hasSeveralProofs = (fields: ProofFields): boolean => proofsOf(fields).length > 1;

export const accessFields = {
  access_token: Type.String({ description: 'Takes the place of the one that was sent' }),
  expires_in: Type.Integer({ description: 'Seconds until the access token ends' }),
};
export const AccessTokenBody = Type.Object(accessFields, { $id: 'AccessToken' });

export const accessTokenExample = {
  access_token: 'eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTkzNmYyZSJ9.c2lnbmF0dXJl',
  expires_in: 600,
};

export const recoveryCodes = Type.Array(Type.String(), { description: 'Each good once; shown only now' });
export const RecoveryCodesBody = Type.Object({ recovery_codes: recoveryCodes }, { $id: 'RecoveryCodes' });
export const FactorEnrolledBody = Type.Object(
  { recovery_codes: recoveryCodes, ...accessFields },
  { $id: 'SecondFactorEnrolled' },
);

export const recoveryCodesExample = { recovery_codes: ['RA-K7QX2-MFJ3T', 'RB-Y5D2R-QW7LP'] };
