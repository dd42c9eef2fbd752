import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { isIP } from 'node:net';
import { assert } from '../../kernel/assert.ts';
import { bits, integer, list, object, octets, set, tagged, text, time, yes } from './der.ts';

/** A certificate and its private key, both as PEM. */
export type KeyedCertificate = { readonly certificatePem: string; readonly keyPem: string };

const MS_A_DAY = 86_400_000;
/** Devices and nodes whose clocks are a little behind must believe a certificate that is new. */
const CLOCKS_APART_MS = 3_600_000;
const AUTHORITY_DAYS = 3_650;
/** What browsers accept at most of a server. */
const SERVER_DAYS = 397;

const ECDSA_WITH_SHA256 = list(object('1.2.840.10045.4.3.2'));
const COMMON_NAME = object('2.5.4.3');
const SERVER_AUTH = object('1.3.6.1.5.5.7.3.1');

const nameOf = (words: string): Buffer => list(set(list(COMMON_NAME, text(words))));

const extension = (id: string, value: Buffer, isCritical = false): Buffer =>
  list(object(id), ...(isCritical ? [yes] : []), octets(value));

const keyIdOf = (key: KeyObject): Buffer =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
    .subarray(0, 20);

function addressBytes(address: string): Buffer {
  assert(isIP(address) === 4, `an address of version 4, not ${address}`);
  return Buffer.from(address.split('.').map(Number));
}

const alternativeName = (name: string): Buffer =>
  isIP(name) === 0 ? tagged(0x82, Buffer.from(name, 'latin1')) : tagged(0x87, addressBytes(name));

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

type Form = {
  readonly subject: string;
  readonly key: KeyObject;
  readonly issuer: { readonly name: string; readonly key: KeyObject };
  readonly nowMs: number;
  readonly days: number;
  readonly extensions: readonly Buffer[];
};

/** A certificate of version 3 by RFC 5280. */
function certify({ subject, key, issuer, nowMs, days, extensions }: Form): string {
  const body = list(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    ECDSA_WITH_SHA256,
    nameOf(issuer.name),
    list(time(nowMs - CLOCKS_APART_MS), time(nowMs + days * MS_A_DAY)),
    nameOf(subject),
    key.export({ type: 'spki', format: 'der' }),
    tagged(
      0xa3,
      list(
        ...extensions,
        extension('2.5.29.14', octets(keyIdOf(key))),
        extension('2.5.29.35', list(tagged(0x80, keyIdOf(createPublicKey(issuer.key))))),
      ),
    ),
  );
  return pemOf(list(body, ECDSA_WITH_SHA256, bits(sign('sha256', body, issuer.key))));
}

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const keyPemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** The chain's own authority, good for ten years; it signs servers and nothing below itself. */
export function makeAuthority(name: string, nowMs: number): KeyedCertificate {
  const { publicKey, privateKey } = newKey();
  const certificatePem = certify({
    subject: name,
    key: publicKey,
    issuer: { name, key: privateKey },
    nowMs,
    days: AUTHORITY_DAYS,
    extensions: [
      extension('2.5.29.19', list(yes, integer(Buffer.from([0]))), true),
      // Signs certificates and lists of revoked ones.
      extension('2.5.29.15', bits(Buffer.from([0x06]), 1), true),
    ],
  });
  return { certificatePem, keyPem: keyPemOf(privateKey) };
}

/**
 * A certificate of a server, good for 397 days.
 * @param names DNS names or IPv4 addresses by which it is reached, at least one
 * @throws when the authority is none that `makeAuthority` made, or has ended.
 */
export function issueServerCertificate(
  authority: KeyedCertificate,
  names: readonly string[],
  nowMs: number,
): KeyedCertificate {
  const issuer = new X509Certificate(authority.certificatePem);
  const [, name = ''] = /^CN=(.+)$/.exec(issuer.subject) ?? [];
  assert(issuer.ca && name !== '', 'not an authority of this program');
  assert(nowMs < Date.parse(issuer.validTo), 'the authority has ended');
  const { publicKey, privateKey } = newKey();
  const [subject = ''] = names;
  const certificatePem = certify({
    subject,
    key: publicKey,
    issuer: { name, key: createPrivateKey(authority.keyPem) },
    nowMs,
    days: SERVER_DAYS,
    extensions: [
      extension('2.5.29.19', list(), true),
      // Signs handshakes.
      extension('2.5.29.15', bits(Buffer.from([0x80]), 7), true),
      extension('2.5.29.37', list(SERVER_AUTH)),
      extension('2.5.29.17', list(...names.map(alternativeName))),
    ],
  });
  return { certificatePem, keyPem: keyPemOf(privateKey) };
}
