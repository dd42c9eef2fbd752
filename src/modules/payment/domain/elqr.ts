import type { Result } from '../../../kernel/result.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import { MAX_VALUE_LENGTH, readTlv, writeTlv } from './elqr-tlv.ts';
import type { TlvElement } from './elqr-tlv.ts';

/**
 * The national QR code of Kyrgyzstan for payments (ELQR, National Bank rules of 11 December 2019, format 1.3.1 as banks
 * emit it). Looks like EMVCo's code and differs where it hurts: the amount (54) is an integer in tyiyn, the checksum (63)
 * is the last four hex digits of SHA-256 over everything before it, and lengths count UTF-16 units. The checksum has no
 * key: it guards against damage, never against fraud, so a code is no evidence that anybody paid.
 */
export type ElqrCode = {
  /** `dynamic` codes are for one payment, `static` ones for many. */
  readonly kind: 'static' | 'dynamic';
  readonly service: ElqrService;
  readonly merchant: { readonly id?: string; readonly serviceName?: string };
  readonly comment?: string;
  /** Further fields that the payer's application shows or hides. */
  readonly extras: readonly ElqrExtra[];
  /** Merchant category code, four digits. */
  readonly categoryCode: string;
  /** Absent: the payer types the amount. Above zero in a dynamic code. At most 13 digits. */
  readonly amountTyiyn?: bigint;
  /** Name of the provider as shown to the payer, 1 to 25 characters. */
  readonly providerName: string;
};

/** Texts of 1 to 32 characters; `code` here or `merchant.id` must be there. */
export type ElqrService = {
  readonly providerId: string;
  readonly code?: string;
  readonly recipientId?: string;
  readonly transactionId?: string;
  readonly amountEditable: boolean;
  readonly recipientEditable: boolean;
};

/** No part contains a colon. */
export type ElqrExtra = {
  readonly key: string;
  readonly label: string;
  readonly value: string;
  readonly title: string;
  readonly visible: boolean;
};

export type ElqrRefusal = {
  readonly code: 'elqr_malformed' | 'elqr_checksum' | 'elqr_field';
  /** For `elqr_field` the path of the bad field, such as `32/00`. */
  readonly field?: string;
};

/** Lower-case hex SHA-256 of a text's UTF-8 bytes. */
export type Sha256Hex = (text: string) => string;

const EXTRA_IDS = ['35', '36', '37', '38', '39'] as const;
const SINGLE_IDS = ['00', '01', '32', '33', '34', '52', '53', '54', '59'] as const;
const CHECKSUM = /^[0-9a-f]{4}$/i;
const SURROGATE = /[\uD800-\uDFFF]/;
const DIGITS = /^\d{1,13}$/;
const FOUR_DIGITS = /^\d{4}$/;
const LINK = /^https?:/i;
const YES = '11';
const NO = '12';
const SOM = '417';

const bad = (field: string) => refuse<ElqrRefusal>({ code: 'elqr_field', field });
const tailOf = (body: string, sha256Hex: Sha256Hex): string => sha256Hex(body).slice(-4);

/** The TLV text of a code with its checksum. Refuses fields that are too long, empty, or beyond the basic plane. */
export function buildElqr(code: ElqrCode, sha256Hex: Sha256Hex): Result<string, ElqrRefusal> {
  const field = firstBadField(code);
  if (field !== null) return bad(field);
  const service = serviceText(code.service);
  if (service.length > MAX_VALUE_LENGTH) return bad('32');
  const merchant = writeTlv('00', code.merchant.id) + writeTlv('01', code.merchant.serviceName);
  const extras = extrasText(code.extras);
  if (extras === null) return bad('35');
  const body =
    writeTlv('00', '01') +
    writeTlv('01', code.kind === 'static' ? YES : NO) +
    writeTlv('32', service) +
    writeTlv('33', merchant === '' ? undefined : merchant) +
    writeTlv('34', code.comment) +
    extras +
    writeTlv('52', code.categoryCode) +
    writeTlv('53', SOM) +
    writeTlv('54', code.amountTyiyn?.toString()) +
    writeTlv('59', code.providerName);
  return ok(body + writeTlv('63', tailOf(body, sha256Hex)));
}

/** A link as banks' applications open it: `router` is an address without a fragment. */
export const elqrLink = (router: string, tlv: string): string => `${router}#${encodeURIComponent(tlv)}`;

/** Reads a link or a bare TLV text. Succeeds only when the checksum fits and every field obeys the format. */
export function parseElqr(text: string, sha256Hex: Sha256Hex): Result<ElqrCode, ElqrRefusal> {
  let wellFormed = false;
  for (const candidate of decodings(text)) {
    const elements = SURROGATE.test(candidate) ? null : readTlv(candidate);
    const tail = elements?.at(-1);
    if (elements === null || tail?.id !== '63' || !CHECKSUM.test(tail.value)) continue;
    wellFormed = true;
    if (tail.value.toLowerCase() === tailOf(candidate.slice(0, tail.start), sha256Hex))
      return codeOf(elements.slice(0, -1));
  }
  return refuse({ code: wellFormed ? 'elqr_checksum' : 'elqr_malformed' });
}

/** Whether the checksum of a link or a bare TLV text fits and its fields obey the format. */
export const verifyElqr = (text: string, sha256Hex: Sha256Hex): boolean => parseElqr(text, sha256Hex).ok;

/**
 * The texts that a link may stand for, the likeliest first. Most banks percent-encode, some form-encode (`+` is a space)
 * and some paste the text as it is; only the checksum tells which, and as it has 16 bits, one wrong reading in 65,536 fits
 * it too. The order makes what {@link buildElqr} and both ways of encoding produce read back exactly: an encoder leaves
 * no `+` that means itself in a link, and a text without an address was not encoded.
 */
function decodings(text: string): readonly string[] {
  const fragment = text.slice(text.indexOf('#') + 1);
  const decoded = [percentDecode(fragment.replaceAll('+', ' ')), percentDecode(fragment), fragment];
  const readings = LINK.test(text) ? [...decoded, text] : [text, ...decoded];
  return [...new Set(readings.filter((reading) => reading !== null))];
}

function percentDecode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function codeOf(elements: readonly TlvElement[]): Result<ElqrCode, ElqrRefusal> {
  const repeated = SINGLE_IDS.find((id) => elements.filter((element) => element.id === id).length > 1);
  if (repeated !== undefined) return bad(repeated);
  const value = valuesOf(elements);
  const service = readTlv(value('32') ?? '');
  const merchant = readTlv(value('33') ?? '');
  const extras = extrasOf(elements);
  if (service === null || merchant === null) return bad(service === null ? '32' : '33');
  if (extras === null) return bad('35');
  if (value('00') !== '01') return bad('00');
  if (value('53') !== SOM) return bad('53');
  const kind = value('01');
  if (kind !== YES && kind !== NO) return bad('01');
  const amount = value('54');
  if (amount !== undefined && !DIGITS.test(amount)) return bad('54');
  const comment = value('34');
  const code: ElqrCode = {
    kind: kind === YES ? 'static' : 'dynamic',
    service: serviceOf(valuesOf(service)),
    merchant: merchantOf(valuesOf(merchant)),
    ...(comment !== undefined && { comment }),
    extras,
    categoryCode: value('52') ?? '',
    ...(amount !== undefined && { amountTyiyn: BigInt(amount) }),
    providerName: value('59') ?? '',
  };
  const field = firstBadField(code);
  return field === null ? ok(code) : bad(field);
}

type ValueOf = (id: string) => string | undefined;

/** An empty value counts as absent. */
const valuesOf =
  (elements: readonly TlvElement[]): ValueOf =>
  (id) =>
    elements.find((element) => element.id === id)?.value || undefined;

function serviceOf(value: ValueOf): ElqrService {
  const [code, recipientId, transactionId] = [value('01'), value('10'), value('11')];
  return {
    providerId: value('00') ?? '',
    ...(code !== undefined && { code }),
    ...(recipientId !== undefined && { recipientId }),
    ...(transactionId !== undefined && { transactionId }),
    amountEditable: value('12') !== NO,
    recipientEditable: value('13') !== NO,
  };
}

function merchantOf(value: ValueOf): ElqrCode['merchant'] {
  const [id, serviceName] = [value('00'), value('01')];
  return { ...(id !== undefined && { id }), ...(serviceName !== undefined && { serviceName }) };
}

/** Editable is the default of the format, so only a "no" is written. */
function serviceText(service: ElqrService): string {
  return (
    writeTlv('00', service.providerId) +
    writeTlv('01', service.code) +
    writeTlv('10', service.recipientId) +
    writeTlv('11', service.transactionId) +
    writeTlv('12', service.amountEditable ? undefined : NO) +
    writeTlv('13', service.recipientEditable ? undefined : NO)
  );
}

/** Fills templates 35 to 39 in order; null when the fields do not fit or a part has a colon. */
function extrasText(extras: readonly ElqrExtra[]): string | null {
  const templates: string[] = [];
  let position = 0;
  for (const { key, label, value, title, visible } of extras) {
    const parts = [key, label, value, title];
    if (parts.some((part) => part.includes(':') || SURROGATE.test(part))) return null;
    const text = [...parts, visible ? YES : NO].join(':');
    const last = templates.at(-1);
    const fits = last !== undefined && last.length + text.length + 4 <= MAX_VALUE_LENGTH;
    position = fits ? position + 1 : 0;
    const element = writeTlv(String(position).padStart(2, '0'), text);
    if (element.length > MAX_VALUE_LENGTH) return null;
    if (fits) templates[templates.length - 1] = last + element;
    else templates.push(element);
  }
  if (templates.length > EXTRA_IDS.length) return null;
  return templates.map((template, index) => writeTlv(EXTRA_IDS[index] ?? '', template)).join('');
}

function extrasOf(elements: readonly TlvElement[]): readonly ElqrExtra[] | null {
  const extras: ElqrExtra[] = [];
  for (const template of elements.filter((element) => EXTRA_IDS.some((id) => id === element.id))) {
    const fields = readTlv(template.value);
    if (fields === null) return null;
    for (const field of fields) {
      const [key, label, value, title, visible, ...more] = field.value.split(':');
      if (key === undefined || label === undefined || value === undefined || title === undefined) return null;
      if ((visible !== YES && visible !== NO) || more.length > 0) return null;
      extras.push({ key, label, value, title, visible: visible === YES });
    }
  }
  return extras;
}

/** The rules that hold for a code whether it was read or is about to be written. */
function firstBadField(code: ElqrCode): string | null {
  const { service, merchant } = code;
  const texts: readonly [field: string, text: string | undefined, longest: number][] = [
    ['32/00', service.providerId, 32],
    ['32/01', service.code, 32],
    ['32/10', service.recipientId, 32],
    ['32/11', service.transactionId, 32],
    ['33/00', merchant.id, 32],
    ['33/01', merchant.serviceName, 32],
    ['34', code.comment, 32],
    ['59', code.providerName, 25],
  ];
  for (const [field, text, longest] of texts) {
    if (text !== undefined && (text === '' || text.length > longest || SURROGATE.test(text))) return field;
  }
  if (service.code === undefined && merchant.id === undefined) return '32/01';
  if (!FOUR_DIGITS.test(code.categoryCode)) return '52';
  if (code.amountTyiyn !== undefined) {
    if (!DIGITS.test(code.amountTyiyn.toString())) return '54';
    if (code.kind === 'dynamic' && code.amountTyiyn === 0n) return '54';
  }
  return null;
}
