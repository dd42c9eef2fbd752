import type { CodeSigner, CodeVerifier } from '../contract.ts';
import { parseAdmissionCode, writeAdmissionCode, type AdmissionClaims } from '../domain/admission-code.ts';

export type IssueAdmissionCode = (claims: AdmissionClaims) => string;

/** Codes signed by this node. The same claims give the same code as long as the key is the same. */
export const createIssueAdmissionCode =
  (signer: CodeSigner): IssueAdmissionCode =>
  (claims) =>
    writeAdmissionCode(claims, signer.keyId, (bytes) => signer.sign(bytes));

/** What a code says if it is well-formed and truly signed, else null. */
export type ReadAdmissionCode = (code: string) => Promise<AdmissionClaims | null>;

export const createReadAdmissionCode =
  (verifier: CodeVerifier): ReadAdmissionCode =>
  async (code) => {
    const parsed = parseAdmissionCode(code);
    if (!parsed.ok) return null;
    const { claims, keyId, signed, signature } = parsed.value;
    return (await verifier.verify(keyId, signed, signature, claims.parkId)) ? claims : null;
  };
