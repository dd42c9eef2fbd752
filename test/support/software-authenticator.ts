import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** What is true of a page and a touch; tests tell lies here. */
export type Ceremony = {
  /** Base64url, as the program asked for it. */
  readonly challenge: string;
  readonly rpId?: string;
  readonly origin?: string;
  readonly isVerified?: boolean;
  readonly crossOrigin?: boolean;
};

const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();

const PRESENT = 0x01;
const VERIFIED = 0x04;
const WITH_CREDENTIAL = 0x40;

/** CBOR (RFC 8949) of what an authenticator says: whole numbers, texts, bytes and maps. */
type Cbor = number | string | Uint8Array | ReadonlyMap<number | string, Cbor>;

function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 0x100) return Buffer.from([(major << 5) | 24, value]);
  return Buffer.from([(major << 5) | 25, value >> 8, value & 0xff]);
}

function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, item]) => [cbor(key), cbor(item)])]);
}

/** The public key as COSE has it: ES256 on P-256. */
function coseOf(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const entries: [number, Cbor][] = [
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, Buffer.from(x, 'base64url')],
    [-3, Buffer.from(y, 'base64url')],
  ];
  return cbor(new Map(entries));
}

const clientDataOf = (
  type: string,
  { challenge, origin, crossOrigin = false }: Required<Pick<Ceremony, 'challenge' | 'origin'>> & Ceremony,
) => Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin }));

/** An authenticator of one credential, with the page that speaks to it. Answers are in the words of our API. */
export function createSoftwareAuthenticator(home: { readonly rpId: string; readonly origin: string }) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credential = randomBytes(16);
  const credentialId = credential.toString('base64url');
  let counter = 0;

  function dataOf({ rpId = home.rpId, isVerified = true }: Ceremony, flags: number, rest: Uint8Array): Buffer {
    const counted = Buffer.alloc(4);
    counted.writeUInt32BE(counter);
    const all = flags | PRESENT | (isVerified ? VERIFIED : 0);
    return Buffer.concat([sha256(rpId), Buffer.from([all]), counted, rest]);
  }

  return {
    credentialId,
    /** Counts on from here; 0 for ever is what one says that does not count. */
    setCounter(to: number): void {
      counter = to;
    },
    /** `navigator.credentials.create`. */
    create(ceremony: Ceremony, statement: { readonly format: string; readonly said: Cbor } | null = null) {
      const idLength = Buffer.from([0, credential.length]);
      const made = Buffer.concat([Buffer.alloc(16), idLength, credential, coseOf(publicKey)]);
      const entries: [string, Cbor][] = [
        ['fmt', statement?.format ?? 'none'],
        ['attStmt', statement?.said ?? new Map()],
        ['authData', dataOf(ceremony, WITH_CREDENTIAL, made)],
      ];
      return {
        credential_id: credentialId,
        client_data: clientDataOf('webauthn.create', { origin: home.origin, ...ceremony }).toString('base64url'),
        attestation: cbor(new Map(entries)).toString('base64url'),
        transports: ['internal'],
      };
    },
    /** `navigator.credentials.get`; counts one further unless it says 0. */
    get(ceremony: Ceremony) {
      if (counter > 0) counter += 1;
      const clientData = clientDataOf('webauthn.get', { origin: home.origin, ...ceremony });
      const data = dataOf(ceremony, 0, Buffer.alloc(0));
      const signature = sign('sha256', Buffer.concat([data, sha256(clientData)]), privateKey);
      return {
        credential_id: credentialId,
        client_data: clientData.toString('base64url'),
        authenticator_data: data.toString('base64url'),
        signature: signature.toString('base64url'),
      };
    },
  };
}

export type SoftwareAuthenticator = ReturnType<typeof createSoftwareAuthenticator>;
