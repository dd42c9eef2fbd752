/** The few forms of DER (ITU-T X.690) that a certificate is made of. */
const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  object: 0x06,
  text: 0x0c,
  shortTime: 0x17,
  time: 0x18,
  list: 0x30,
  set: 0x31,
} as const;

function lengthOf(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size]);
  const bytes = Buffer.from(size.toString(16).padStart(size > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

/** A value under any tag, of at most 65 535 bytes. */
export function tagged(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

export const list = (...items: readonly Buffer[]): Buffer => tagged(TAG.list, ...items);
export const set = (...items: readonly Buffer[]): Buffer => tagged(TAG.set, ...items);
export const yes = tagged(TAG.boolean, Buffer.from([0xff]));
export const octets = (bytes: Buffer): Buffer => tagged(TAG.octets, bytes);
export const text = (words: string): Buffer => tagged(TAG.text, Buffer.from(words, 'utf8'));

/** @param unused how many of the last bits mean nothing */
export const bits = (bytes: Buffer, unused = 0): Buffer => tagged(TAG.bits, Buffer.from([unused]), bytes);

/** A whole number from 0 on, big-endian in the shortest form. */
export function integer(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const short = start === -1 ? Buffer.from([0]) : bytes.subarray(start);
  const isNegative = ((short[0] ?? 0) & 0x80) !== 0;
  return tagged(TAG.integer, isNegative ? Buffer.concat([Buffer.from([0]), short]) : short);
}

/** @param dotted such as `2.5.29.17` */
export function object(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const groups = [40 * first + second, ...rest].flatMap((part) => {
    const sevens = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) sevens.unshift((left & 0x7f) | 0x80);
    return sevens;
  });
  return tagged(TAG.object, Buffer.from(groups));
}

/** A moment, in whole seconds. Below 2050 certificates must say years in two digits (RFC 5280, 4.1.2.5). */
export function time(instantMs: number): Buffer {
  const moment = new Date(instantMs);
  const digits = moment.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  const isEarly = moment.getUTCFullYear() < 2050;
  return tagged(isEarly ? TAG.shortTime : TAG.time, Buffer.from(isEarly ? digits.slice(2) : digits, 'latin1'));
}
