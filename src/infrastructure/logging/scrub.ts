/** What stands in a log where something personal or secret stood. */
export const CENSORED = '[redacted]';

/** Names of fields whose value never reaches a log, compared without case, `_` and `-`. */
const SECRET_NAMES = new Set(
  (
    'authorization cookie setcookie password currentpassword newpassword passwordhash secret token accesstoken refreshtoken resettoken idtoken jwt ' +
    'apikey privatekey signature code qrcode admissioncode otp pin csrf xcsrftoken phone phonenumber msisdn email mail name names firstname lastname ' +
    'childname fullname guestname birthdate dateofbirth birthday children childrendata child photo address clientaddress ip remoteaddress body rawbody ' +
    'params query parameters idempotencykey url originalurl href'
  ).split(' '),
);

const PATTERNS: readonly RegExp[] = [
  // Bearer and Basic credentials, and anything shaped like a signed token.
  /\b(?:bearer|basic)\s+[\w\-.~+/=]+/gi,
  /\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g,
  // Credentials in a connection address.
  /(?<=:\/\/)[^\s/@]*:[^\s/@]*@/g,
  // Phones: international, or Kyrgyz ones with or without the country code.
  /\+\d[\d\s()-]{7,18}\d/g,
  /(?<![\w.-])(?:996|0)[\s-]?\d{3}[\s-]?\d{2,3}[\s-]?\d{2,4}(?![\w-])/g,
  // Looked for at the beginning of a word only: a long text is read once, not from each of its characters on.
  /(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
];

/** What every pattern needs to match, or nothing: most texts are let through by these two quick looks. */
const SUSPICIOUS = /[@+]|eyJ|:\/\/|(?:bearer|basic)\s|\d[\s-]?\d{2}/i;
const PLAIN_ID = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32})$/;

/** A text without tokens, phones and e-mail addresses. */
export function scrubText(text: string): string {
  if (!SUSPICIOUS.test(text) || PLAIN_ID.test(text)) return text;
  let clean = text;
  for (const pattern of PATTERNS) clean = clean.replace(pattern, CENSORED);
  return clean;
}

const judgedNames = new Map<string, boolean>();
const MAX_JUDGED_NAMES = 2_000;

/** Whether a field of this name is secret. Names repeat from line to line, so the answers are kept. */
function isSecretName(name: string): boolean {
  const known = judgedNames.get(name);
  if (known !== undefined) return known;
  const secret = SECRET_NAMES.has(name.toLowerCase().replaceAll(/[_-]/g, ''));
  if (judgedNames.size < MAX_JUDGED_NAMES) judgedNames.set(name, secret);
  return secret;
}

const MAX_DEPTH = 6;

function scrubError(error: Error, depth: number): Record<string, unknown> {
  const code: unknown = Reflect.get(error, 'code');
  return {
    type: error.name,
    message: scrubText(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: scrubText(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: scrubValue(error.cause, depth + 1) }),
  };
}

/**
 * A value as it may be logged: fields with secret names are censored at any depth, texts lose what looks like a token, a
 * phone or an address, errors keep type, code, message and stack only (a database error quotes whole rows in `detail`).
 */
export function scrubValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return scrubText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return '[deep]';
  if (value instanceof Error) return scrubError(value, depth);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return '[bytes]';
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => scrubValue(item, depth + 1));
  return scrubFields(value, depth);
}

function scrubFields(record: object, depth: number): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) {
    clean[name] = value !== null && value !== undefined && isSecretName(name) ? CENSORED : scrubValue(value, depth + 1);
  }
  return clean;
}

/** The fields of a log line as they may be logged. */
export const scrubLine = (line: Record<string, unknown>): Record<string, unknown> => scrubFields(line, 0);
