import { parsePersonName } from '../../../kernel/person-name.ts';
import { toBase64url } from './base64url.ts';

/** A decision that a gate device made alone, as its own log keeps it. */
export type LogEntry = {
  /** From 1, without gaps. */
  readonly seq: number;
  readonly scanId: string;
  readonly code: string;
  readonly direction: 'in' | 'out';
  /** How many the device let pass. */
  readonly people: number;
  /** By the clock of the device. */
  readonly saidAtMs: number;
  readonly gate: string;
};

/** Most people that one scan may let pass. */
export const MOST_PEOPLE = 100;
/** Most characters of a gate's name. */
export const LONGEST_GATE = 50;

/** The name of a gate as it is kept, by the rules of people's names; null when no node would take it. */
export function readGateName(text: string): string | null {
  const name = parsePersonName(text);
  return name === null || [...name].length > LONGEST_GATE ? null : name;
}

/** SHA-256, of whoever has one. */
export type Digest = (bytes: Uint8Array) => Promise<Uint8Array>;

/** What the first entry of a log hangs on: 32 zero bytes. */
export const LOG_START = toBase64url(new Uint8Array(32));

/** A list has one spelling in JSON, so nothing has to be sorted or escaped by agreement. */
const tagged = (tag: string, words: readonly (string | number)[]): Uint8Array =>
  new TextEncoder().encode(`${tag}\n${JSON.stringify(words)}`);

/**
 * The link of an entry: the SHA-256, as base64url, of what it says, whose it is and the link before it.
 * @param previousLink of the entry before, or `LOG_START`
 */
export async function linkOf(
  deviceId: string,
  previousLink: string,
  { seq, scanId, code, direction, people, saidAtMs, gate }: LogEntry,
  digest: Digest,
): Promise<string> {
  const words = [deviceId, previousLink, seq, scanId, code, direction, people, saidAtMs, gate];
  return toBase64url(await digest(tagged('skypark/device-log-entry/1', words)));
}

/** The links of entries that follow one another. */
export async function linksOf(
  deviceId: string,
  previousLink: string,
  entries: readonly LogEntry[],
  digest: Digest,
): Promise<readonly string[]> {
  const links: string[] = [];
  for (const entry of entries) links.push(await linkOf(deviceId, links.at(-1) ?? previousLink, entry, digest));
  return links;
}

/** A part of a log on its way to the node. Its last link stands for all of its entries. */
export type BatchHead = {
  readonly deviceId: string;
  readonly first: number;
  readonly previousLink: string;
  readonly lastLink: string;
};

/** What the device signs of a batch. */
export const batchBytes = ({ deviceId, first, previousLink, lastLink }: BatchHead): Uint8Array =>
  tagged('skypark/device-log-batch/1', [deviceId, first, previousLink, lastLink]);
