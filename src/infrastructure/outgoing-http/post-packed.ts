import { JSON_TYPE, PACKED_TYPE, packJson, unpackJson } from '../http/packed-json.ts';
import type { HttpFetch } from './http-fetch.ts';

/** What became of a message to a node of ours. */
export type PackedAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly value: unknown }
  /** No whole answer that could be read: whether the message arrived is not known. */
  | { readonly kind: 'failed'; readonly reason: string };

export type PostPacked = (
  path: string,
  body: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<PackedAnswer>;

export type PackedLimits = { readonly timeoutMs: number; readonly mostBytes: number };

/** Reads no more of a body than may be. */
async function boundedBytes(response: Response, mostBytes: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    const chunk: unknown = part;
    if (!(chunk instanceof Uint8Array) || length + chunk.length > mostBytes) return null;
    length += chunk.length;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Posts JSON to one node, packed when it is large, and reads JSON back. Redirects are not followed. Never throws. */
export const createPostPacked =
  (http: HttpFetch, baseUrl: string, { timeoutMs, mostBytes }: PackedLimits): PostPacked =>
  async (path, body, headers = {}) => {
    try {
      const { contentType, bytes } = await packJson(JSON.stringify(body));
      const response = await http(`${baseUrl}${path}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': contentType, accept: `${PACKED_TYPE}, ${JSON_TYPE}` },
        body: new Uint8Array(bytes),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const read = await boundedBytes(response, mostBytes);
      if (read === null) return { kind: 'failed', reason: 'the answer is too large' };
      const type = response.headers.get('content-type') ?? '';
      const unpacked = await unpackJson({ contentType: type, bytes: read }, mostBytes);
      if (unpacked.kind === 'value') return { kind: 'answered', status: response.status, value: unpacked.value };
      const reason = unpacked.kind === 'malformed' ? `status ${response.status}: ${unpacked.detail}` : unpacked.kind;
      return { kind: 'failed', reason };
    } catch (error) {
      return { kind: 'failed', reason: reasonOf(error) };
    }
  };

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null;
  return code ?? error.message;
}
