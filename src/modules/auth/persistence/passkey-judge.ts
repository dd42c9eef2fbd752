import type { PasskeyJudge } from '../application/passkeys.ts';

/** Loaded when the first passkey comes: most processes never see one. */
async function loadVerifiers() {
  const [server, helpers] = await Promise.all([
    import('@simplewebauthn/server'),
    import('@simplewebauthn/server/helpers'),
  ]);
  const { verifyRegistrationResponse, verifyAuthenticationResponse } = server;
  return { verifyRegistrationResponse, verifyAuthenticationResponse, decode: helpers.decodeAttestationObject };
}
type Verifiers = Awaited<ReturnType<typeof loadVerifiers>>;

/** ECDSA and EdDSA, and RSA for the authenticators of Windows; COSE numbers. */
const ALGORITHMS = [-7, -8, -257];

/** What a browser says of a page in another one's frame; the package lets it pass where the browser does not name that other one. */
function isFramed(clientData: string): boolean {
  const said: unknown = JSON.parse(Buffer.from(clientData, 'base64url').toString('utf8'));
  return typeof said === 'object' && said !== null && 'crossOrigin' in said && said.crossOrigin !== false;
}

/**
 * Whether an answer says nothing of who made the authenticator, as it was asked to. Certificates are not even looked at: they name
 * addresses of their authors' choice.
 */
function isWithoutCertificates({ decode }: Verifiers, attestation: string): boolean {
  const told = decode(Uint8Array.from(Buffer.from(attestation, 'base64url')));
  const format = told.get('fmt');
  return format === 'none' || (format === 'packed' && told.get('attStmt').get('x5c') === undefined);
}

/** Null in place of anything that is thrown: whatever is wrong with an answer of a browser, it is refused alike. What is wrong with us is thrown before. */
const orNull = <Value>(work: Promise<Value | null>): Promise<Value | null> => work.catch(() => null);

/** Judges by Web Authentication Level 3, sections 7.1 and 7.2. The counter is left to whoever keeps it. */
export function createPasskeyJudge(
  { origin, rpId }: Pick<PasskeyJudge, 'origin' | 'rpId'>,
  load: () => Promise<Verifiers> = loadVerifiers,
): PasskeyJudge {
  const ours = { expectedOrigin: origin, expectedRPID: rpId, requireUserVerification: true };
  async function made(verifiers: Verifiers, ...[answer, challenge]: Parameters<PasskeyJudge['made']>) {
    if (isFramed(answer.clientData) || !isWithoutCertificates(verifiers, answer.attestation)) return null;
    const { credentialId: id, clientData: clientDataJSON, attestation: attestationObject, transports } = answer;
    const judged = await verifiers.verifyRegistrationResponse({
      ...ours,
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: { clientDataJSON, attestationObject },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (!judged.verified || judged.registrationInfo.credential.id !== id) return null;
    const { publicKey, counter } = judged.registrationInfo.credential;
    return { credentialId: id, publicKey: Buffer.from(publicKey).toString('base64url'), transports, counter };
  }
  async function signed(
    { verifyAuthenticationResponse }: Verifiers,
    ...[answer, challenge, credential]: Parameters<PasskeyJudge['signed']>
  ) {
    if (isFramed(answer.clientData)) return null;
    const { credentialId: id, clientData: clientDataJSON, authenticatorData, signature } = answer;
    const judged = await verifyAuthenticationResponse({
      ...ours,
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      credential: {
        id: credential.credentialId,
        publicKey: Uint8Array.from(Buffer.from(credential.publicKey, 'base64url')),
        counter: 0,
      },
    });
    return judged.verified ? judged.authenticationInfo.newCounter : null;
  }
  return {
    origin,
    rpId,
    made: async (...parts) => orNull(made(await load(), ...parts)),
    signed: async (...parts) => orNull(signed(await load(), ...parts)),
  };
}
