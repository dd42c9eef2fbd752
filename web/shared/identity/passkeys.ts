import { startAuthentication, startRegistration } from '@simplewebauthn/browser';
import type { components } from '../../../clients/typescript/schema.d.ts';

type Asked = components['schemas']['PasskeyAsked'];
type Invited = components['schemas']['PasskeyInvited'];

/** What a passkey has signed, as the node takes it. */
export type PasskeyProof = {
  readonly credential_id: string;
  readonly client_data: string;
  readonly authenticator_data: string;
  readonly signature: string;
};

const timeoutOf = (seconds: number): number => seconds * 1000;

/** Has one of the passkeys sign. Rejects when its owner closed the window of the browser, or there is none here. */
export async function sign({ challenge, rp_id: rpId, credentials, expires_in: seconds }: Asked): Promise<PasskeyProof> {
  const { id, response } = await startAuthentication({
    optionsJSON: {
      challenge,
      rpId,
      timeout: timeoutOf(seconds),
      userVerification: 'required',
      allowCredentials: credentials.map(({ id: known, transports }) => ({
        id: known,
        type: 'public-key',
        transports,
      })),
    },
  });
  const { clientDataJSON, authenticatorData, signature } = response;
  return { credential_id: id, client_data: clientDataJSON, authenticator_data: authenticatorData, signature };
}

/** ECDSA, EdDSA and RSA, by their numbers in COSE. */
const ALGORITHMS = [-7, -8, -257];

/** Has a passkey made. Rejects likewise, and where the authenticator has one of the account already. */
export async function make(invited: Invited) {
  const { challenge, rp_id: rpId, user_id: userId, user_name: name, known_credentials: known } = invited;
  const { id, response } = await startRegistration({
    optionsJSON: {
      challenge,
      rp: { id: rpId, name: 'Sky Park' },
      user: { id: btoa(userId), name, displayName: name },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
      timeout: timeoutOf(invited.expires_in),
      attestation: 'none',
      excludeCredentials: known.map((credential) => ({ id: credential, type: 'public-key' })),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    },
  });
  const { clientDataJSON, attestationObject, transports = [] } = response;
  return {
    credential_id: id,
    client_data: clientDataJSON,
    attestation: attestationObject,
    transports: [...transports],
  };
}
