import { assert } from '../../../kernel/assert.ts';
import { isUuid } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { addDays, epochDay, MS_A_DAY, type LocalDate } from '../../../kernel/time.ts';
import { fromBase64url, toBase64url } from './base64url.ts';

/** What an admission code says, enough to let a party in where there is no network. */
export type AdmissionClaims = {
  readonly ticketId: string;
  /** Slug of the park, at most 50 characters. */
  readonly parkId: string;
  readonly visitDate: LocalDate;
  /** 1 to 255. */
  readonly partySize: number;
  /** First and last moment of entry, ms since 1970. A code says them in whole minutes, rounded outwards. */
  readonly validFromMs: number;
  readonly validUntilMs: number;
};

/** A code that is well-formed; only its signature can make it true. */
export type ParsedCode = {
  readonly claims: AdmissionClaims;
  /** Eight hexadecimal digits. */
  readonly keyId: string;
  /** The bytes that the signature covers. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
};

export type CodeFault = { readonly code: 'malformed' } | { readonly code: 'unknown_version' };

/*
 * Version 1, numbers big-endian:
 *   0  version        1 byte
 *   1  key id         4
 *   5  ticket id      16
 *  21  visit date     2   days since 1970
 *  23  party size     1
 *  24  valid from     2   signed minutes since the visit date began in UTC
 *  26  valid until    2   the same
 *  28  park           1 to 50, ASCII, up to the signature
 *  -64 signature      64  Ed25519 over the domain tag and all bytes before it
 */
const VERSION = 1;
const KEY_ID_AT = 1;
const TICKET_AT = 5;
const DATE_AT = 21;
const PARTY_AT = 23;
const FROM_AT = 24;
const UNTIL_AT = 26;
const PARK_AT = 28;
const PARK_LIMIT = 50;
const SIGNATURE_BYTES = 64;
const MS_A_MINUTE = 60_000;

/** The key signs nothing else, and should it ever, no signature can be taken for one of a code. */
const DOMAIN_TAG = new TextEncoder().encode('skypark/admission-code/');
const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const KEY_ID = /^[0-9a-f]{8}$/;

/** Fewer characters cannot be an admission code. */
export const SHORTEST_CODE = Math.ceil(((PARK_AT + 1 + SIGNATURE_BYTES) * 4) / 3);

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, index) => Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16));

function uuidOf(bytes: Uint8Array): string {
  const hex = hexOf(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function withTag(body: Uint8Array): Uint8Array {
  const tagged = new Uint8Array(DOMAIN_TAG.length + body.length);
  tagged.set(DOMAIN_TAG);
  tagged.set(body, DOMAIN_TAG.length);
  return tagged;
}

function encodeBody(claims: AdmissionClaims, keyId: string): Uint8Array {
  const { ticketId, parkId, visitDate, partySize, validFromMs, validUntilMs } = claims;
  const day = epochDay(visitDate);
  const from = Math.floor((validFromMs - day * MS_A_DAY) / MS_A_MINUTE);
  const until = Math.ceil((validUntilMs - day * MS_A_DAY) / MS_A_MINUTE);
  assert(isUuid(ticketId) && KEY_ID.test(keyId), 'an admission code needs a ticket id and a key id');
  assert(SLUG.test(parkId) && parkId.length <= PARK_LIMIT, `not the slug of a park: ${parkId}`);
  assert(Number.isInteger(partySize) && partySize >= 1 && partySize <= 255, `not a party: ${partySize}`);
  assert(day >= 0 && day <= 0xffff, `no admission code for ${visitDate}`);
  assert(from >= -0x8000 && from <= until && until <= 0x7fff, `not valid around ${visitDate}`);
  const body = new Uint8Array(PARK_AT + parkId.length);
  const view = new DataView(body.buffer);
  view.setUint8(0, VERSION);
  body.set(bytesOf(keyId), KEY_ID_AT);
  body.set(bytesOf(ticketId.replaceAll('-', '')), TICKET_AT);
  view.setUint16(DATE_AT, day);
  view.setUint8(PARTY_AT, partySize);
  view.setInt16(FROM_AT, from);
  view.setInt16(UNTIL_AT, until);
  body.set(new TextEncoder().encode(parkId), PARK_AT);
  return body;
}

/**
 * Writes a code in the base64url alphabet: 135 characters for a park like `ala-archa`, 160 for a slug of 28 characters, 190
 * for the longest slug.
 * @param sign signs with the key that `keyId` names; answers 64 bytes.
 */
export function writeAdmissionCode(
  claims: AdmissionClaims,
  keyId: string,
  sign: (bytes: Uint8Array) => Uint8Array,
): string {
  const body = encodeBody(claims, keyId);
  const signature = sign(withTag(body));
  assert(signature.length === SIGNATURE_BYTES, `a signature of ${signature.length} bytes`);
  const whole = new Uint8Array(body.length + SIGNATURE_BYTES);
  whole.set(body);
  whole.set(signature, body.length);
  return toBase64url(whole);
}

function decodeClaims(body: Uint8Array): AdmissionClaims | null {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const day = view.getUint16(DATE_AT);
  const from = view.getInt16(FROM_AT);
  const until = view.getInt16(UNTIL_AT);
  const claims: AdmissionClaims = {
    ticketId: uuidOf(body.subarray(TICKET_AT, DATE_AT)),
    parkId: String.fromCharCode(...body.subarray(PARK_AT)),
    visitDate: addDays('1970-01-01', day),
    partySize: view.getUint8(PARTY_AT),
    validFromMs: day * MS_A_DAY + from * MS_A_MINUTE,
    validUntilMs: day * MS_A_DAY + until * MS_A_MINUTE,
  };
  const wellFormed = isUuid(claims.ticketId) && SLUG.test(claims.parkId) && claims.partySize >= 1 && from <= until;
  return wellFormed ? claims : null;
}

/** Reads a code strictly: there is exactly one way to write it, and anything else is a fault. Believes no signature. */
export function parseAdmissionCode(text: string): Result<ParsedCode, CodeFault> {
  const bytes = fromBase64url(text);
  if (bytes === null || bytes[0] === undefined) return refuse({ code: 'malformed' });
  if (bytes[0] !== VERSION) return refuse({ code: 'unknown_version' });
  const parkLength = bytes.length - SIGNATURE_BYTES - PARK_AT;
  if (parkLength < 1 || parkLength > PARK_LIMIT) return refuse({ code: 'malformed' });
  const body = bytes.subarray(0, -SIGNATURE_BYTES);
  const claims = decodeClaims(body);
  if (claims === null) return refuse({ code: 'malformed' });
  const keyId = hexOf(body.subarray(KEY_ID_AT, TICKET_AT));
  return ok({ claims, keyId, signed: withTag(body), signature: bytes.subarray(-SIGNATURE_BYTES) });
}
