import { MS_A_DAY, type LocalDate } from '../../../kernel/time.ts';
import { parseSignedWords, signWords, type SignedWords } from './signed-words.ts';

type Signer = Parameters<typeof signWords>[2];

/** How long a certificate is good: longer than a usual cut, short enough that a lost device is soon nobody. */
export const CERTIFICATE_MS = 3 * MS_A_DAY;

/** That a key is the one of a device at a park, for some days. */
export type DeviceCertificate = {
  readonly deviceId: string;
  readonly parkId: string;
  /** The 32 bytes of the device's Ed25519 key, as base64url. */
  readonly key: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
};

/** How many people a device may let in alone on a day of its park, in each hour of its clock. */
export type Allowance = {
  readonly deviceId: string;
  readonly parkId: string;
  readonly date: LocalDate;
  /** So many without a mark. */
  readonly greenPerHour: number;
  /** So many more that are marked; beyond them the device lets nobody in. */
  readonly amberPerHour: number;
  /** First and last moment at which it holds. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
};

export const writeCertificate = (certificate: DeviceCertificate, signer: Signer): string =>
  signWords('device-certificate', certificate, signer);

export const writeAllowance = (allowance: Allowance, signer: Signer): string =>
  signWords('device-allowance', allowance, signer);

type Parsed<Claims> = Omit<SignedWords, 'words'> & { readonly claims: Claims };

/** What a certificate says; null for anything else. Believes no signature. */
export function parseCertificate(text: string): Parsed<DeviceCertificate> | null {
  const parsed = parseSignedWords('device-certificate', text);
  if (parsed === null) return null;
  const { words, ...rest } = parsed;
  const { deviceId, parkId, key, notBeforeMs, notAfterMs } = words;
  if (typeof deviceId !== 'string' || typeof parkId !== 'string' || typeof key !== 'string') return null;
  if (typeof notBeforeMs !== 'number' || typeof notAfterMs !== 'number') return null;
  return { ...rest, claims: { deviceId, parkId, key, notBeforeMs, notAfterMs } };
}

/** What an allowance says; null for anything else. Believes no signature. */
export function parseAllowance(text: string): Parsed<Allowance> | null {
  const parsed = parseSignedWords('device-allowance', text);
  if (parsed === null) return null;
  const { words, ...rest } = parsed;
  const { deviceId, parkId, date, greenPerHour, amberPerHour, notBeforeMs, notAfterMs } = words;
  if (typeof deviceId !== 'string' || typeof parkId !== 'string' || typeof date !== 'string') return null;
  if (typeof greenPerHour !== 'number' || typeof amberPerHour !== 'number') return null;
  if (typeof notBeforeMs !== 'number' || typeof notAfterMs !== 'number') return null;
  return { ...rest, claims: { deviceId, parkId, date, greenPerHour, amberPerHour, notBeforeMs, notAfterMs } };
}
