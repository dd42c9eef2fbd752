/** `fetch` or a function that behaves like it. */
export type HttpFetch = (url: string, init: RequestInit) => Promise<Response>;

const LONGEST_ANSWER_BYTES = 65_536;

/** The body of an answer; null when it is longer than an answer can sensibly be. */
export async function boundedText(response: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    const chunk: unknown = part;
    // Leaving the loop cancels the stream, so a flood costs no more than this.
    if (!(chunk instanceof Uint8Array) || length + chunk.length > LONGEST_ANSWER_BYTES) return null;
    length += chunk.length;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const NEVER_LEFT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Whether no connection was made, so that the provider cannot have heard of what was asked. */
export function neverLeft(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && NEVER_LEFT.some((code) => code === cause.code);
}

/** The address of a payer's page; null unless it is a web page, over TLS wherever the API itself is. */
export function pageOf(address: string, baseUrl: string): string | null {
  if (!URL.canParse(address)) return null;
  const page = new URL(address);
  page.hash = '';
  const secure = page.protocol === 'https:' || (page.protocol === 'http:' && baseUrl.startsWith('http:'));
  return secure ? page.href : null;
}
